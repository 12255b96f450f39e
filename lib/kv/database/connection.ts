/**
 * The one connection that a thread has to a folder's database, shared by all caches on it: two connections of one
 * thread would wait for each other in vain.
 */
import { isUint8Array } from 'node:util/types';
import { realpathSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_NAME } from '../disk/database-name.js';
import type { SqlValue } from '../disk/disk.js';
import { DatabaseError } from '../base/errors.js';
import { translateError } from './sqlite-error.js';
import { sqlite, type Driver, type NativeDatabase, type NativeStatement } from './sqlite.js';

/** The longest wait that SQLite takes, in milliseconds. */
const LONGEST_WAIT = 0x7fff_ffff;

/** What SQLite adds to the name of a database for its files. */
const COMPANIONS = ['', '-journal', '-wal', '-shm'];

/** Columns that may hold text from outside. */
const TEXT_COLUMNS = new Set(['key', 'tag', 'value']);

/** A row of the table `Cache`, as far as it was asked for. Integers are bigints. */
export interface Row {
  rowid: bigint;
  key: SqlValue;
  raw: bigint;
  expire_time: number | bigint | null;
  tag: string | number | bigint | null;
  size: bigint | number | null;
  mode: bigint;
  filename: string | null;
  value: SqlValue;
}

/** Something that must not throw. */
export type Action = () => void;

/** One open transaction: the actions that are left to do, whichever way it ends. */
export interface Frame {
  readonly afterCommit: Action[];
  readonly afterRollback: Action[];
  /** SQLite has taken back everything by itself, on a full disk for example: nothing more may be written. */
  isLost: boolean;
}

/** A prepared statement; its errors are ours. */
export class Statement {
  constructor(
    private readonly native: NativeStatement,
    private readonly connection: Connection,
  ) {}

  /** The first row. */
  get<R>(...values: SqlValue[]): R | undefined {
    try {
      return this.connection.whole(this.native.get(...values) as R | undefined);
    } catch (error) {
      throw translateError(error, this.connection.file);
    }
  }

  /** All rows at once: nothing is read while others write. */
  all<R>(...values: SqlValue[]): R[] {
    try {
      const rows = this.native.all(...values) as R[];
      for (const row of rows) this.connection.whole(row);
      return rows;
    } catch (error) {
      throw translateError(error, this.connection.file);
    }
  }

  run(...values: SqlValue[]): void {
    try {
      this.native.run(...values);
    } catch (error) {
      throw translateError(error, this.connection.file);
    }
  }
}

/** An open database. */
export class Connection {
  readonly file: string;
  /** How many caches hold it. */
  users = 0;
  /** The transactions that are open, the outermost first. */
  readonly frames: Frame[] = [];
  private readonly driver: Driver = sqlite();
  private readonly native: NativeDatabase;
  /** Which file that is, whatever its name comes to stand for. */
  private readonly identity: string | undefined;
  private readonly statements = new Map<string, Statement>();
  private patience = 0;

  /** @param folder its real path */
  constructor(readonly folder: string) {
    this.file = join(folder, DATABASE_NAME);
    refuseOthers(this.file);
    try {
      this.native = this.driver.open(this.file);
    } catch (error) {
      throw translateError(error, this.file);
    }
    this.identity = identityOf(this.file);
  }

  /** Is its file still in the folder? Writes to a removed file are lost. */
  get isInPlace(): boolean {
    return this.identity !== undefined && this.identity === identityOf(this.file);
  }

  /** A statement, prepared once. */
  sql(text: string): Statement {
    let statement = this.statements.get(text);
    if (statement === undefined) {
      try {
        statement = new Statement(this.native.prepare(text), this);
      } catch (error) {
        throw translateError(error, this.file);
      }
      this.statements.set(text, statement);
    }
    return statement;
  }

  /** Runs SQL that is not worth keeping and gives nothing back. */
  exec(text: string): void {
    try {
      this.native.exec(text);
    } catch (error) {
      throw translateError(error, this.file);
    }
  }

  /** Takes the outermost transaction back; SQLite may have done so itself, and then there is none. */
  rollBack(): void {
    try {
      this.native.exec('ROLLBACK');
    } catch {
      // The caller has the error that matters.
    }
  }

  /** Seconds to wait for others from now on. */
  wait(seconds: number): void {
    const milliseconds = Math.min(Math.ceil(seconds * 1000), LONGEST_WAIT);
    if (milliseconds === this.patience) return;
    this.exec(`PRAGMA busy_timeout = ${milliseconds}`);
    this.patience = milliseconds;
  }

  /** Columns to select, by name, in such a way that {@link whole} has all of a text. */
  columns(...names: (keyof Row)[]): string {
    return names.map((name) => (this.driver.cutsTexts && TEXT_COLUMNS.has(name) ? uncut(name) : name)).join(', ');
  }

  /** Puts texts together again that the driver cuts. */
  whole<R>(row: R): R {
    if (!this.driver.cutsTexts || typeof row !== 'object' || row === null) return row;
    const columns = row as Record<string, SqlValue>;
    for (const name of TEXT_COLUMNS) {
      const bytes = columns[`${name}_bytes`];
      if (isUint8Array(bytes)) columns[name] = Buffer.from(bytes).toString();
    }
    return row;
  }

  close(): void {
    if (open.get(this.folder) === this) open.delete(this.folder);
    this.native.close();
  }
}

/** A text that holds a NUL comes as bytes too. */
function uncut(name: string): string {
  return `${name}, CASE WHEN typeof(${name}) = 'text' AND instr(${name}, char(0)) THEN CAST(${name} AS BLOB) END AS ${name}_bytes`;
}

/** SQLite opens anything in the place of its files, and waits for a named pipe without end. @throws DatabaseError */
function refuseOthers(file: string): void {
  for (const path of COMPANIONS.map((suffix) => file + suffix)) {
    if (statOf(path)?.isFile() !== false) continue;
    throw new DatabaseError(
      `the database ${file} could not be opened: ${path} is a folder, a named pipe or the like; nothing was changed`,
    );
  }
}

/** What cannot be looked at cannot be opened either, and SQLite says so. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function identityOf(file: string): string | undefined {
  const stat = statOf(file);
  return stat && `${stat.dev} ${stat.ino}`;
}

const open = new Map<string, Connection>();

/**
 * The connection to a folder's database, opened if it is not open yet, or if the open file has been removed. Each call
 * is to be paired with {@link release}.
 */
export function acquire(directory: string): Connection {
  const folder = realFolder(directory);
  let connection = open.get(folder);
  if (connection?.isInPlace !== true) {
    connection = new Connection(folder);
    open.set(folder, connection);
  }
  connection.users++;
  return connection;
}

/** Gives a connection back; the last to do so closes it. */
export function release(connection: Connection): void {
  connection.users--;
  if (connection.users === 0) connection.close();
}

function realFolder(directory: string): string {
  try {
    return realpathSync(directory);
  } catch (cause) {
    throw new DatabaseError(`the cache directory ${directory} is gone: ${String(cause)}`, { cause });
  }
}
