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

/** Depths up to those at which nothing is left of the stack. */
function lastDepths(): number[] {
  let deepest = 1000;
  try {
    for (;;) deepest = below(deepest + 50, () => deepest + 50);
  } catch {
    return Array.from({ length: 350 }, (_, i) => deepest - 650 + 2 * i);
  }
}

function heldClaims(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.claim'));
}

describe('a recursion that overflows the stack', () => {
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
    expect([recursion.depth(20), recursion.depth(10), await recursion.depthLater(10)]).to.deep.equal([20, 10, 10]);
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
    let overflows = 0;
    for (const depth of lastDepths()) {
      try {
        below(depth, () => recursion.twice(depth));
      } catch (error) {
        overflows++;
        expect(isStackOverflow(error), String(error)).to.equal(true);
      }
      expect({ inFlight: inFlight.count, unfinished: unfinished.size }).to.deep.equal({ inFlight: 0, unfinished: 0 });
      expect(recursion.twice(depth)).to.equal(2 * depth);
    }
    expect(overflows).to.be.above(0);
    expect(heldClaims(folder)).to.deep.equal([]);
  });

  it('leaves no result of a caller that catches its error, wherever on the way of a call the stack ends', () => {
    const recursion = tagIn(folder, new Recursion());
    let overflows = 0;
    for (const depth of lastDepths()) {
      if (recursion.caught(depth, depth) === -1 && recursion.reachedAt === depth) {
        overflows++;
        expect(record(recursion, 'caught', depth, depth), String(depth)).to.equal(undefined);
      }
      expect(recursion.twice(depth)).to.equal(2 * depth);
    }
    expect(overflows).to.be.above(0);
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
    expect([depth(20), depth(10)]).to.deep.equal([20, 10]);
  });
});
