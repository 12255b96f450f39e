import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, record } from 'stowage';
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

  @cacheOnDisk
  async depthLater(levels: number): Promise<number> {
    return levels < 1 ? 0 : (await this.depthLater(levels - 1)) + 1;
  }
}

/** Claims that say of no owner that it has let go. */
function heldClaims(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.claim'))
    .filter(
      (file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { released?: boolean }).released !== true,
    );
}

describe('a recursion that overflows the stack', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
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

  it('leaves nothing that later calls of the function would meet', () => {
    const depth: (levels: number) => number = persist(
      (levels: number): number => (levels < 1 ? 0 : depth(levels - 1) + 1),
      {
        cache: join(folder, 'functions'),
        funcName: 'depth',
      },
    );
    expect(() => depth(20_000)).to.throw(RangeError);
    expect(heldClaims(folder)).to.deep.equal([]);
    expect([depth(20), depth(10)]).to.deep.equal([20, 10]);
  });
});
