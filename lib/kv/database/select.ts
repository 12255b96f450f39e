/** Queries of the table `Cache`: written down once, prepared once for each connection. */
import { isUint8Array } from 'node:util/types';
import type { SqlValue } from '../disk/disk.js';

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

/** Columns that may hold text from outside. */
const TEXT_COLUMNS: ReadonlySet<string> = new Set<keyof Row>(['key', 'tag', 'value']);

/** Columns by name, and from which rows. */
export class Select<C extends keyof Row> {
  /** Places of the columns that may hold text. */
  private readonly texts: readonly number[];

  /** @param rest what follows the columns: `FROM Cache WHERE …` */
  constructor(
    private readonly columns: readonly C[],
    private readonly rest: string,
  ) {
    this.texts = [...columns.keys()].filter((place) => TEXT_COLUMNS.has(columns[place] as C));
  }

  /** @param cutsTexts whether the driver does: then texts that hold a NUL are asked for as bytes, too */
  sql(cutsTexts: boolean): string {
    const bytes = cutsTexts ? this.texts.map((place) => uncut(this.columns[place] as C)) : [];
    return `SELECT ${[...this.columns, ...bytes].join(', ')} ${this.rest}`;
  }

  /** What the driver found, as an object. */
  row(found: SqlValue[]): Pick<Row, C> {
    const { columns, texts } = this;
    const row: Partial<Record<C, SqlValue>> = {};
    for (let place = 0; place < columns.length; place++) row[columns[place] as C] = found[place];
    if (found.length === columns.length) return row as Pick<Row, C>;
    for (const [index, place] of texts.entries()) {
      const bytes = found[columns.length + index];
      if (isUint8Array(bytes)) row[columns[place] as C] = Buffer.from(bytes).toString();
    }
    return row as Pick<Row, C>;
  }
}

function uncut(name: string): string {
  return `CASE WHEN typeof(${name}) = 'text' AND instr(${name}, char(0)) THEN CAST(${name} AS BLOB) END`;
}
