import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidOptionError } from '../base/errors.js';
import { expandPath } from './expand-path.js';

/** The absolute path of a cache's folder; a new temporary one where none is named. @throws InvalidOptionError */
export function folderOf(directory: string | undefined): string {
  if (directory === undefined) return mkdtempSync(join(tmpdir(), 'diskcache-'));
  if (typeof directory === 'string' && directory !== '') return resolve(expandPath(directory));
  throw new InvalidOptionError('the directory of a cache must be a path; leave it out for a temporary folder');
}
