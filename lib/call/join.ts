/** Meeting a computation that is under way: to wait for it, unless it waits for the one that asks. */
import { CycleError } from '../base/errors.js';
import { wayOfWaiting } from '../base/run/waiting.js';
import type { Frame } from '../trace/frame.js';
import type { Computation } from './computation.js';
import type { Outcome } from './question.js';

/**
 * What a call does that meets a computation under way: `'join'` it, or `'compute'` beside it. A circle is only what
 * computing needs: where one goes through a look at a stored result, that look is left or, where it is synchronous, passed by.
 *
 * @throws CycleError where the computation needs the one that asks
 */
export function meet({ frame, isLater }: Computation, caller: Frame | undefined): 'join' | 'compute' {
  const way = caller === undefined ? undefined : wayOfWaiting(frame, caller);
  if (way === undefined && isLater) return 'join';
  const look = way?.find((each) => each.look !== undefined)?.look;
  if (look !== undefined) {
    look.leave?.();
    return isLater ? 'join' : 'compute';
  }
  // Another caller would not have met the circle: a result that is made of the error is that of this call alone.
  caller?.spoil('it met a circle of calls');
  const names = [...(way ?? [frame]), frame].map(({ name }) => name);
  throw new CycleError(
    `${frame.name} is needed to compute itself: ${names.join(' → ')}. ` +
      'Break the circle, or tell the calls apart by an argument',
  );
}

/** Waits for a computation under way that {@link meet} let be joined. */
export async function join(computation: Computation, caller: Frame | undefined): Promise<Outcome> {
  const { frame } = computation;
  caller?.waitsFor.add(frame);
  try {
    return await computation.whenDone();
  } finally {
    caller?.waitsFor.delete(frame);
  }
}
