/** Do database and folder agree? */
import * as fs from 'node:fs';
import { join, normalize } from 'node:path';
import { inspect } from 'node:util';
import { isErrno, removeEmptyFolders, removeFile } from '../../base/files/files.js';
import type { CheckOptions } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { CheckWarning, EmptyDirWarning, UnknownFileWarning } from './check-warning.js';
import { readCount } from '../state/counts.js';
import { DATABASE_NAME } from '../disk/database-name.js';
import { transact, untilFree } from '../state/transaction.js';
import { valuePath } from '../disk/value-file.js';

/** The folder under check, the warnings so far, and whether faults are repaired. */
interface Inspection {
  readonly state: CacheState;
  readonly fix: boolean;
  readonly found: CheckWarning[];
}

export function checkCache(state: CacheState, { fix = false, ...options }: CheckOptions): CheckWarning[] {
  const inspection: Inspection = { state, fix, found: [] };
  const { connection } = state;
  untilFree(state, options, () => {
    checkDatabase(inspection);
    // Within a transaction there is no way to rebuild the file.
    if (fix && connection.frames.length === 0) connection.exec('VACUUM');
  });
  transact(state, options, () => {
    const filenames = checkRows(inspection);
    checkFolder(inspection, '', filenames);
    checkCount(inspection, 'count', 'SELECT COUNT(*) AS actual FROM Cache');
    checkCount(inspection, 'size', 'SELECT COALESCE(SUM(size), 0) AS actual FROM Cache');
  });
  return inspection.found;
}

function checkDatabase({ state, found }: Inspection): void {
  found.length = 0;
  for (const { integrity_check } of state.connection.sql('PRAGMA integrity_check').all<{ integrity_check: string }>()) {
    if (integrity_check !== 'ok') found.push(new CheckWarning(`${state.connection.file}: ${integrity_check}`));
  }
}

/** Every row's file is there, and as long as it was. The answer is the files that belong to rows. */
function checkRows({ state, fix, found }: Inspection): Set<string> {
  const { connection } = state;
  const rows = connection
    .sql('SELECT rowid, size, filename FROM Cache WHERE filename IS NOT NULL')
    .all<{ rowid: bigint; size: bigint | number; filename: unknown }>();
  const filenames = new Set<string>();
  for (const { rowid, size, filename } of rows) {
    const path = valuePath(state.directory, filename);
    const actual = path === undefined ? undefined : fileSize(path);
    if (path === undefined || actual === undefined) {
      found.push(
        new CheckWarning(
          `file not found: ${path ?? `${inspect(filename)}, which is no value's file within ${state.directory}`}`,
        ),
      );
      if (fix) connection.sql('DELETE FROM Cache WHERE rowid = ?').run(rowid);
      continue;
    }
    filenames.add(normalize(String(filename)));
    if (actual !== Number(size)) {
      found.push(new CheckWarning(`wrong file size: ${path}, ${actual} != ${size}`));
      if (fix) connection.sql('UPDATE Cache SET size = ? WHERE rowid = ?').run(BigInt(actual), rowid);
    }
  }
  return filenames;
}

/** The length of a file; `undefined` where there is none. */
function fileSize(path: string): number | undefined {
  try {
    const stats = fs.lstatSync(path);
    return stats.isFile() ? stats.size : undefined;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Every file belongs to a row, and no folder is empty. The answer is whether the folder is, or has become so. */
function checkFolder(inspection: Inspection, folder: string, filenames: Set<string>): boolean {
  const { state, fix, found } = inspection;
  let count = 0;
  for (const entry of entriesOf(join(state.directory, folder))) {
    const name = join(folder, entry.name);
    const path = join(state.directory, name);
    if (entry.isDirectory()) {
      // A cache within a cache's folder has a check of its own.
      if (fs.existsSync(join(path, DATABASE_NAME)) || !checkFolder(inspection, name, filenames)) count++;
      else if (!leaveFolder(inspection, path)) count++;
    } else if (filenames.has(name) || (folder === '' && entry.name.startsWith(DATABASE_NAME))) {
      count++;
    } else {
      found.push(new UnknownFileWarning(`unknown file: ${path}`));
      if (fix) removeFile(path);
      else count++;
    }
  }
  return count === 0;
}

/**
 * The entries of a folder; none where another process has just removed it: files come and go without holding the
 * database.
 */
function entriesOf(path: string): fs.Dirent[] {
  try {
    return fs.readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Says that a folder is empty. @returns whether it is gone */
function leaveFolder({ fix, found }: Inspection, path: string): boolean {
  if (!fs.existsSync(path)) return true;
  found.push(new EmptyDirWarning(`empty directory: ${path}`));
  // It stays where another process has put a file into it meanwhile.
  if (fix) removeEmptyFolders(path, path);
  return fix && !fs.existsSync(path);
}

/** A count in the settings is what there is. */
function checkCount({ state, fix, found }: Inspection, name: 'count' | 'size', select: string): void {
  const { actual } = state.connection.sql(select).get<{ actual: bigint }>() ?? { actual: 0n };
  const counted = readCount(state, name);
  if (counted === Number(actual)) return;
  found.push(new CheckWarning(`Settings.${name} is ${counted}, but the rows of Cache make ${actual}`));
  if (fix) state.connection.sql('UPDATE Settings SET value = ? WHERE key = ?').run(actual, name);
}
