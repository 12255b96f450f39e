/** Tables as text. */
import { tableLines, widthOf, type Align } from '../../base/text/table-lines.js';

/** A column: its heading, and on which side its cells stand. */
export type Column = readonly [heading: string, align: Align];

/** Lines of a table without colours, ruled below its heading alone. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const headings = columns.map(([heading]) => heading);
  const [heading = '', ...lines] = tableLines({ rows: [headings, ...rows], aligns: columns.map(([, align]) => align) });
  const rule = '─'.repeat(Math.max(...[heading, ...lines].map(widthOf)));
  return [heading, rule, ...lines].join('\n');
}
