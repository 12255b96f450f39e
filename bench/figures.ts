/** What the rounds of a contender come to. */
import type { Comparison, Row } from './case.js';

/** Seconds; none where the contender is not here. */
export interface Figures {
  best: number | undefined;
  median: number | undefined;
  /** Its median divided by that of the comparison's subject. */
  ratio: number | undefined;
}

export function figuresOf(row: Row, { subject, rows }: Comparison): Figures {
  const own = median(row);
  const ours = median(rows.find(({ contender }) => contender === subject));
  return {
    best: row.seconds.length === 0 ? undefined : Math.min(...row.seconds),
    median: own,
    ratio: own === undefined || ours === undefined ? undefined : own / ours,
  };
}

function median(row: Row | undefined): number | undefined {
  const sorted = [...(row?.seconds ?? [])].sort((one, other) => one - other);
  return sorted[sorted.length >> 1];
}
