/** Which folders of a tag hold entries. Links are not followed. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { isErrno } from '../../base/files/files.js';
import { checkFolder } from './folder.js';

/** The tag's folder, and the folders of its methods' calls that have keys: `<name>/<two digits>`. */
export function* entryFolders(folder: string): Generator<string> {
  if (!checkFolder(folder)) return;
  yield folder;
  for (const method of directoriesIn(folder)) yield* directoriesIn(method);
}

function directoriesIn(folder: string): string[] {
  return unlessGone([], () =>
    fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name)),
  );
}

/** Names in a folder; none where there is no such folder. */
export function namesIn(folder: string): string[] {
  return unlessGone([], () => fs.readdirSync(folder));
}

function unlessGone<T>(otherwise: T, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return otherwise;
    throw error;
  }
}
