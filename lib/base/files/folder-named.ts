import { resolve } from 'node:path';
import { InvalidOptionError } from '../errors.js';
import { userPath } from './user-path.js';

/** The absolute path of the folder that a caller was given. @throws InvalidOptionError where it names none */
export function folderNamed(given: string | URL, caller: string): string {
  const path = userPath(given);
  if (path !== undefined) return resolve(path);
  throw new InvalidOptionError(
    `${caller} takes a root, or the path or file URL of a tag's folder, not ${String(given)}`,
  );
}
