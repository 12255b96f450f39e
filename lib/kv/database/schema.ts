/** The tables, indexes and triggers of python-diskcache 5, and how a folder comes to have them. */
import type { Connection } from './connection.js';
import type { SqlValue } from '../disk/disk.js';
import { DatabaseError } from '../base/errors.js';
import { EVICTION_POLICY } from '../settings/eviction-policy.js';
import { patiently } from './retry-while-busy.js';
import { setPragma } from './pragma.js';
import { databaseName, nameWithin, settingName } from '../settings/setting-names.js';
import { checkSetting, settingFromColumn, settingToColumn } from '../settings/setting-values.js';
import { DEFAULT_SETTINGS, METADATA, type AllSettings, type SettingValue } from '../settings/settings.js';

const TABLES = {
  Settings: 'CREATE TABLE IF NOT EXISTS Settings (key TEXT NOT NULL UNIQUE, value)',
  Cache:
    'CREATE TABLE IF NOT EXISTS Cache (rowid INTEGER PRIMARY KEY, key BLOB, raw INTEGER, store_time REAL, ' +
    'expire_time REAL, access_time REAL, access_count INTEGER DEFAULT 0, tag BLOB, size INTEGER DEFAULT 0, ' +
    'mode INTEGER DEFAULT 0, filename TEXT, value BLOB)',
};

/** What the tables must have; more does no harm. */
const COLUMNS: Record<keyof typeof TABLES, readonly string[]> = {
  Settings: ['key', 'value'],
  Cache: [
    'rowid',
    'key',
    'raw',
    'store_time',
    'expire_time',
    'access_time',
    'access_count',
    'tag',
    'size',
    'mode',
    'filename',
    'value',
  ],
};

const INDEXES = {
  Cache_key_raw: 'CREATE UNIQUE INDEX IF NOT EXISTS Cache_key_raw ON Cache (key, raw)',
  Cache_expire_time:
    'CREATE INDEX IF NOT EXISTS Cache_expire_time ON Cache (expire_time) WHERE expire_time IS NOT NULL',
};

/** The index on tags, made where the setting `tagIndex` asks for it. */
export const TAG_INDEX = {
  create: 'CREATE INDEX IF NOT EXISTS Cache_tag_rowid ON Cache (tag, rowid) WHERE tag IS NOT NULL',
  drop: 'DROP INDEX IF EXISTS Cache_tag_rowid',
};

/** They keep `count` and `size` among the settings. */
const TRIGGERS = {
  Settings_count_insert: trigger('INSERT', 'value + 1', 'count'),
  Settings_count_delete: trigger('DELETE', 'value - 1', 'count'),
  Settings_size_insert: trigger('INSERT', 'value + NEW.size', 'size'),
  Settings_size_update: trigger('UPDATE', 'value + NEW.size - OLD.size', 'size'),
  Settings_size_delete: trigger('DELETE', 'value - OLD.size', 'size'),
};

function trigger(event: string, value: string, key: string): string {
  return `AFTER ${event} ON Cache FOR EACH ROW BEGIN UPDATE Settings SET value = ${value} WHERE key = '${key}'; END`;
}

/** An object of the database, as SQLite lists it. */
interface SchemaRow {
  type: string;
  name: string;
  sql: string | null;
}

/**
 * Makes sure that a folder's database is a cache, and that it has the settings that were given.
 * @param check throws where no process could work with such settings; then they are not written
 * @returns the settings in force
 * @throws DatabaseError where the database is another program's; it is left as it is
 */
export function prepareFolder(
  connection: Connection,
  given: Record<string, SettingValue>,
  check: (settings: AllSettings) => void,
): AllSettings {
  return patiently(connection, () => prepare(connection, given, check));
}

function prepare(
  connection: Connection,
  given: Record<string, SettingValue>,
  check: (settings: AllSettings) => void,
): AllSettings {
  const schema = readSchema(connection);
  checkTables(connection, schema);
  const stored = schema.has('Settings') ? readSettings(connection) : {};
  const settings = { ...DEFAULT_SETTINGS, ...stored, ...given };
  check(settings);
  // Some pragmas count only as long as there are no tables.
  for (const [name, value] of Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const pragma = nameWithin('sqlite', name);
    if (pragma !== undefined) setPragma(connection, databaseName(pragma), value);
  }
  const steps = [...missingObjects(schema, settings), ...missingSettings(schema, stored, given)];
  // Opening a complete database writes nothing.
  if (steps.length > 0) inOneStep(connection, steps);
  // Another process may have made the folder meanwhile, with settings of its own.
  return { ...settings, ...readSettings(connection) };
}

type Step = (connection: Connection) => void;

