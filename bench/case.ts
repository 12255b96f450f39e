/** What a case of the benchmark is, and what it finds. */

/** What one contender took. */
export interface Row {
  contender: string;
  /** Seconds of each round, or of one call in each round; empty where the contender is not here. */
  seconds: readonly number[];
  /** Anything else worth a column: a peak of memory, what a contender does not do. */
  note?: string;
}

/** Contenders that did the same work in the same run. */
export interface Comparison {
  title: string;
  /** The contender that the others are divided by. */
  subject: string;
  rows: readonly Row[];
}

/** One case, in a file of its own. */
export interface BenchCase {
  /** As it is named on the command line. */
  readonly name: string;
  /** What it shows, in one line. */
  readonly title: string;
  run(): Promise<readonly Comparison[]> | readonly Comparison[];
}

/** Stops the run: contenders that do not agree on the result are not worth timing. */
export function requireEqual(contender: string, found: unknown, expected: unknown): void {
  if (Object.is(found, expected)) return;
  throw new Error(`${contender} gives ${String(found)} where ${String(expected)} is right: nothing was timed`);
}
