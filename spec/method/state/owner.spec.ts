import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { filesIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const stowage = pathToFileURL('build/lib/index.js').href;

/** Computes what a file beside it says. */
const program = `
import { cacheOnDisk, setTag } from '${stowage}';
import { readFileSync } from 'node:fs';
class Night {
  level() { process.stdout.write('ran '); return readFileSync(new URL('level.txt', import.meta.url), 'utf8'); }
  static { cacheOnDisk(this.prototype, 'level'); }
}
const night = new Night();
setTag(night, 'night');
process.stdout.write(night.level());
`;

describe('another program with a class of the same name', () => {
  let base: string;
  let tmpdir: string;

  const write = (folder: string, level: string, description?: object): void => {
    mkdirSync(join(base, folder), { recursive: true });
    writeFileSync(join(base, folder, 'level.txt'), level);
    writeFileSync(join(base, folder, 'main.mjs'), `${program}// ${level}`);
    if (description !== undefined) writeFileSync(join(base, folder, 'package.json'), JSON.stringify(description));
  };
  const run = (folder: string): string =>
    execFileSync(process.execPath, [join(base, folder, 'main.mjs')], {
      encoding: 'utf8',
      env: { ...process.env, STOWAGE_TMPDIR: tmpdir },
    });

  beforeEach(() => {
    base = temporaryFolder();
    tmpdir = temporaryFolder();
  });

  it('does not read its results, nor write over them', () => {
    write('one', '1', { name: 'one' });
    write('two', '2', { name: 'two' });
    expect(['one', 'two', 'one', 'two'].map(run)).to.deep.equal(['ran 1', 'ran 2', '1', '2']);
    expect(filesIn(tmpdir).filter((name) => name.includes('~'))).to.have.length(1);
  });

  it('is told by its script, where its package has no name or there is none', () => {
    write('one', '1');
    write('two', '2', { type: 'module' });
    expect(['one', 'two', 'one', 'two'].map(run)).to.deep.equal(['ran 1', 'ran 2', '1', '2']);
  });

  it('is none where the folder of a package is moved, or that of a script', () => {
    write('one', '1', { name: 'one' });
    expect(run('one')).to.equal('ran 1');
    renameSync(join(base, 'one'), join(base, 'moved'));
    expect(run('moved')).to.equal('1');
    tmpdir = temporaryFolder();
    write('alone', '3');
    expect(run('alone')).to.equal('ran 3');
    cpSync(join(base, 'alone'), join(base, 'elsewhere'), { recursive: true });
    expect(run('elsewhere')).to.equal('3');
  });
});
