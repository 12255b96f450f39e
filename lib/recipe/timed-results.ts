import { StowageError, UncacheableValueError } from '../base/errors.js';
import { events, type EventType } from '../base/events.js';
import { warnOnce } from '../base/warn.js';
import type { CacheItem, SetOptions } from '../kv/cache-options.js';
import type { RecipeCache } from './recipe-cache.js';

/** A result, and the seconds that computing it took. */
export type Timed = [value: unknown, seconds: number];

/** Results of one function, with what they cost. No fault of the cache gets out. */
export class TimedResults {
  /** @param name the function's, for events */
  constructor(
    private readonly cache: RecipeCache,
    private readonly name: string,
    private readonly options: SetOptions,
  ) {}

  /** What is stored. */
  look(key: unknown): CacheItem<Timed> | undefined {
    const item = this.attempt('read', () => this.cache.getItem(key, { retry: true }));
    return isTimed(item) ? item : undefined;
  }

  keep(key: unknown, result: Timed): void {
    this.attempt('stored', () => this.cache.set(key, result, { ...this.options, retry: true }));
  }

  /**
   * Claims the right to compute a result early, for as long as that took before.
   * @returns whether nobody else has it
   */
  claim(key: unknown, seconds: number): boolean {
    // No key of a call ends so.
    const claim = [...(key as unknown[]), ['stowage', 'early']];
    return this.attempt('claimed', () => this.cache.add(claim, null, { expire: seconds, retry: true })) ?? false;
  }

  /** Computing a result early failed. */
  readonly tellFailure = (cause: unknown): void => {
    const message =
      `${this.name} failed when it was to compute a result early, in the background; what is stored in the cache ` +
      `${this.cache.directory} is returned until it expires: ${String(cause)}`;
    this.tell('fault', new StowageError('STOWAGE_EARLY_COMPUTATION', message, { cause }), 'STOWAGE_EARLY_COMPUTATION');
  };

  private attempt<T>(doing: string, action: () => T): T | undefined {
    try {
      return action();
    } catch (cause) {
      if (cause instanceof UncacheableValueError) this.tell('uncacheable', cause, cause.code);
      else this.tellFault(doing, cause);
      return undefined;
    }
  }

  private tellFault(doing: string, cause: unknown): void {
    const message = `a result of ${this.name} could not be ${doing} in the cache ${this.cache.directory}: ${String(cause)}`;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN';
    const error = new StowageError('STOWAGE_KV_FAULT', `${message}. The function's value was returned all the same`, { cause });
    this.tell('fault', error, reason);
    warnOnce('STOWAGE_KV_FAULT', `${reason} ${this.cache.directory}`, error.message);
  }

  private tell(type: EventType, error: Error, reason: string): void {
    events.tell({ type, tag: '', instance: '', method: this.name, file: this.cache.directory, error, reason });
  }
}

function isTimed(item: CacheItem | undefined): item is CacheItem<Timed> {
  return Array.isArray(item?.value) && item.value.length === 2 && typeof item.value[1] === 'number';
}
