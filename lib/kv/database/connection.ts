/**
 * The one connection that a thread has to a folder's database, shared by all caches on it: two connections of one
 * thread would wait for each other in vain.
 */
import { realpathSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_NAME } from '../disk/database-name.js';
import { DatabaseError } from '../base/errors.js';
import { translateError } from './sqlite-error.js';
import type { Row, Select } from './select.js';
import { sqlite, type Driver, type NativeDatabase, type NativeStatement, type Rows } from './sqlite.js';
import { Query, Statement } from './statement.js';

/** The longest wait that SQLite takes, in milliseconds. */
const LONGEST_WAIT = 0x7fff_ffff;

/** What SQLite adds to the name of a database for its files. */
const COMPANIONS = ['', '-journal', '-wal', '-shm'];

/** Something that must not throw. */
export type Action = () => void;

/** One open transaction: the actions that are left to do, whichever way it ends. */
export interface Frame {
  readonly afterCommit: Action[];
  readonly afterRollback: Action[];
  /** SQLite has taken back everything by itself, on a full disk for example: nothing more may be written. */
  isLost: boolean;
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
  /** The file that was opened, whatever its name comes to stand for. */
  private readonly opened: Stats | undefined;
  private readonly statements = new Map<string, Statement>();
  private readonly queries = new Map<object, unknown>();
  /** Changed by pragmas and by `VACUUM` alone. */
  private pageSize: number | undefined;
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
    this.opened = statOf(this.file);
  }

  /** Is its file still in the folder? Writes to a removed file are lost. */
  get isInPlace(): boolean {
    const found = statOf(this.file);
    return found !== undefined && found.ino === this.opened?.ino && found.dev === this.opened.dev;
  }

  /** A statement, prepared once. */
  sql(text: string): Statement {
    let statement = this.statements.get(text);
    if (statement === undefined) {
      statement = new Statement(this.prepare(text, 'objects'), this.file);
      this.statements.set(text, statement);
    }
    return statement;
  }

  /** A query, prepared once. */
  select<C extends keyof Row>(select: Select<C>): Query<C> {
    let query = this.queries.get(select) as Query<C> | undefined;
    if (query === undefined) {
      query = new Query(this.prepare(select.sql(this.driver.cutsTexts), 'arrays'), this.file, select);
      this.queries.set(select, query);
    }
    return query;
  }

  /** Bytes of the database's pages, those of the file and those that are not in it yet. */
  pageBytes(): number {
    this.pageSize ??= Number(this.sql('PRAGMA page_size').get<{ page_size: bigint }>()?.page_size);
    return Number(this.sql('PRAGMA page_count').get<{ page_count: bigint }>()?.page_count) * this.pageSize;
  }

  /** Runs SQL that is not worth keeping and gives nothing back. */
  exec(text: string): void {
    this.pageSize = undefined;
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

  close(): void {
    if (open.get(this.folder) === this) open.delete(this.folder);
    this.native.close();
  }

  private prepare(text: string, rows: Rows): NativeStatement {
    try {
      return this.native.prepare(text, rows);
    } catch (error) {
      throw translateError(error, this.file);
    }
  }
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
