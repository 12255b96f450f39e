import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, record } from 'stowage';
import { isStackOverflow } from '#lib/base/run/stack-overflow.js';
import { inFlight, unfinished } from '#lib/trace/frame.js';
import { persist } from 'stowage/memo';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Recursion {
  runs = 0;

  @cacheOnDisk({ durable: false })
  depth(levels: number): number {
    this.runs++;
    return levels < 1 ? 0 : this.depth(levels - 1) + 1;
  }

  @cacheOnDisk({ durable: false })
  guarded(): number {
    try {
      return this.depth(20_000);
    } catch {
      return -1;
    }
  }

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
    if (roomFor(40)) this.reachedAt = n;
    return this.twice(n);
  }

  reachedAt = -1;

  @cacheOnDisk
  async depthLater(levels: number): Promise<number> {
    return levels < 1 ? 0 : (await this.depthLater(levels - 1)) + 1;
  }
}

/** Calls from so many frames further down. */
function below(levels: number, call: () => number): number {
  return levels < 1 ? call() : below(levels - 1, call) + 0;
}

function roomFor(levels: number): boolean {
  return levels < 1 || roomFor(levels - 1);
}

/**
 * Probes around the depth at which the stack ends, wherever that is by now: frames get smaller once they are compiled.
 * @param probe says whether there was room at that depth, and whether the stack ended where that is meant
 */
function probeTheEnd(probe: (n: number, depth: number) => { fits: boolean; isMeant: boolean }): void {
  let depth = 1000;
  try {
    for (;;) depth = below(depth + 50, () => depth + 50);
  } catch {
    depth -= 650;
  }
  let found = 0;
  let step = 1;
  let last = true;
  for (let n = 0; found < 60 && n < 6000; n++) {
    const { fits, isMeant } = probe(n, depth);
    if (isMeant) found++;
    // The way to an end that has moved far is made in longer steps.
    step = fits === last && !isMeant ? Math.min(2 * step, 1000) : 1;
    last = fits;
    depth = Math.max(1, depth + (fits ? step : -3 * step));
  }
  // A busy machine compiles late, and the end moves for long.
  expect(found, 'probes that ended as is meant').to.be.above(0);
}

function heldClaims(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.claim'));
}

describe('a recursion that overflows the stack', function () {
  // While code is being compiled, the end of the stack may move away from every probe.
  this.retries(3);
  let folder: string;
  const { stackTraceLimit } = Error;
  beforeEach(() => {
    folder = temporaryFolder();
    // Thousands of errors are made, and the stack of each would be looked up in source maps.
    Error.stackTraceLimit = 0;
  });
  afterEach(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  it('leaves nothing that later calls of the method would meet', async () => {
    const recursion = tagIn(folder, new Recursion());
    expect(() => recursion.depth(20_000)).to.throw(RangeError);
    expect(heldClaims(folder)).to.deep.equal([]);
    expect(recursion.depth(20)).to.equal(20);
    expect(recursion.depth(10)).to.equal(10);
    expect(await recursion.depthLater(10)).to.equal(10);
    const again = tagIn(folder, new Recursion());
    expect(again.depth(20)).to.equal(20);
    expect(again.runs).to.equal(0);
  });

  it('leaves no result of a caller that catches its error: it depends on how deep that was', () => {
    const recursion = tagIn(folder, new Recursion());
    expect(recursion.guarded()).to.equal(-1);
    expect(record(recursion, 'guarded')).to.equal(undefined);
  });

  it('leaves nothing that later calls would meet, wherever on the way of a call the stack ends', () => {
    const recursion = tagIn(folder, new Recursion());
    probeTheEnd((n, depth) => {
      let isCutOff = false;
      try {
        below(depth, () => recursion.twice(n));
      } catch (error) {
        isCutOff = true;
        expect(isStackOverflow(error), String(error)).to.equal(true);
      }
      expect({ inFlight: inFlight.count, unfinished: unfinished.size }).to.deep.equal({ inFlight: 0, unfinished: 0 });
      expect(recursion.twice(n)).to.equal(2 * n);
      return { fits: !isCutOff, isMeant: isCutOff };
    });
    expect(heldClaims(folder)).to.deep.equal([]);
  });

  it('leaves no result of a caller that catches its error, wherever on the way of a call the stack ends', () => {
    const recursion = tagIn(folder, new Recursion());
    probeTheEnd((n, depth) => {
      const value = recursion.caught(n, depth);
      const isMeant = value === -1 && recursion.reachedAt === n;
      if (isMeant) expect(record(recursion, 'caught', n, depth), String(depth)).to.equal(undefined);
      expect(recursion.twice(n)).to.equal(2 * n);
      return { fits: isMeant || value !== -1, isMeant };
    });
    expect(heldClaims(folder)).to.deep.equal([]);
  });

  it('leaves nothing that later calls of the function would meet', () => {
    const depth: (levels: number) => number = persist(
      (levels: number): number => (levels < 1 ? 0 : depth(levels - 1) + 1),
      {
        cache: join(folder, 'functions'),
        name: 'depth',
      },
    );
    expect(() => depth(20_000)).to.throw(RangeError);
    expect(heldClaims(folder)).to.deep.equal([]);
    expect(depth(20)).to.equal(20);
    expect(depth(10)).to.equal(10);
  });
});
