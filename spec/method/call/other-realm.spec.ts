import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { installedNodes } from '../../support/children/nodes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const runner = fileURLToPath(new URL('../../support/children/realm.js', import.meta.url));
const job = new URL('../../support/children/realm-job.js', import.meta.url).href;

interface Told {
  ran: string[];
  told: string[];
  different: string[];
}

const once = [
  'number',
  'array',
  'plain',
  'held',
  'later',
  'of [object Map]',
  'of [object Set]',
  'of [object Date]',
  'of [object Float32Array]',
  'of [object Object]',
  'of [object Array]',
  'of [object Uint8Array]',
  'of [object RegExp]',
  'count',
  'count',
];

describe('in a realm of its own, as under Jest', () => {
  for (const { major, program } of installedNodes()) {
    it(`everything is stored once and comes back as it was, on Node ${major}`, () => {
      const folder = temporaryFolder();
      const ask = (): Told => {
        const flags = ['--experimental-vm-modules', '--no-warnings'];
        const { stdout, stderr } = spawnSync(program, [...flags, runner, job, folder], { encoding: 'utf8' });
        expect(stdout, stderr).not.to.equal('');
        return JSON.parse(stdout) as Told;
      };
      expect(ask()).to.deep.equal({ ran: once, told: [], different: [] });
      expect(ask(), 'by another process').to.deep.equal({ ran: [], told: [], different: [] });
    });
  }
});
