/** Where a command's answer goes: text for a reader, or JSON for a script. Nothing shown moves the reader's cursor. */
import pc from 'picocolors';
import { printable, printableLines } from '../../base/text/printable.js';
import type { Io } from './io.js';
import { inColour, type Colors } from './state-colour.js';
import { tableLines, type Align } from '../../base/text/table-lines.js';

/** A column of a table. */
export interface Column<Row> {
  head: string;
  cell: (row: Row) => string;
  /** @defaultValue `'left'` */
  align?: Align;
  /** Left out where it says `false`. */
  isWanted?: boolean;
  /** Its cells are states, coloured by what they say. */
  isState?: boolean;
}

export class Terminal {
  readonly colors: Colors;
  /** Characters that fit in a line. */
  readonly width: number;

  constructor(
    readonly io: Io,
    /** Is the answer to be JSON? */
    readonly isJson: boolean,
  ) {
    const { NO_COLOR = '', FORCE_COLOR = '' } = io.env;
    this.colors = pc.createColors(NO_COLOR === '' && (io.stdout.isTTY === true || FORCE_COLOR !== ''));
    this.width = Math.min(io.stdout.columns ?? 80, 120);
  }

  /** One line of the answer; whatever in it could move the cursor is spelled out. */
  line(text = ''): void {
    this.io.stdout.write(`${printable(text)}\n`);
  }

  /** Several lines of the answer. */
  lines(text: string): void {
    this.io.stdout.write(`${printableLines(text)}\n`);
  }

  /** A line that this command has coloured, of text that is printable. */
  coloured(text: string): void {
    this.io.stdout.write(`${text}\n`);
  }

  /** The whole answer, as one JSON document. */
  json(value: unknown): void {
    this.io.stdout.write(`${printableLines(JSON.stringify(value, undefined, 2))}\n`);
  }

  /** Something beside the answer. */
  note(text: string): void {
    this.io.stderr.write(`${printable(text)}\n`);
  }

  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): void {
    const shown = columns.filter(({ isWanted }) => isWanted !== false);
    const heads = shown.some(({ head }) => head !== '') ? [shown.map(({ head }) => printable(head))] : [];
    const { isTTY, columns: width = 80 } = this.io.stdout;
    const lines = tableLines({
      rows: [...heads, ...rows.map((row) => shown.map(({ cell }) => printable(cell(row))))],
      aligns: shown.map(({ align = 'left' }) => align),
      width: isTTY === true ? width : undefined,
      paint: (piece, row, column) => {
        if (row < heads.length) return this.colors.bold(piece);
        return shown[column]?.isState === true ? inColour(piece, this.colors) : piece;
      },
    });
    this.io.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }
}
