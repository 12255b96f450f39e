/**
 * Ends the stack at every depth on the way of a call, and prints what was found as JSON. Started by Node with
 * {@link stackFlags}: frames are of one size as long as no code is compiled, so that the end of the stack stays where it is,
 * on a busy machine too. Its arguments are a folder and the name of a probe.
 */
import { cacheOnDisk, events, record, setTag, setTmpdir } from 'stowage';
import { isStackOverflow } from '#lib/base/run/stack-overflow.js';
import { inFlight, unfinished } from '#lib/trace/frame.js';

/** What keeps the frames as the interpreter makes them. */
export const stackFlags: readonly string[] = ['--no-opt', '--no-sparkplug', '--no-maglev'];

/** What one end of the stack left: nothing is what is meant. */
export interface Found {
  /** How often the stack ended within a call of the cache. */
  ends: number;
  /** What was wrong, each with its depth. */
  wrong: string[];
}

class Recursion {
  @cacheOnDisk({ durable: false })
  twice(n: number): number {
    return 2 * n;
  }

  @cacheOnDisk({ durable: false })
  caught(n: number, levels: number): number {
    try {
      return below(levels, () => this.beforeCall(n));
    } catch {
      return -1;
    }
  }

  /** Room for what stands between the caller and the cache's own first line, which nothing of the cache can see. */
  beforeCall(n: number): number {
    if (roomFor(10)) this.reachedAt = n;
    return this.twice(n);
  }

  reachedAt = -1;
}

/** Calls from so many frames further down. */
function below(levels: number, call: () => number): number {
  return levels < 1 ? call() : below(levels - 1, call) + 0;
}

function roomFor(levels: number): boolean {
  return levels < 1 || roomFor(levels - 1);
}

/** A call at a depth, each time with another argument: whether the stack ended in it, and what is wrong then. */
type Probe = (recursion: Recursion, n: number, depth: number) => { isCutOff: boolean; wrong: string[] };

const probes: Readonly<Record<string, Probe>> = {
  'a call': (recursion, n, depth) => {
    const wrong: string[] = [];
    let isCutOff = false;
    try {
      below(depth, () => recursion.beforeCall(n));
    } catch (error) {
      isCutOff = true;
      if (!isStackOverflow(error)) wrong.push(String(error));
    }
    if (inFlight.count > 0 || unfinished.size > 0)
      wrong.push(`${inFlight.count} in flight, ${unfinished.size} unfinished`);
    return { isCutOff, wrong };
  },
  'a caller that catches the error': (recursion, n, depth) => {
    const value = recursion.caught(n, depth);
    const isCutOff = value === -1;
    const isStored = isCutOff && recursion.reachedAt === n && record(recursion, 'caught', n, depth) !== undefined;
    return { isCutOff, wrong: isStored ? ['stored'] : [] };
  },
};

function probeTheEnd(folder: string, probe: Probe): Found {
  const recursion = new Recursion();
  setTmpdir(recursion, folder);
  setTag(recursion, 'night');
  const found: Found = { ends: 0, wrong: [] };
  // Besides the end of the stack itself: Node's own functions stop in the middle as well, and leave their state so.
  events.on('fault', ({ error }) => {
    if (!isStackOverflow(error)) found.wrong.push(String(error));
  });
  let n = 0;
  const isCutOffAt = (depth: number): boolean => {
    const { isCutOff, wrong } = probe(recursion, ++n, depth);
    found.wrong.push(...wrong.map((what) => `at depth ${depth}: ${what}`));
    // What an overflow has made the cache forget is known again before the next probe, which so takes the same way.
    const value = recursion.twice(n);
    if (value !== 2 * n) found.wrong.push(`after depth ${depth}: ${value} instead of ${2 * n}`);
    return isCutOff;
  };
  // The first search loads and compiles what is not yet, which needs room of its own.
  let deepest = 0;
  for (let search = 0; search < 3; search++) deepest = deepestThatFits((depth) => !isCutOffAt(depth));
  for (let depth = deepest - 20; depth < deepest + 80; depth++) {
    if (isCutOffAt(depth) && recursion.reachedAt === n) found.ends++;
  }
  return found;
}

/** The greatest depth from which a call returns what it should. */
function deepestThatFits(fits: (depth: number) => boolean): number {
  let [low, high] = [0, 100_000];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

const [, , folder = '', name = ''] = process.argv;
const probe = probes[name];
if (folder !== '' && probe !== undefined) {
  // Thousands of errors are made, and the stack of each would be looked up in source maps.
  Error.stackTraceLimit = 0;
  console.log(JSON.stringify(probeTheEnd(folder, probe)));
}
