import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runChild } from '../../support/analyses/analysis-job.js';
import { installedNodes } from '../../support/children/nodes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const calls = ['array', 'small', 'blob', 'later', 'big'];

/** The flags under which a program reads everything, writes where it is allowed to, and loads no native module. */
function permissionFlags(major: number, ...writable: string[]): string[] {
  const flag = major === 20 ? '--experimental-permission' : '--permission';
  return ['--no-warnings', flag, '--allow-fs-read=*', ...writable.map((folder) => `--allow-fs-write=${folder}`)];
}

describe('under the permission model of Node', () => {
  for (const { major, program } of installedNodes()) {
    it(`results are stored and found, by Node ${major}`, () => {
      const tmpdir = temporaryFolder();
      const options = { program, flags: permissionFlags(major, join(tmpdir, '*')) };
      const first = runChild({ tmpdir, tag: 't', calls }, options);
      expect(first.ran).to.deep.equal(calls);
      expect(first.events.filter(({ type }) => type === 'fault')).to.deep.equal([]);
      const files = readdirSync(join(tmpdir, 'cachet')).sort();
      expect(runChild({ tmpdir, tag: 't', calls }, options).ran).to.deep.equal([]);
      expect(runChild({ tmpdir, tag: 't', calls }).ran, 'by a process that may do everything').to.deep.equal([]);
      expect(readdirSync(join(tmpdir, 'cachet')).sort(), 'nothing was stored again, nothing left behind').to.deep.equal(
        files,
      );
      const invalidated = runChild({ tmpdir, tag: 't', calls: ['!invalidate', 'array', '!clear', 'small'] }, options);
      expect(invalidated.ran, JSON.stringify(invalidated.values)).to.deep.equal(['array', 'small']);
      expect(invalidated.events.filter(({ type }) => type === 'fault')).to.deep.equal([]);
    });

    it(`what is missing is named where nothing may be written, by Node ${major}`, () => {
      const tmpdir = temporaryFolder();
      const told = runChild({ tmpdir, tag: 't', calls: ['array'] }, { program, flags: permissionFlags(major) });
      expect(told.ran).to.deep.equal(['array']);
      expect(told.events.map(({ type, reason }) => [type, reason])).to.deep.include(['fault', 'ERR_ACCESS_DENIED']);
      const message = told.events.find(({ type }) => type === 'fault')?.error?.message;
      expect(message)
        .to.contain('FileSystemWrite')
        .and.to.contain(join(tmpdir, 'cachet'))
        .and.to.contain('--allow-fs-write');
    });
  }
});
