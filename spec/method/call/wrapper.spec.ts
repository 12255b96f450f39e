import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, dependsOnFile, events, revalidate } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran: string[] = [];

class Low {
  constructor(private readonly file: string) {}

  @cacheOnDisk
  level(n: number): number {
    ran.push('level');
    return n + Number(readFileSync(dependsOnFile(this.file), 'utf8'));
  }
}

class Night {
  readonly low: Low;

  constructor(file: string) {
    this.low = new Low(file);
  }

  @cacheOnDisk
  total(n: number): number {
    ran.push('total');
    return 2 * this.low.level(n);
  }
}

describe('a hit inside another cached method', () => {
  it('is not taken for the result that has left memory, so that what is made of it is stored', () => {
    const folder = temporaryFolder();
    const file = join(temporaryFolder(), 'level.txt');
    const today = (): Night => tagIn(folder, new Night(file));
    writeFileSync(file, '3');
    const night = today();
    night.total(0);
    writeFileSync(file, '5');
    revalidate(night);
    night.low.level(0);
    ran = [];
    expect(night.total(0)).to.equal(10);
    expect(today().total(0)).to.equal(10);
    expect(ran).to.deep.equal(['total']);
  });
});

function written(...args: unknown[]): string {
  return args.map((arg) => (Object.is(arg, -0) ? '-0' : String(arg))).join();
}

class Bands {
  ran = 0;

  @cacheOnDisk
  four(a: number, b: number | string, c: boolean | number, d: number): string {
    this.ran++;
    return written(a, b, c, d);
  }

  @cacheOnDisk
  three(a: number, b: number | string, c: boolean | number): string {
    this.ran++;
    return written(a, b, c);
  }
}

describe('a hit by arguments', () => {
  const sets: [number, number | string, boolean | number][] = [
    [1, 'K', true],
    [1, 'K', false],
    [1, 'J', true],
    [2, 'K', true],
    [0, 0, 0],
    [0, 0, -0],
    [0, -0, 0],
    [-0, 0, 0],
    [3, NaN, 1],
    [3, 1, NaN],
    [NaN, 1, 1],
    [1, '1', 1],
    [1, 1, 1],
  ];

  it('tells every argument apart, whichever came first', () => {
    for (const order of [sets, [...sets].reverse()]) {
      const bands = tagIn(temporaryFolder(), new Bands());
      for (let round = 0; round < 4; round++)
        for (const [a, b, c] of order) {
          expect(bands.three(a, b, c)).to.equal(written(a, b, c));
          expect(bands.four(a, b, c, 1)).to.equal(written(a, b, c, 1));
        }
      expect(bands.ran).to.equal(2 * sets.length);
    }
  });

  it('is heard of by a listener that comes when hits are handed out at once', () => {
    const bands = tagIn(temporaryFolder(), new Bands());
    for (let i = 0; i < 3; i++) bands.three(1, 2, 3);
    let heard = 0;
    const listener = (): void => {
      heard++;
    };
    events.on('hit', listener);
    try {
      bands.three(1, 2, 3);
    } finally {
      events.off('hit', listener);
    }
    expect(heard).to.equal(1);
  });
});
