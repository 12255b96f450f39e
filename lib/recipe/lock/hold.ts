/** Acquisitions. */
import { isDeepStrictEqual } from 'node:util';
import { runAsync } from '../../base/run/flow.js';
import type { RetryOptions } from '../../kv/state/cache-options.js';
import { NotOwnedError } from '../base/errors.js';
import { ONE_TRY, unlessHeld } from '../base/one-try.js';
import type { RecipeCache } from '../base/recipe-cache.js';
import { waitFor } from '../base/wait.js';

/**
 * One acquisition of a lock or a permit, which any code that has it may release; `using` does so at the end of the
 * block.
 *
 * @example
 * using hold = lock.acquire();
 */
export class Hold implements Disposable {
  private isReleased = false;

  /** @param giveBack throws NotOwnedError where it is lost, TimeoutError as the options say */
  constructor(private readonly giveBack: (options: RetryOptions) => void) {}

  /**
   * Gives it back. Waits until others let go of the database.
   * @throws NotOwnedError where it was released already, or lost: its time had expired, or the item was removed
   */
  release(): void {
    this.leave({ retry: true });
  }

  /** As {@link release}, and lets the thread go on while others hold the database. */
  async releaseAsync(): Promise<void> {
    await runAsync(waitFor(() => unlessHeld(() => this.leave(ONE_TRY)), {}));
  }

  private leave(options: RetryOptions): true {
    if (this.isReleased) throw new NotOwnedError('what was acquired has been released already: release it once');
    try {
      this.giveBack(options);
    } catch (error) {
      // After a fault of the disk it is still held, and can be released again.
      this.isReleased = error instanceof NotOwnedError;
      throw error;
    }
    return (this.isReleased = true);
  }

  /** {@link release}, unless that is done already. */
  [Symbol.dispose](): void {
    if (!this.isReleased) this.release();
  }
}

/** An item that is held. */
interface Held {
  readonly cache: RecipeCache;
  readonly key: unknown;
}

/** What this thread holds and only this thread will give back. What expires is not here. */
const heldForGood = new Set<Held>();

/** Notes that this thread holds an item for good, until the returned function is called. */
export function noteHeld(cache: RecipeCache, key: unknown): () => void {
  const held: Held = { cache, key };
  heldForGood.add(held);
  return () => heldForGood.delete(held);
}

/** How often this thread holds an item for good. */
export function timesHeld({ directory }: RecipeCache, key: unknown): number {
  let count = 0;
  for (const held of heldForGood) {
    if (held.cache.directory === directory && isDeepStrictEqual(held.key, key)) count++;
  }
  return count;
}
