/** Trying something in a database that others may hold, without waiting for them. */
import type { RetryOptions } from '../../kv/state/cache-options.js';
import { TimeoutError } from '../../kv/base/errors.js';

/** How long one try waits for the database: who tries again and again, with pauses, must not block the thread meanwhile. */
export const ONE_TRY: Readonly<RetryOptions> = { retry: false, timeout: 0.01 };

/** What an action gives; `undefined` where others hold the database. */
export function unlessHeld<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof TimeoutError) return undefined;
    throw error;
  }
}
