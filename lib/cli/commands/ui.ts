/** `stowage ui`: a page to look at what is stored, live. */
import { resolve } from 'node:path';
import { userPath } from '../../base/files/user-path.js';
import { isErrno } from '../../base/files/files.js';
import { openBrowser } from '../../ui/server/open-browser.js';
import { serve } from '../../ui/server/serve.js';
import { tagFolders } from '../choose/tag-folder.js';
import type { Work } from '../terminal/command.js';
import { CommandError } from '../terminal/errors.js';
import { EXIT_CODE } from '../terminal/exit-code.js';

interface Options {
  port?: number;
  open: boolean;
}

export const work: Work<Options> = async ([text], { port = 0, open }, { terminal, tmpdir, prefix }) => {
  const folder = text === undefined ? tmpdir : resolve(userPath(text) ?? text);
  // What is wrong is said before a browser opens.
  tagFolders(folder, prefix);
  let tidy = (): void => undefined;
  await terminal.io.interruptible(async (signal) => {
    try {
      await serve({
        folder,
        prefix,
        port,
        signal,
        onReady: (address) => {
          if (terminal.isJson) terminal.json({ folder, address });
          else terminal.line(`${folder} is shown at ${address} until Ctrl-C`);
          if (open) tidy = openBrowser(address);
        },
      });
    } catch (error) {
      if (!isErrno(error, 'EADDRINUSE') && !isErrno(error, 'EACCES')) throw error;
      throw new CommandError(`port ${port} cannot be used: name another with --port, or none`, { cause: error });
    } finally {
      tidy();
    }
  });
  return EXIT_CODE.fine;
};
