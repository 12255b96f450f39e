/** What a run found, for programs: one JSON document. */
import type { BenchCase, Comparison } from './case.js';
import { figuresOf } from './figures.js';
import type { Machine } from './machine.js';

/** What became of one case. */
export interface Finding {
  bench: Pick<BenchCase, 'name' | 'title'>;
  comparisons: readonly Comparison[];
  /** Why it came to no end, if it did not. */
  error?: string;
}

/** Where and when a run took place. */
export interface Circumstances {
  /** ISO 8601. */
  date: string;
  machine: Machine;
  versions: Readonly<Record<string, string>>;
}

/** Times are in seconds; `null` where a contender is not here. */
export function documentOf({ date, machine, versions }: Circumstances, findings: readonly Finding[]): string {
  const cases = findings.map(({ bench, comparisons, error }) => ({
    name: bench.name,
    title: bench.title,
    ...(error !== undefined && { error }),
    comparisons: comparisons.map((comparison) => ({
      title: comparison.title,
      subject: comparison.subject,
      contenders: comparison.rows.map((row) => {
        const { best = null, median = null, ratio = null } = figuresOf(row, comparison);
        return { name: row.contender, rounds: row.seconds.length, best, median, ratio, note: row.note ?? null };
      }),
    })),
  }));
  return `${JSON.stringify({ date, machine, versions, cases }, undefined, 2)}\n`;
}
