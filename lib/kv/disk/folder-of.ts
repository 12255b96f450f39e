import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidOptionError } from '../../base/errors.js';
import { userPath } from '../../base/files/user-path.js';
import { expandVariables } from './expand-variables.js';

/** The absolute path of a cache's folder; a new temporary one where none is named. @throws InvalidOptionError */
export function folderOf(directory: string | URL | undefined): string {
  if (directory === undefined) return mkdtempSync(join(tmpdir(), 'diskcache-'));
  const path = userPath(typeof directory === 'string' ? expandVariables(directory) : directory);
  if (path !== undefined) return resolve(path);
  throw new InvalidOptionError(
    'the directory of a cache must be a path or a file URL; leave it out for a temporary folder',
  );
}
