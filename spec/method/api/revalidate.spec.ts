import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, configure, dependsOnFile, revalidate } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran: string[] = [];

class Dark {
  constructor(private readonly file: string) {}

  @cacheOnDisk
  level(): number {
    ran.push('level');
    return Number(readFileSync(dependsOnFile(this.file), 'utf8'));
  }

  @cacheOnDisk
  doubled(): number {
    ran.push('doubled');
    return 2 * this.level();
  }

  @cacheOnDisk
  pixels(): number {
    ran.push('pixels');
    return 64;
  }
}

describe('revalidate', () => {
  let file: string;
  let tmpdir: string;
  let dark: Dark;
  beforeEach(() => {
    ran = [];
    file = join(temporaryFolder(), 'dark.txt');
    writeFileSync(file, '3');
    tmpdir = temporaryFolder();
    dark = tagIn(tmpdir, new Dark(file));
  });
  afterEach(() => {
    configure({ readonly: false });
  });

  it('says how many results left memory, those that were made of a stale one among them', () => {
    dark.doubled();
    writeFileSync(file, '5');
    expect(revalidate(dark)).to.equal(2);
    expect(dark.doubled()).to.equal(10);
  });

  it('lets go of what was made of something and is stored nowhere, since nothing tells whether it still holds', () => {
    configure({ readonly: true });
    expect(dark.doubled()).to.equal(6);
    expect(dark.pixels()).to.equal(64);
    writeFileSync(file, '5');
    expect(revalidate(dark)).to.equal(2);
    expect(dark.doubled()).to.equal(10);
    expect(dark.pixels()).to.equal(64);
    expect(ran).to.deep.equal(['doubled', 'level', 'pixels', 'doubled', 'level']);
  });

  it('does so with what was stored and is gone from the disk', () => {
    dark.level();
    rmSync(tmpdir, { recursive: true });
    writeFileSync(file, '5');
    expect(revalidate(dark)).to.equal(1);
    expect(dark.level()).to.equal(5);
  });
});
