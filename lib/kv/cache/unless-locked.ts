/** What a FanoutCache answers in place of an error where others hold the database for longer than the timeout. */
import { TimeoutError } from '../base/errors.js';

/** The answer of an action, or another where it ends in a TimeoutError. */
export function unlessLocked<T, D>(otherwise: D, action: () => T): T | D {
  try {
    return action();
  } catch (error) {
    return whereLocked(error, otherwise);
  }
}

/** The same for an error that was caught. */
export function whereLocked<D>(error: unknown, otherwise: D): D {
  if (error instanceof TimeoutError) return otherwise;
  throw error;
}
