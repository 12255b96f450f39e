import { isAsyncFunction, isGeneratorFunction } from 'node:util/types';

/** Is it declared `async`, so that it always returns a promise? An asynchronous generator counts as async, and returns none. */
export function returnsPromise(fn: unknown): boolean {
  return isAsyncFunction(fn) && !isGeneratorFunction(fn);
}
