/** Somebody else who writes to a cache: a connection of its own that holds the database. */
import { sqlite } from '#lib/kv/database/sqlite.js';
import { join } from 'node:path';

/** Holds the database of a cache until it is disposed of. */
export function lockDatabase(folder: string): Disposable {
  const database = sqlite().open(join(folder, 'cache.db'));
  database.exec('BEGIN IMMEDIATE');
  return {
    [Symbol.dispose]() {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}
