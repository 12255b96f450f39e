/** One computation over many tags: results and errors, each by its tag. */
import { errorOf } from '../../base/thrown.js';
import { isThenable } from '../../base/run/is-thenable.js';
import { SetResults } from './set-results.js';

/** What many computations come to; a promise of it where they are asynchronous. */
export type Gathered<R> = [R] extends [PromiseLike<infer V>] ? Promise<SetResults<V>> : SetResults<R>;

/**
 * Computes for each tag, one after the other; errors are kept by tag. As soon as a computation turns out to be
 * asynchronous, `jobs` of them are under way at a time.
 */
export function gather<R>(tags: readonly string[], compute: (tag: string) => R, jobs: number): Gathered<R> {
  const found = new Map<string, unknown>();
  const errors = new Map<string, Error>();
  const results = (): SetResults<unknown> => new SetResults(tags, found, errors);
  const waiting = tags.values();

  for (const tag of waiting) {
    const value = attempt(tag);
    if (isThenable(value)) return later(tag, value) as Gathered<R>;
  }
  return results() as Gathered<R>;

  /** What the tag came to, or a promise that the result will be entered. */
  function attempt(tag: string): unknown {
    try {
      const value: unknown = compute(tag);
      if (isThenable(value)) return value;
      found.set(tag, value);
    } catch (error) {
      errors.set(tag, errorOf(error));
    }
    return undefined;
  }

  async function arrive(tag: string, promise: PromiseLike<unknown>): Promise<void> {
    try {
      found.set(tag, await promise);
    } catch (error) {
      errors.set(tag, errorOf(error));
    }
  }

  async function work(): Promise<void> {
    for (const tag of waiting) {
      const value = attempt(tag);
      if (isThenable(value)) await arrive(tag, value);
    }
  }

  async function later(tag: string, first: PromiseLike<unknown>): Promise<SetResults<unknown>> {
    const others = Array.from({ length: jobs - 1 }, work);
    await Promise.all([arrive(tag, first).then(work), ...others]);
    return results();
  }
}
