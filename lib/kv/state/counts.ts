/** The counts that the database keeps among its settings. */
import type { CacheState } from './cache-state.js';
import { DatabaseError } from '../base/errors.js';
import type { MetadataName } from '../settings/settings.js';
import { untilFree } from './transaction.js';

export function readCount(state: CacheState, name: MetadataName): number {
  const row = untilFree(state, {}, () =>
    state.connection.sql('SELECT value FROM Settings WHERE key = ?').get<{ value: bigint | number | null }>(name),
  );
  if (row !== undefined) return Number(row.value);
  throw new DatabaseError(
    `the database ${state.connection.file} has lost its count '${name}': its tables are of another make`,
  );
}
