import { humanBytes, humanSeconds } from '../../base/text/human.js';
import type { Tally } from './tally.js';
import type { Column } from '../terminal/terminal.js';

/** The columns of a tally, those alone that say something. */
export function tallyColumns(total: Tally): Column<Tally>[] {
  return [
    { head: 'ENTRIES', cell: ({ entries }) => String(entries), align: 'right' },
    { head: 'VERSIONS', cell: ({ versions }) => String(versions), align: 'right', isWanted: total.versions > 0 },
    { head: 'PRUNED', cell: ({ pruned }) => String(pruned), align: 'right', isWanted: total.pruned > 0 },
    { head: 'DAMAGED', cell: ({ damaged }) => String(damaged), align: 'right', isWanted: total.damaged > 0 },
    { head: 'SIZE', cell: ({ bytes }) => humanBytes(bytes), align: 'right' },
    { head: 'INVESTED', cell: ({ seconds }) => humanSeconds(seconds), align: 'right' },
  ];
}
