import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, dependsOnFile, revalidate } from 'stowage';
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
