/** Stored results with the time that computing them took, for `memoizeStampede`. */
import { StowageError } from '../../base/errors.js';
import type { CacheItem, SetOptions } from '../../kv/state/cache-options.js';
import { ENOVAL } from '../../kv/base/constants.js';
import { Results } from '../../kv/memoize/stored-results.js';
import type { RecipeCache } from './recipe-cache.js';

/** A result, and the seconds that computing it took. */
export type Timed = [value: unknown, seconds: number];

/** Results of one function, with what they cost. No fault of the cache gets out. */
export class TimedResults {
  private readonly results: Results;

  /** @param name the function's, for events */
  constructor(
    private readonly cache: RecipeCache,
    name: string,
    private readonly options: SetOptions,
  ) {
    this.results = new Results(cache.directory, name);
  }

  /** The stored item, if it is a timed result. */
  look(key: unknown): CacheItem<Timed> | undefined {
    const item = this.results.attempt('read', () => this.cache.getItem(key, { retry: true }), undefined);
    return isTimed(item) ? item : undefined;
  }

  keep(key: unknown, result: Timed): void {
    this.results.attempt('stored', () => this.cache.set(key, result, { ...this.options, retry: true }), undefined);
  }

  /**
   * Claims the right to compute a result early, for as long as that took before; Python's claims are the same.
   * @returns whether no other caller has it
   */
  claim(key: unknown, seconds: number): boolean {
    const claim = [...(key as unknown[]), ENOVAL];
    return this.results.attempt('claimed', () => this.cache.add(claim, null, { expire: seconds, retry: true }), false);
  }

  /** Computing a result early failed. */
  readonly tellFailure = (cause: unknown): void => {
    const { directory, name } = this.results;
    const message =
      `${name} failed when it was to compute a result early, in the background; what is stored in the cache ` +
      `${directory} is returned until it expires: ${String(cause)}`;
    this.results.tell(
      'fault',
      new StowageError('STOWAGE_EARLY_COMPUTATION', message, { cause }),
      'STOWAGE_EARLY_COMPUTATION',
    );
  };
}

function isTimed(item: CacheItem | undefined): item is CacheItem<Timed> {
  return Array.isArray(item?.value) && item.value.length === 2 && typeof item.value[1] === 'number';
}
