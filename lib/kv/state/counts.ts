/** The counts that the database keeps among its settings. */
import type { CacheState } from './cache-state.js';
import { DatabaseError } from '../base/errors.js';
import type { MetadataName } from '../settings/settings.js';
import { Select } from '../database/select.js';
import { untilFree } from './transaction.js';

const COUNT = new Select(['value'], 'FROM Settings WHERE key = ?');

export function readCount(state: CacheState, name: MetadataName): number {
  const row = untilFree(state, {}, () => state.connection.select(COUNT).get(name));
  if (row !== undefined) return Number(row.value);
  throw new DatabaseError(
    `the database ${state.connection.file} has lost its count '${name}': its tables are of another make`,
  );
}
