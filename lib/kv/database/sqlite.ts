/** The SQLite that this Node.js has: one small face for `node:sqlite` and better-sqlite3. */
import type BetterSqlite3 from 'better-sqlite3';
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import { load } from '../../base/packages/optional.js';
import type { SqlValue } from '../disk/disk.js';
import { NoDriverError } from '../base/errors.js';

/** A statement as both drivers have it. Integers come as bigints, blobs as Uint8Arrays or Buffers. */
export interface NativeStatement {
  all(...values: SqlValue[]): unknown[];
  get(...values: SqlValue[]): unknown;
  run(...values: SqlValue[]): { changes: number | bigint };
}

/** What a row becomes. */
export type Rows = 'objects' | 'arrays';

/** An open database as both drivers have it. */
export interface NativeDatabase {
  /** @param rows what the statement makes of them: objects, or arrays */
  prepare(sql: string, rows?: Rows): NativeStatement;
  exec(sql: string): unknown;
  close(): unknown;
}

/** One way to SQLite. */
export interface Driver {
  readonly name: 'node:sqlite' | 'better-sqlite3';
  open(file: string): NativeDatabase;
  /** Does it end texts that it reads at their first NUL? */
  readonly cutsTexts: boolean;
}

/** The part of `node:sqlite` that is used; the types of Node 20 do not know it. */
interface NodeSqlite {
  DatabaseSync: new (
    file: string,
    options: object,
  ) => {
    prepare(sql: string): NodeStatement;
    exec(sql: string): void;
    close(): void;
  };
}

interface NodeStatement extends NativeStatement {
  setReadBigInts(enabled: boolean): void;
  /** From Node 22.16 on. */
  setReturnArrays?(enabled: boolean): void;
}

const DRIVERS = { 'node:sqlite': nodeDriver, 'better-sqlite3': betterDriver };

let chosen: Driver | undefined;

/**
 * `node:sqlite` where the runtime has it, better-sqlite3 otherwise. The environment variable `STOWAGE_SQLITE` names the
 * one to use.
 * @throws NoDriverError where there is none
 */
export function sqlite(): Driver {
  return (chosen ??= choose(process.env.STOWAGE_SQLITE));
}

function choose(wanted: string | undefined): Driver {
  if (wanted === undefined || wanted === '') return nodeDriver() ?? betterDriver();
  if (!Object.hasOwn(DRIVERS, wanted)) {
    throw new InvalidOptionError(
      `STOWAGE_SQLITE is ${wanted}${didYouMean(wanted, Object.keys(DRIVERS))}, but must be one of ${Object.keys(DRIVERS).join(', ')}`,
    );
  }
  const driver = DRIVERS[wanted as keyof typeof DRIVERS]();
  if (driver !== undefined) return driver;
  throw new NoDriverError(`STOWAGE_SQLITE asks for ${wanted}, which Node.js ${process.versions.node} does not have`);
}

function nodeDriver(): Driver | undefined {
  const module = withoutWarning(() => process.getBuiltinModule('node:sqlite') as unknown as NodeSqlite | undefined);
  if (module === undefined) return undefined;
  const open = (file: string): NativeDatabase => {
    const database = new module.DatabaseSync(file, { enableForeignKeyConstraints: false });
    return {
      prepare(sql, rows = 'objects') {
        const statement = database.prepare(sql);
        statement.setReadBigInts(true);
        if (rows === 'arrays') statement.setReturnArrays?.(true);
        const areMade = rows === 'objects' || statement.setReturnArrays !== undefined;
        return {
          all: (...values) =>
            areMade ? statement.all(...bound(values)) : statement.all(...bound(values)).map(valuesOf),
          get: (...values) => (areMade ? statement.get(...bound(values)) : valuesOf(statement.get(...bound(values)))),
          run: (...values) => statement.run(...bound(values)),
        };
      },
      exec: (sql) => {
        database.exec(sql);
      },
      close: () => {
        database.close();
      },
    };
  };
  return { name: 'node:sqlite', open, cutsTexts: cutsTexts(open) };
}

/** Node 22 binds empty bytes without an address, such as an empty blob that it has read, as NULL. */
function bound(values: SqlValue[]): SqlValue[] {
  return values.some(isEmptyBytes) ? values.map((value) => (isEmptyBytes(value) ? Buffer.alloc(0) : value)) : values;
}

function isEmptyBytes(value: SqlValue): boolean {
  return typeof value === 'object' && value !== null && value.length === 0;
}

function valuesOf(row: unknown): unknown {
  return row === undefined ? undefined : Object.values(row as object);
}

/** Node 22 reads `'a\0b'` as `'a'`. */
function cutsTexts(open: Driver['open']): boolean {
  const database = open(':memory:');
  const row = database.prepare("SELECT 'a' || char(0) AS text").get() as { text: string };
  database.close();
  return row.text.length < 2;
}

/** Loading `node:sqlite` warns that it is experimental: that is for us to know, not for the user. */
function withoutWarning<T>(action: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = ((...args: Parameters<typeof emitWarning>) => {
    const [warning, type] = args as [unknown, unknown];
    if (type === 'ExperimentalWarning' && /sqlite/i.test(String(warning))) return;
    emitWarning.apply(process, args);
  }) as typeof emitWarning;
  try {
    return action();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function betterDriver(): Driver {
  let Database: typeof BetterSqlite3;
  try {
    Database = load<typeof BetterSqlite3>('better-sqlite3');
    // The native part is loaded by the first database.
    new Database(':memory:').close();
  } catch (cause) {
    throw new NoDriverError(
      `Node.js ${process.versions.node} has no node:sqlite, and better-sqlite3 could not be loaded: ` +
        'run npm install better-sqlite3, or use Node.js 22.13 or later',
      { cause },
    );
  }
  const open = (file: string): NativeDatabase => {
    const database = new Database(file, { timeout: 0 });
    database.defaultSafeIntegers(true);
    return {
      prepare: (sql, rows = 'objects') => lenient(database.prepare<SqlValue[]>(sql), rows),
      exec: (sql) => database.exec(sql),
      close: () => database.close(),
    };
  };
  return { name: 'better-sqlite3', open, cutsTexts: false };
}

/** better-sqlite3 will not be asked for the rows of what has none, a pragma that cannot be read for example. */
function lenient(statement: BetterSqlite3.Statement<SqlValue[]>, rows: Rows): NativeStatement {
  if (statement.reader) return rows === 'arrays' ? statement.raw() : statement;
  return {
    run: (...values) => statement.run(...values),
    get: (...values) => void statement.run(...values),
    all: (...values) => {
      statement.run(...values);
      return [];
    },
  };
}
