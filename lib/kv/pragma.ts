/** Pragmas among a cache's settings. */
import type { Connection } from './connection.js';
import type { SqlValue } from './disk.js';
import { DatabaseError } from './errors.js';
import { settingFromColumn } from './setting-values.js';
import type { SettingValue } from './settings.js';

/**
 * Sets a pragma, unless it is so already: changing some takes long, or an exclusive lock.
 * @throws DatabaseError where name or value is no plain word or number: they become part of a statement
 */
export function setPragma(connection: Connection, name: string, value: SettingValue): void {
  if (!/^[a-z_]+$/.test(name) || !/^-?\w+$/.test(String(value))) {
    throw new DatabaseError(`the setting sqlite_${name} of ${connection.file} is ${String(value)}, which is no pragma`);
  }
  const row = connection.sql(`PRAGMA ${name}`).get<Record<string, SqlValue>>();
  const current = row === undefined ? undefined : Object.values(row)[0];
  if (current !== undefined && String(settingFromColumn(current)) === String(value)) return;
  connection.exec(`PRAGMA ${name} = ${String(value)}`);
}
