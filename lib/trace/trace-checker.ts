/**
 * Traces are followed by the method cache, which knows what they name. Other caches, which do not, ask it through here:
 * what has used no cached method has no such trace, and what has used one was loaded with the method cache.
 */
import type { Flow } from '../base/run/flow.js';
import type { Use, Verdicts } from './frame.js';

/** What the method cache can say of a record that is none of a method's. `R` is a record as the store has it. */
export interface Judge<R = never> {
  /** Why the result is stale, by its trace. @param tmpdir that the paths in the trace are told from */
  staleness(record: R, tmpdir: string, verdicts: Verdicts): Flow<string | undefined>;
  /** What the result was made of, for a computation that uses it in turn. */
  uses(record: R, tmpdir: string): Use[];
}

let judge: Judge | undefined;

/** Called once, by the method cache. */
export function appoint<R>(one: Judge<R>): void {
  judge = one;
}

/** The judge that can follow a trace; `undefined` where the method cache is not loaded. */
export function appointedJudge<R>(): Judge<R> | undefined {
  return judge;
}
