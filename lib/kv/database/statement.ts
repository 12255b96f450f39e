/** Prepared statements; their errors are ours. */
import type { SqlValue } from '../disk/disk.js';
import type { Row, Select } from './select.js';
import { translateError } from './sqlite-error.js';
import type { NativeStatement } from './sqlite.js';

/** A statement of which each row is an object, or that gives none. */
export class Statement {
  constructor(
    private readonly native: NativeStatement,
    private readonly file: string,
  ) {}

  /** The first row. */
  get<R>(...values: SqlValue[]): R | undefined {
    try {
      return this.native.get(...values) as R | undefined;
    } catch (error) {
      throw translateError(error, this.file);
    }
  }

  /** All rows at once: nothing is read while others write. */
  all<R>(...values: SqlValue[]): R[] {
    try {
      return this.native.all(...values) as R[];
    } catch (error) {
      throw translateError(error, this.file);
    }
  }

  /** Answers how many rows were changed, without those that triggers changed. */
  run(...values: SqlValue[]): number {
    try {
      return Number(this.native.run(...values).changes);
    } catch (error) {
      throw translateError(error, this.file);
    }
  }
}

/** A query of the table `Cache`, whose rows come as arrays: drivers make those several times as fast as objects. */
export class Query<C extends keyof Row> {
  constructor(
    private readonly native: NativeStatement,
    private readonly file: string,
    private readonly select: Select<C>,
  ) {}

  /** The first row. */
  get(...values: SqlValue[]): Pick<Row, C> | undefined {
    let found: SqlValue[] | undefined;
    try {
      found = this.native.get(...values) as SqlValue[] | undefined;
    } catch (error) {
      throw translateError(error, this.file);
    }
    return found === undefined ? undefined : this.select.row(found);
  }

  /** All rows at once: nothing is read while others write. */
  all(...values: SqlValue[]): Pick<Row, C>[] {
    let found: SqlValue[][];
    try {
      found = this.native.all(...values) as SqlValue[][];
    } catch (error) {
      throw translateError(error, this.file);
    }
    return found.map((row) => this.select.row(row));
  }
}
