import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { temporaryFolder } from '../../support/temporary-folder.js';

const program = `
import { defaultTmpdir } from ${JSON.stringify(import.meta.resolve('#lib/store/disk/default-tmpdir.js'))};
process.setuid?.(Number(process.argv[1]));
process.stdout.write(defaultTmpdir());`;

/** What a process answers that works in a folder. */
function defaultOf(cwd: string, env: Record<string, string>, uid = process.getuid?.() ?? 0): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program, String(uid)], {
    cwd,
    // Another user cannot write where coverage is collected, and would say so.
    env: { PATH: process.env.PATH, NODE_V8_COVERAGE: '', ...env },
    encoding: 'utf8',
  });
  expect(stderr).to.equal('');
  return stdout;
}

/** A folder with a file in it. */
function folderWith(path: string, mark: string): string {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, mark), '{}');
  return path;
}

describe('the folder of tags where none is named', () => {
  let home: string;
  let projects: string;
  let project: string;
  beforeEach(() => {
    home = realpathSync(temporaryFolder());
    projects = realpathSync(temporaryFolder());
    project = folderWith(join(projects, 'night'), 'package.json');
  });

  it("is the project's own, in the user's cache folder", () => {
    const found = defaultOf(project, { HOME: home });
    const cache = process.platform === 'darwin' ? join('Library', 'Caches') : '.cache';
    expect(dirname(found)).to.equal(join(home, cache, 'stowage'));
    expect(basename(found)).to.match(/^night-[0-9a-f]{8}$/);
  });

  it('is where XDG_CACHE_HOME says', () => {
    expect(defaultOf(project, { HOME: home, XDG_CACHE_HOME: join(home, 'x') })).to.contain(join(home, 'x', 'stowage'));
  });

  it('is not where a relative XDG_CACHE_HOME says', () => {
    expect(defaultOf(project, { HOME: home, XDG_CACHE_HOME: 'x' })).to.equal(defaultOf(project, { HOME: home }));
  });

  it('is one for all folders of a project, however they are reached', () => {
    mkdirSync(join(project, 'src', 'deep'), { recursive: true });
    symlinkSync(project, join(projects, 'link'));
    const found = defaultOf(project, { HOME: home });
    expect(defaultOf(join(project, 'src', 'deep'), { HOME: home })).to.equal(found);
    expect(defaultOf(join(projects, 'link', 'src'), { HOME: home })).to.equal(found);
  });

  it('is another for another project of the same name', () => {
    const other = folderWith(join(projects, 'copies', 'night'), 'package.json');
    expect(defaultOf(other, { HOME: home })).to.not.equal(defaultOf(project, { HOME: home }));
  });

  for (const mark of ['deno.json', 'node_modules', '.git']) {
    it(`knows a project by its ${mark}`, () => {
      const found = defaultOf(folderWith(join(projects, 'other'), mark), { HOME: home });
      expect(basename(found)).to.match(/^other-[0-9a-f]{8}$/);
    });
  }

  it('needs no quotes in a shell, whatever the project is called', () => {
    const found = defaultOf(folderWith(join(projects, 'Nächte; $(rm)'), 'package.json'), { HOME: home });
    expect(basename(found)).to.match(/^N_chte____rm_-[0-9a-f]{8}$/);
  });

  it('is one for all who work in no project', () => {
    const found = defaultOf(projects, { HOME: home });
    expect(basename(found)).to.equal('no-project');
    expect(defaultOf(temporaryFolder(), { HOME: home })).to.equal(found);
  });

  it('takes the home folder for no project, whatever lies in it', () => {
    writeFileSync(join(home, 'package.json'), '{}');
    mkdirSync(join(home, 'data'));
    expect(basename(defaultOf(join(home, 'data'), { HOME: home }))).to.equal('no-project');
  });

  it('takes the temporary folder for no project, whatever lies in it', () => {
    const env = { HOME: home, TMPDIR: folderWith(join(projects, 'tmp'), 'package.json') };
    mkdirSync(join(env.TMPDIR, 'data'));
    expect(basename(defaultOf(join(env.TMPDIR, 'data'), env))).to.equal('no-project');
  });

  it("is the user's own in the temporary folder, for one without a home", function () {
    if (process.getuid?.() !== 0) {
      console.warn('!!! SKIPPED: only root can become a user without a home folder');
      return this.skip();
    }
    chmodSync(home, 0o700);
    const found = defaultOf('/', { HOME: home, TMPDIR: projects }, 65_534);
    expect(found).to.equal(join(projects, 'stowage-of-65534', 'stowage', 'no-project'));
  });

  it('is what STOWAGE_TMPDIR says, first of all', () => {
    expect(defaultOf(project, { HOME: home, STOWAGE_TMPDIR: 'results' })).to.equal(join(project, 'results'));
  });

  it("is the system's temporary folder by one word", () => {
    const env = { HOME: home, TMPDIR: projects, STOWAGE_TMPDIR: 'temporary' };
    expect(defaultOf(project, env)).to.equal(projects);
  });

  it('is a folder of that name by its path', () => {
    const env = { HOME: home, TMPDIR: projects, STOWAGE_TMPDIR: './temporary' };
    expect(defaultOf(project, env)).to.equal(join(project, 'temporary'));
  });
});
