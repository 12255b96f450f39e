import { CycleError } from '../base/errors.js';
import { wayOfWaiting } from '../base/waiting.js';
import type { Frame } from './frame.js';

/** A computation under way. Only an asynchronous one has a promise to join. */
export interface UnderWay<T> {
  frame: Frame;
  promise?: Promise<T>;
}

/**
 * Joins a computation that is under way, unless it waits, itself or through others, for the one that asks.
 * @throws CycleError where it does
 */
export function join<T>(underWay: UnderWay<T>, caller: Frame | undefined): Promise<T> {
  const { frame, promise } = underWay;
  const way = caller === undefined ? undefined : wayOfWaiting(frame, caller);
  if (way !== undefined || promise === undefined) {
    const names = [...(way ?? [frame]), frame].map(({ name }) => name);
    throw new CycleError(
      `${frame.name} is needed to compute itself: ${names.join(' → ')}. ` +
        'Break the circle, or tell the calls apart by an argument',
    );
  }
  caller?.waitsFor.add(frame);
  return promise.finally(() => caller?.waitsFor.delete(frame));
}
