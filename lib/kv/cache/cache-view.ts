/** What Deque and Index have in common. */
import { Cache } from './cache.js';

/** A cache that nothing is evicted from, seen as another kind of collection. */
export abstract class CacheView implements Disposable {
  /** The cache that holds the values. */
  readonly cache: Cache;

  /** @param place a cache that is there already, or the folder of one; a new temporary folder by default */
  protected constructor(place: Cache | string | URL | undefined) {
    this.cache = place instanceof Cache ? place : new Cache(place, { evictionPolicy: 'none' });
  }

  /** Its folder. */
  get directory(): string {
    return this.cache.directory;
  }

  /** How many values there are. */
  get size(): number {
    return this.cache.size;
  }

  /** Removes all values. */
  clear(): void {
    this.cache.clear({ retry: true });
  }

  /**
   * Does all that `fn` does, or nothing of it if it throws, while no other connection writes. May be nested.
   * @param fn synchronous
   */
  transact<R>(fn: () => R): R {
    return this.cache.transact(fn, { retry: true });
  }

  /** Lets go of the database; the next use opens it again. */
  close(): void {
    this.cache.close();
  }

  /** {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
