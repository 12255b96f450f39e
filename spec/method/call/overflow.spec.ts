import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { cacheOnDisk, record } from 'stowage';
import { persist } from 'stowage/memo';
import { tagIn } from '../../support/analyses/analysis.js';
import { stackFlags, type Found } from '../../support/children/overflow-probe.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const program = fileURLToPath(new URL('../../support/children/overflow-probe.js', import.meta.url));

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

  @cacheOnDisk
  async depthLater(levels: number): Promise<number> {
    return levels < 1 ? 0 : (await this.depthLater(levels - 1)) + 1;
  }
}

/** Ends the stack everywhere on the way of a call, in a process whose frames are of one size. */
function probe(folder: string, name: string): Found {
  const told = execFileSync(process.execPath, [...stackFlags, program, folder, name], { encoding: 'utf8' });
  return JSON.parse(told) as Found;
}

function heldClaims(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.claim'));
}

describe('a recursion that overflows the stack', () => {
  let folder: string;
  const { stackTraceLimit } = Error;
  beforeEach(() => {
    folder = temporaryFolder();
    // The stack of each error on the way up would be looked up in source maps.
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

  for (const [what, name] of [
    ['nothing that later calls would meet', 'a call'],
    ['no result of a caller that catches its error', 'a caller that catches the error'],
  ] as const) {
    it(`leaves ${what}, wherever on the way of a call the stack ends`, () => {
      const found = probe(folder, name);
      expect(found.wrong).to.deep.equal([]);
      expect(found.ends, 'probes that ended as is meant').to.be.above(10);
      expect(heldClaims(folder)).to.deep.equal([]);
    });
  }

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
