/** Pragmas among a cache's settings. */
import type { Connection } from './connection.js';
import type { SqlValue } from '../disk/disk.js';
import { settingFromColumn } from '../settings/setting-values.js';
import type { SettingValue } from '../settings/settings.js';

/** Sets a pragma, unless it is so already: changing some takes long, or an exclusive lock. Name and value have been checked. */
export function setPragma(connection: Connection, name: string, value: SettingValue): void {
  const row = connection.sql(`PRAGMA ${name}`).get<Record<string, SqlValue>>();
  const current = row === undefined ? undefined : Object.values(row)[0];
  if (current !== undefined && String(settingFromColumn(current)) === String(value)) return;
  connection.exec(`PRAGMA ${name} = ${String(value)}`);
}