function inOneStep(connection: Connection, steps: Step[]): void {
  const isWithin = connection.frames.length > 0;
  if (!isWithin) connection.exec('BEGIN IMMEDIATE');
  try {
    for (const step of steps) step(connection);
    if (!isWithin) connection.exec('COMMIT');
  } catch (error) {
    if (!isWithin) connection.rollBack();
    throw error;
  }
}

function readSchema(connection: Connection): Map<string, SchemaRow> {
  const rows = connection.sql('SELECT type, name, sql FROM sqlite_master').all<SchemaRow>();
  return new Map(rows.map((row) => [row.name, row]));
}

/** A database without tables becomes a cache; one with others than a cache's is not touched. */
function checkTables(connection: Connection, schema: Map<string, SchemaRow>): void {
  const tables = [...schema.values()].filter(({ type, name }) => type === 'table' && !name.startsWith('sqlite_'));
  if (tables.length === 0) return;
  const isCache = schema.has('Settings') && (schema.has('Cache') || tables.length === 1);
  const isWhole = Object.entries(COLUMNS).every(([table, columns]) => {
    if (!schema.has(table)) return true;
    const rows = connection.sql(`PRAGMA table_info(${table})`).all<{ name: string }>();
    return columns.every((column) => rows.some(({ name }) => name === column));
  });
  if (isCache && isWhole) return;
  const names = tables.map(({ name }) => name).join(', ');
  throw new DatabaseError(
    `the database ${connection.file} is no cache of python-diskcache 5 or of Stowage (its tables: ${names}); ` +
      'nothing was changed: choose another folder',
  );
}

/** The settings in the database, by our names, without its counts. */
export function readSettings(connection: Connection): AllSettings {
  const rows = connection.sql('SELECT key, value FROM Settings').all<{ key: SqlValue; value: SqlValue }>();
  const settings: Record<string, SettingValue> = {};
  for (const { key, value } of rows) {
    if (typeof key !== 'string')
      throw new DatabaseError(`the database ${connection.file} is damaged: a setting has no name`);
    if ((METADATA as readonly string[]).includes(key)) continue;
    const name = settingName(key);
    try {
      settings[name] = checkSetting(name, settingFromColumn(value));
    } catch (cause) {
      throw new DatabaseError(
        `the setting ${key} in the database ${connection.file} is ${String(value)}, which this version does not know`,
        { cause },
      );
    }
  }
  return settings as AllSettings;
}

function* missingObjects(schema: Map<string, SchemaRow>, settings: AllSettings): Generator<Step> {
  for (const [name, sql] of Object.entries({ ...TABLES, ...INDEXES })) {
    if (!schema.has(name))
      yield (connection) => {
        connection.exec(sql);
      };
  }
  const { init } = EVICTION_POLICY[settings.evictionPolicy];
  if (init !== null && !schema.has(nameOfIndex(init)))
    yield (connection) => {
      connection.exec(init);
    };
  for (const [name, body] of Object.entries(TRIGGERS)) {
    const current = schema.get(name)?.sql ?? '"count"';
    // python-diskcache writes "count" for 'count', which the SQLite of Node.js takes for the name of a column.
    if (!/"(count|size)"/.test(current)) continue;
    yield (connection) => {
      connection.exec(`DROP TRIGGER IF EXISTS ${name}`);
      connection.exec(`CREATE TRIGGER ${name} ${body}`);
    };
  }
  const hasTagIndex = schema.has('Cache_tag_rowid');
  if (hasTagIndex === Boolean(settings.tagIndex)) return;
  yield (connection) => {
    connection.exec(hasTagIndex ? TAG_INDEX.drop : TAG_INDEX.create);
  };
}

function nameOfIndex(sql: string): string {
  return /EXISTS (\w+)/.exec(sql)?.[1] ?? '';
}

function* missingSettings(
  schema: Map<string, SchemaRow>,
  stored: Record<string, SettingValue>,
  given: Record<string, SettingValue>,
): Generator<Step> {
  const isNew = !schema.has('Cache');
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) {
    if (!Object.hasOwn(stored, name))
      yield (connection) => {
        offerSetting(connection, name, value);
      };
  }
  for (const name of METADATA) {
    if (isNew)
      yield (connection) => {
        offerSetting(connection, name, 0);
      };
  }
  for (const [name, value] of Object.entries(given)) {
    if (stored[name] !== value)
      yield (connection) => {
        writeSetting(connection, name, value);
      };
  }
}

function offerSetting(connection: Connection, name: string, value: SettingValue): void {
  connection.sql('INSERT OR IGNORE INTO Settings VALUES (?, ?)').run(databaseName(name), settingToColumn(value));
}

/** Writes a setting for all who open the folder. */
export function writeSetting(connection: Connection, name: string, value: SettingValue): void {
  connection.sql('INSERT OR REPLACE INTO Settings VALUES (?, ?)').run(databaseName(name), settingToColumn(value));
}
