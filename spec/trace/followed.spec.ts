import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryFolder } from '../support/temporary-folder.js';

/** The top is made of a middle, and that of something low: a parameter, a file, or what a program says has changed. */
const hierarchy = (folder: string): string => `
  import { cacheOnDisk, parameter, dependsOnFile, setTag, setTmpdir, revalidate, invalidate, clearCache } from 'stowage';
  import { readFileSync, writeFileSync } from 'node:fs';
  const folder = ${JSON.stringify(folder)};
  const cached = (Class, ...methods) => { for (const each of methods) cacheOnDisk(Class.prototype, each); };
  class Low {
    k = 1;
    gain() { return this.k; }
    content() { return Number(readFileSync(dependsOnFile(folder + '/declared'), 'utf8')); }
    unseen() { return Number(readFileSync(folder + '/unseen', 'utf8')); }
    static { parameter(this.prototype, 'k'); cached(this, 'gain', 'content', 'unseen'); }
  }
  class Middle {
    low = new Low();
    gain() { return this.low.gain() * 10; }
    content() { return this.low.content() * 10; }
    unseen() { return this.low.unseen() * 10; }
    static { cached(this, 'gain', 'content', 'unseen'); }
  }
  class Top {
    middle = new Middle();
    gain() { return this.middle.gain() + 1; }
    content() { return this.middle.content() + 1; }
    unseen() { return this.middle.unseen() + 1; }
    static { cached(this, 'gain', 'content', 'unseen'); }
  }
  const top = new Top();
  const { low } = top.middle;
  setTmpdir(top, folder + '/cache');
  setTag(top, 'night');
`;

describe('a result in memory whose upstream was followed on disk, and not loaded', () => {
  let folder: string;
  /** What a process of its own prints: links of earlier results in memory would hide what is missing. */
  const inProcess = (lines: string): unknown =>
    JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '--no-warnings', '-e', hierarchy(folder) + lines], {
        encoding: 'utf8',
        cwd: import.meta.dirname,
      }),
    );

  beforeEach(() => {
    folder = temporaryFolder();
    mkdirSync(join(folder, 'cache'));
    writeFileSync(join(folder, 'declared'), '1');
    writeFileSync(join(folder, 'unseen'), '1');
    inProcess('console.log(JSON.stringify([top.gain(), top.content(), top.unseen()]))');
  });

  const changes: [string, string][] = [
    ['gain', 'low.k = 5;'],
    ['content', 'low.content(); writeFileSync(folder + "/declared", "5"); revalidate(top);'],
    ['content', 'writeFileSync(folder + "/declared", "5"); revalidate(top);'],
    ['unseen', 'writeFileSync(folder + "/unseen", "5"); invalidate(low, "unseen");'],
    ['unseen', 'low.unseen(); writeFileSync(folder + "/unseen", "5"); invalidate(low, "unseen");'],
    ['unseen', 'writeFileSync(folder + "/unseen", "5"); invalidate(low);'],
    ['unseen', 'writeFileSync(folder + "/unseen", "5"); clearCache(low);'],
    ['unseen', 'writeFileSync(folder + "/unseen", "5"); clearCache(top.middle);'],
  ];
  for (const [method, change] of changes) {
    it(`hears of a change far below: ${change}`, () => {
      const before = `const before = top.${method}(); ${change}`;
      expect(inProcess(`${before} console.log(JSON.stringify([before, top.${method}()]))`)).to.deep.equal([11, 51]);
    });
  }
});
