/**
 * One computation, however many hosts ask for it: whoever computes has a claim, and the others wait for what comes of it. Where
 * claims cannot be asked for, each computes.
 */
import { elapsedSince, stopwatch } from '../../base/clock.js';
import { perform, type Flow, type Step } from '../../base/run/flow.js';
import { pause } from '../../base/run/pause.js';
import { settings } from '../../base/settings.js';
import type { Answers, Question } from '../../remote/thread/messages.js';
import type { Frame } from '../../trace/frame.js';
import type { MethodInfo } from '../state/method-info.js';
import type { Remote } from '../state/remotes.js';
import type { OneCall } from './one-call.js';

/** Seconds between two looks at whether another host is done: in the remote, and where claims are in Redis. */
const SHORTEST_PAUSE = 0.25;
const SHORTEST_IN_REDIS = 0.02;
const LONGEST_PAUSE = 10;

/** What computing took in this process, by method. */
const secondsTaken = new WeakMap<MethodInfo, number>();

export function noteSeconds(info: MethodInfo, seconds: number): void {
  secondsTaken.set(info, seconds);
}

/** The frames of what is computed here while other hosts wait for it. */
const computedHere = new Set<Frame>();

/** The right to compute, among hosts. */
export class HostClaim {
  constructor(
    readonly identity: string,
    private readonly remote: Remote,
    private readonly frame: Frame,
  ) {
    computedHere.add(frame);
  }

  /** Computing is over: what came of it is on its way, and the claim is let go of once it is there. */
  end(): void {
    computedHere.delete(this.frame);
  }

  /** Nothing came of it. */
  release(): void {
    this.end();
    release(this.remote, this.identity);
  }
}

function release({ thread, settings: { timeout } }: Remote, identity: string): void {
  // Others see for themselves when there is no sign of life any more.
  thread.tell({ ask: 'release', identity }, Date.now() + timeout * 1000);
}

/** What waiting needs. */
interface Waiting {
  call: OneCall;
  remote: Remote;
  /** Digest of the identity. */
  identity: string;
  /** What computing it took elsewhere. */
  seconds: number;
  ask: <Q extends Question>(question: Q) => Flow<Answers[Q['ask']]>;
  /** Has the result come? Then it lies here. */
  look: () => Flow<boolean>;
}

/** Claims the right to compute, or waits for another host that has it. */
export function* waitForHost(waiting: Waiting): Flow<{ isHere: boolean; claim?: HostClaim }> {
  const { call, remote, identity, ask, look } = waiting;
  if (!isClaimed(waiting)) return { isHere: false };
  const start = stopwatch();
  const shortest = remote.settings.claims === undefined ? SHORTEST_PAUSE : SHORTEST_IN_REDIS;
  for (
    let seconds = shortest;
    elapsedSince(start) < settings.claimWait;
    seconds = Math.min(seconds * 2, LONGEST_PAUSE)
  ) {
    const { isOurs, owner, mayBeThere } = yield* ask({ ask: 'claim', identity });
    let isHere: boolean | undefined;
    try {
      isHere = mayBeThere && (yield* look());
    } finally {
      if (isOurs && isHere !== false) release(remote, identity);
    }
    if (isHere) return { isHere };
    if (isOurs) return { isHere, claim: new HostClaim(identity, remote, call.frame) };
    if (seconds === shortest) call.say('wait', { reason: `computed by another host: ${owner}` });
    if (!(yield* perform(unlessOthersWait(seconds, call.frame)))) break;
  }
  return { isHere: false };
}

/** Is it known to take so long that hosts take turns? */
function isClaimed({ call, remote, seconds }: Waiting): boolean {
  const { claimAfter, mode } = remote.settings;
  const { seen, info, options } = call;
  const before = seen?.kind === 'entry' ? seen.record.seconds : 0;
  const known = Math.max(before, seconds, secondsTaken.get(info) ?? 0);
  return mode === 'read-write' && options.claim && known >= claimAfter;
}

/**
 * A pause. A thread that sleeps gets no further with what others wait for, unless that needs what it sleeps for anyway: then there
 * is none.
 */
function unlessOthersWait(seconds: number, frame: Frame): Step<boolean> {
  const { sync, async } = pause(seconds);
  return {
    sync: () => {
      const needing = new Set<Frame>();
      for (let each = frame.caller; each !== undefined; each = each.caller) needing.add(each);
      for (const each of computedHere) if (!needing.has(each)) return false;
      sync();
      return true;
    },
    async: async () => {
      await async();
      return true;
    },
  };
}
