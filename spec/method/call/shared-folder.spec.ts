import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { runChild, unprivileged, type ChildOptions, type Told } from '../../support/analyses/analysis-job.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A group, and two users of it that have each a group of their own; none of them needs to be known to the system. */
const group = 64_210;
const [alice, bob] = [64_211, 64_212];
const main = fileURLToPath(import.meta.resolve('#lib/cli/main.js'));
const calls = ['array', 'small', 'blob', 'later', 'big'];

/** The system's temporary folder, where nobody else's folder is trusted, is not where the specs have theirs. */
const elsewhere = { TMPDIR: '/nowhere', NODE_V8_COVERAGE: '' };

/** Runs as a user of the group, who lets nobody else read what she makes. */
function flagsOf(user: number): string[] {
  const become = `process.umask(0o077); process.setgroups([${group}]); process.setgid(${user}); process.setuid(${user});`;
  return ['--import', `data:text/javascript,${encodeURIComponent(become)}`];
}

describe('a folder that a group shares', function () {
  let tmpdir: string;
  let tagged: string;

  before(function () {
    // Only root can become other users.
    if (process.getuid?.() !== 0) {
      console.warn('SKIPPED: a folder that a group shares: only root can become other users');
      this.skip();
    }
  });

  for (const permissions of [0o2770, 0o770, 0o2775]) {
    describe(`with the permissions ${permissions.toString(8)}`, () => {
      beforeEach(function () {
        unprivileged(this);
        const folder = temporaryFolder();
        chmodSync(folder, 0o755);
        tmpdir = join(folder, 'shared');
        tagged = join(tmpdir, 'cachet');
        mkdirSync(tmpdir);
        chownSync(tmpdir, 0, group);
        chmodSync(tmpdir, 0o2770);
        // Made by hand, as by a command line whose user has configured nothing.
        mkdirSync(tagged);
        chownSync(tagged, alice, group);
        chmodSync(tagged, permissions);
      });

      /** The work of one user, after which everything there is the group's. */
      function runAs(user: number, ...names: string[]): Told {
        const options: ChildOptions = { flags: flagsOf(user), env: elsewhere };
        const told = runChild({ tmpdir, tag: 't', calls: names }, options);
        expect(told.events.filter(({ type }) => type === 'fault')).to.deep.equal([]);
        expectShared();
        return told;
      }

      function expectShared(): void {
        for (const name of readdirSync(tagged, { recursive: true, encoding: 'utf8' })) {
          const { mode, gid } = lstatSync(join(tagged, name));
          const its = (mode & 0o7777).toString(8);
          expect(`${name} ${its} ${gid}`).to.equal(`${name} ${(permissions & 0o666).toString(8)} ${group}`);
        }
      }

      it('has one user compute, and the other find it', () => {
        expect(runAs(alice, ...calls).ran).to.deep.equal(calls);
        expect(runAs(bob, ...calls).ran).to.deep.equal([]);
      });

      it('has records that are stamped anew by one user, and found by the other', () => {
        runAs(alice, ...calls);
        for (const name of readdirSync(tagged)) utimesSync(join(tagged, name), 1, 1);
        expect(runAs(bob, ...calls).ran).to.deep.equal([]);
        expect(
          lstatSync(join(tagged, 'root.Analysis.array.json')).uid,
          'the record is of the one who stamped it',
        ).to.equal(bob);
        expect(runAs(alice, ...calls).ran).to.deep.equal([]);
      });

      it('has results that one user invalidates, and computes, and the other finds', () => {
        runAs(alice, ...calls);
        expect(runAs(bob, '!invalidate').ran).to.deep.equal([]);
        expect(runAs(alice, 'array').ran).to.deep.equal(['array']);
        expect(runAs(bob, ...calls).ran).to.deep.equal(['small', 'blob', 'later', 'big']);
        expect(runAs(alice, ...calls).ran).to.deep.equal([]);
      });

      it('has claims that the other can read', () => {
        const [claims] = runAs(alice, 'claims').values as [string[]];
        expect(claims.map((claim) => claim.replace(/^.* (\d+ \d+)$/, '$1'))).to.deep.equal([
          `${(permissions & 0o666).toString(8)} ${group}`,
        ]);
      });

      it('has entries that the command line of one user prunes, and the other computes again', () => {
        runAs(alice, ...calls);
        const { status, stderr } = spawnSync(process.execPath, [...flagsOf(bob), main, 'prune', 't', '--yes'], {
          encoding: 'utf8',
          env: { ...elsewhere, STOWAGE_TMPDIR: tmpdir },
          cwd: '/',
        });
        expect(status, stderr).to.equal(0);
        expectShared();
        expect(runAs(alice, ...calls).ran).to.deep.equal(calls.filter((name) => name !== 'small'));
        expect(runAs(bob, ...calls).ran).to.deep.equal([]);
      });
    });
  }

  it('stays private where strangers share it: each may only remove what is his own', function () {
    unprivileged(this);
    const folder = temporaryFolder();
    const strangers = join(folder, 'cachet');
    chmodSync(folder, 0o755);
    mkdirSync(strangers);
    chmodSync(strangers, 0o1777);
    const options: ChildOptions = { flags: flagsOf(alice), env: elsewhere };
    expect(runChild({ tmpdir: folder, tag: 't', calls }, options).ran).to.deep.equal(calls);
    const modes = readdirSync(strangers).map((name) => (lstatSync(join(strangers, name)).mode & 0o7777).toString(8));
    expect([...new Set(modes)]).to.deep.equal(['600']);
  });
});
