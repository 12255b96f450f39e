/** `stowage push`: puts what is stored here into a remote. */
import { humanBytes } from '../../base/text/human.js';
import { pushFolder, type PushReport } from '../../remote/work/push-folder.js';
import { UsageError } from '../terminal/errors.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { moveFolders } from '../choose/move-folders.js';
import { remoteMeant } from '../choose/remote-meant.js';
import { pick } from '../choose/selection.js';
import type { Work } from '../terminal/command.js';

export const work: Work<{ remote?: string }> = async (texts, options, context) => {
  const { terminal } = context;
  const { settings, backend, signer } = remoteMeant(options, terminal);
  if (settings.mode === 'read')
    throw new UsageError('nothing can be pushed with a public key: STOWAGE_REMOTE_KEY must be one to sign with');
  const { folders, patterns } = pick(texts, context);
  const total: PushReport = { pushed: 0, present: 0, skipped: 0, bytes: 0 };
  const isInterrupted = await moveFolders('pushing', folders, patterns, terminal, async (folder, moving) => {
    const report = await pushFolder(folder.path, backend, signer, moving);
    for (const name of Object.keys(total) as (keyof PushReport)[]) total[name] += report[name];
  });
  const { pushed, present, skipped, bytes } = total;
  if (terminal.isJson) terminal.json({ remote: settings.url, ...total });
  else
    terminal.line(
      `${String(pushed)} pushed to ${settings.url}, ${humanBytes(bytes)}; ${String(present)} were there already, ${String(skipped)} skipped`,
    );
  return isInterrupted ? EXIT_CODE.interrupted : EXIT_CODE.fine;
};
