/** Folders of tags, one after the other, on their way to a remote or from there. */
import { entryStem } from '../../key/names/path-name.js';
import type { MoveOptions } from '../../remote/work/push-folder.js';
import { progressOf } from '../terminal/progress.js';
import type { Terminal } from '../terminal/terminal.js';
import type { Patterns } from './pattern.js';
import type { TagFolder } from './tag-folder.js';

/** @returns whether it was interrupted: what was moved until then is whole */
export async function moveFolders<Folder extends Pick<TagFolder, 'path' | 'tag'>>(
  doing: string,
  folders: readonly Folder[],
  patterns: Patterns | undefined,
  terminal: Terminal,
  move: (folder: Folder, options: MoveOptions) => Promise<void>,
): Promise<boolean> {
  return terminal.io.interruptible(async (signal) => {
    for (const folder of folders) {
      const progress = progressOf(`${doing} ${folder.tag}`, () => 0, terminal);
      const within = patterns?.within(folder as unknown as TagFolder);
      await move(folder, {
        signal,
        onProgress: ({ done, total }) => {
          progress.moveTo(done, total);
        },
        ...(within?.isWhole === false && {
          matches: ({ instance, method, key }) =>
            within.fits({ name: entryStem(instance, method), ...(key !== undefined && { key }) }),
        }),
      });
      progress.end();
      if (signal.aborted) break;
    }
    return signal.aborted;
  });
}
