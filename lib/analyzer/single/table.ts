/** Tables as text. */
import type CliTable from 'cli-table3';
import { load } from '../../base/packages/optional.js';

/** A column: its heading, and on which side its cells stand. */
export type Column = readonly [heading: string, align: 'left' | 'right'];

/** Lines of a table without colours, ruled below its heading alone. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const Table = load<typeof CliTable>('cli-table3');
  const none = Object.fromEntries(
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
    ]
      .concat(['mid', 'mid-mid', 'right', 'right-mid'])
      .map((part) => [part, '']),
  );
  const table = new Table({
    head: columns.map(([heading]) => heading),
    colAligns: columns.map(([, align]) => align),
    chars: { ...none, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  const [heading = '', ...lines] = table.toString().split('\n');
  const trimmed = [heading, '─'.repeat(Math.max(heading.length, ...lines.map((line) => line.length))), ...lines];
  return trimmed.map((line) => line.trimEnd()).join('\n');
}
