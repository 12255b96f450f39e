import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { openBackend } from '#lib/remote/backend/open-backend.js';
import { checkRemote } from '#lib/remote/contract/remote-options.js';
import { signerOf } from '#lib/remote/contract/signature.js';
import { survey } from '#lib/remote/work/survey.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MOVER = join(import.meta.dirname, '../support/children/remote-mover.js');

interface Moved {
  ran?: number;
  pulled?: number;
  present?: number;
}

/** Runs a mover to its end, or kills it after some milliseconds. */
async function move(args: string[], killAfter?: number): Promise<Moved> {
  const child = spawn(process.execPath, ['--no-warnings', MOVER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  clearTimeout(timer);
  return killAfter === undefined ? (JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Moved) : {};
}

describe('a remote that is used for long', () => {
  it('holds what thirty writers pushed at once, whichever of them were killed', async () => {
    const share = temporaryFolder();
    const url = `file://${share}`;
    const options = { key: 'a secret of enough letters' };
    const json = JSON.stringify(options);
    for (let round = 0; round < 20; round++) {
      const tag = `round${String(round)}`;
      await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          move(['use', temporaryFolder(), url, json, '50', tag], i % 3 === 0 ? undefined : 300 + Math.random() * 3000),
        ),
      );
      const settings = checkRemote(url, options, 'soak');
      const report = await survey(openBackend(settings), signerOf(settings.key), { data: true, before: 0 });
      expect(report.refused).to.deep.equal([]);
      expect(report.records).to.equal(50 * (round + 1));
      expect(await move(['use', temporaryFolder(), url, json, '50', tag])).to.deep.equal({ ran: 0 });
    }
  });

  it('moves ten thousand results from one folder to another, where nothing is computed', async () => {
    const [there, here] = [temporaryFolder(), temporaryFolder()];
    const args = [`file://${temporaryFolder()}`, '{}', '10000'];
    await move(['compute', there, ...args]);
    await move(['push', there, ...args]);
    expect(await move(['pull', here, ...args])).to.include({ pulled: 10_000, present: 0 });
    expect(await move(['use', here, ...args])).to.deep.equal({ ran: 0 });
  });
});
