/** `stowage adopt`: makes entries of files that another program wrote. */
import * as fs from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { userPath } from '../../base/files/user-path.js';
import { adopt } from '../../method/api/adopt.js';
import type { Work } from '../terminal/command.js';
import { CommandError } from '../terminal/errors.js';
import { EXIT_CODE } from '../terminal/exit-code.js';

export const work: Work = async (texts, _options, { terminal, tmpdir, prefix }) => {
  const folders = texts.map((text) => folderOf(text, tmpdir, prefix));
  const reports = [];
  for (const folder of folders) reports.push(await adopt(folder, prefix === undefined ? {} : { prefix }));
  if (terminal.isJson) {
    terminal.json(reports);
  } else {
    for (const { folder, adopted, skipped, known } of reports) {
      terminal.line(
        `${folder}: ${String(adopted.length)} adopted, ${String(known)} were entries already, ${String(skipped.length)} left as they are`,
      );
      for (const { file, instance, method } of adopted)
        terminal.line(
          `  ${basename(file)} is the result of ${[instance, method].filter((part) => part !== '').join('.')}`,
        );
      for (const { file, reason } of skipped) terminal.line(`  ${basename(file)} stays: ${reason}`);
    }
  }
  return reports.some(({ skipped }) => skipped.length > 0) ? EXIT_CODE.found : EXIT_CODE.fine;
};

/** A path, or the name of a tag or of its folder, which need not be known as one yet. */
function folderOf(text: string, tmpdir: string, prefix = 'cache'): string {
  const path = resolve(userPath(text) ?? text);
  const isName = !/[/\\]/.test(text) && !['.', '..', '~'].includes(text);
  const candidates = isName ? [join(tmpdir, prefix + text), join(tmpdir, text), path] : [path];
  const found = candidates.find((path) => fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
  if (found === undefined) throw new CommandError(`there is no folder ${candidates.join(', nor ')}`);
  return found;
}
