/** `stowage pull`: takes from a remote what is not stored here. */
import { refuseIfReadonly } from '../../base/settings.js';
import { humanBytes } from '../../base/text/human.js';
import { tagPrefix } from '../../remote/contract/layout.js';
import { pullFolder, type PullReport } from '../../remote/work/pull-folder.js';
import { moveFolders } from '../choose/move-folders.js';
import { remoteMeant } from '../choose/remote-meant.js';
import { pickRemote } from '../choose/remote-tags.js';
import type { Work } from '../terminal/command.js';
import { EXIT_CODE } from '../terminal/exit-code.js';

export const work: Work<{ remote?: string }> = async (texts, options, context) => {
  const { terminal, tmpdir } = context;
  const { settings, backend, signer } = remoteMeant(options, terminal);
  refuseIfReadonly('stowage pull');
  const { folders, patterns } = await pickRemote(texts, backend, context);
  const total: PullReport = { pulled: 0, present: 0, skipped: 0, refused: [], bytes: 0 };
  const isInterrupted = await moveFolders('pulling', folders, patterns, terminal, async (folder, moving) => {
    const place = { tmpdir, folder: folder.path, prefix: tagPrefix(folder) };
    const { refused, ...counts } = await pullFolder(place, backend, signer, moving);
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) total[name] += counts[name];
    total.refused.push(...refused);
  });
  const { pulled, present, skipped, refused, bytes } = total;
  if (terminal.isJson) terminal.json({ remote: settings.url, ...total });
  else {
    for (const { url, reason } of refused) terminal.note(`refused ${url}: ${reason}`);
    terminal.line(
      `${String(pulled)} pulled from ${settings.url}, ${humanBytes(bytes)}; ${String(present)} were here already, ` +
        `${String(skipped)} skipped, ${String(refused.length)} refused`,
    );
  }
  if (isInterrupted) return EXIT_CODE.interrupted;
  return refused.length === 0 ? EXIT_CODE.fine : EXIT_CODE.found;
};
