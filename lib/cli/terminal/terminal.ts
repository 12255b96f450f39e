/** Where a command's answer goes: text for a reader, or JSON for a script. Nothing shown moves the reader's cursor. */
import type Table from 'cli-table3';
import pc from 'picocolors';
import { load } from '../../base/packages/optional.js';
import { printable, printableLines } from '../../base/text/printable.js';
import type { Io } from './io.js';

/** A column of a table. */
export interface Column<Row> {
  head: string;
  cell: (row: Row) => string;
  /** @defaultValue `'left'` */
  align?: 'left' | 'right';
  /** Left out where it says `false`. */
  isWanted?: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;

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
    const CliTable = load<typeof Table>('cli-table3');
    const table = new CliTable({
      head: shown.some(({ head }) => head !== '') ? shown.map(({ head }) => this.colors.bold(printable(head))) : [],
      colAligns: shown.map(({ align = 'left' }) => align),
      chars: noLines,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    });
    for (const row of rows) table.push(shown.map(({ cell }) => printable(cell(row))));
    const text = table.toString();
    this.io.stdout.write(
      `${text
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')}\n`,
    );
  }
}

/** A table of nothing but columns, for a reader and for `awk`. */
const noLines = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((side) => ['', '-mid', '-left', '-right'].map((part) => side + part))
    .concat('middle')
    .map((name) => [name, '']),
);
