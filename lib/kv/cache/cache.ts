/** The cache itself: a table of contents; each idea has a file of its own beside this one. */
import type { Readable } from 'node:stream';
import type {
  CacheItem,
  CacheOptions,
  CacheStats,
  CheckOptions,
  IterateOptions,
  KeyedItem,
  PeekItemOptions,
  PushOptions,
  QueueOptions,
  ResetOptions,
  RetryOptions,
  SetOptions,
  StatsOptions,
  Tag,
  TouchOptions,
} from '../state/cache-options.js';
import { CacheState } from '../state/cache-state.js';
import { checkCache } from './check.js';
import type { CheckWarning } from './check-warning.js';
import { present } from '../database/clock.js';
import { ENOVAL } from '../base/constants.js';
import { increment } from '../item/counter.js';
import { readCount } from '../state/counts.js';
import { cullAll, volume } from '../item/cull.js';
import type { Disk } from '../disk/disk.js';
import { entries, keys, keysSorted, peekItem } from './iterate.js';
import { getItem, hasItem, readItem } from '../item/look-up.js';
import { memoize, type MemoizeOptions, type Memoizer, type KeyedMemoizer } from '../memoize/memoize.js';
import { pushItem, takeItem } from './queue.js';
import { deleteItem, popItem } from '../item/remove-item.js';
import { clearItems, evictItems, expireItems } from '../item/remove-many.js';
import { readStats, resetSetting, setTagIndex } from './reset.js';
import type { AllSettings, MetadataName, Settings, SettingValue } from '../settings/settings.js';
import { addItem, setItem, setStream, touchItem } from '../item/store-item.js';
import { transactFunction } from '../state/transaction.js';

/**
 * A key-value cache in a folder: small values in an SQLite database, large ones in files beside it. Any number of
 * processes may use it at once, those that use python-diskcache 5 included: the format is its own.
 *
 * Values: strings, Buffers (Python's bytes), numbers, bigints, null, booleans, arrays, plain objects, Sets, typed
 * arrays and ndarrays (NumPy's arrays). What Python has no counterpart for (undefined, Map, Date, cycles) is read by
 * Stowage alone; Python gets an error. An integer is Python's int, which has one size: it comes back as a number
 * where a number holds it exactly, and as a bigint otherwise.
 *
 * Keys: strings, numbers, bigints, Buffers and Uint8Arrays (as bytes), and what can be pickled: an array is a tuple.
 *
 * Everything is synchronous, like SQLite; time is in seconds. The database is opened at first use.
 *
 * @example
 * using cache = new Cache('/data/cache', { sizeLimit: 4 * 2 ** 30 });
 * cache.set('night', { seeing: 0.8 }, { expire: 3600, tag: 'weather' });
 * cache.get('night'); // { seeing: 0.8 }
 */
export class Cache implements Iterable<[unknown, unknown]>, Disposable {
  readonly #state: CacheState;

  /**
   * @param directory made where it is not there; `~` and environment variables in it are expanded, as python-diskcache
   *   does; a new folder among the system's temporary ones by default
   * @throws InvalidOptionError where an option is not what it must be
   * @throws DatabaseError where the folder cannot be made
   */
  constructor(directory?: string | URL, options: CacheOptions = {}) {
    this.#state = new CacheState(directory, options);
  }

  /** The folder, with `~` and environment variables expanded. */
  get directory(): string {
    return this.#state.directory;
  }

  /** Seconds that a call waits for others who hold the database. */
  get timeout(): number {
    return this.#state.timeout;
  }

  /** What makes columns and files of keys and values. */
  get disk(): Disk {
    return this.#state.disk;
  }

  /** The settings, as they were when the cache was opened or last {@link reset}. */
  get settings(): Readonly<AllSettings> {
    return this.#state.settings;
  }

  /** How many items there are, expired ones that are still there included. */
  get size(): number {
    return readCount(this.#state, 'count');
  }

  /**
   * Stores a value, replacing the one of that key.
   * @returns true
   * @throws TimeoutError where others hold the database for longer than the timeout, unless `retry`
   */
  set(key: unknown, value: unknown, options: SetOptions = {}): boolean {
    return setItem(this.#state, key, value, options);
  }

  /**
   * Stores the bytes that a stream gives in a file; they are read back as a Buffer, or with {@link read}. The database
   * is not locked while the stream flows.
   * @throws what the stream throws; then nothing is stored
   */
  setStream(key: unknown, stream: AsyncIterable<Uint8Array>, options: SetOptions = {}): Promise<boolean> {
    return setStream(this.#state, key, stream, options);
  }

  /** Stores a value unless the key has one. @returns whether it was stored; one of many at once wins */
  add(key: unknown, value: unknown, options: SetOptions = {}): boolean {
    return addItem(this.#state, key, value, options);
  }

  /**
   * The value of a key, or the default where there is none or it has expired.
   * @throws TimeoutError as {@link set} does, where the look-up is counted or changes the order of eviction
   */
  get<V = unknown>(key: unknown): V | undefined;
  get<V = unknown, D = undefined>(key: unknown, defaultValue: D, options?: RetryOptions): V | D;
  get(key: unknown, defaultValue?: unknown, options: RetryOptions = {}): unknown {
    const found = getItem(this.#state, key, options);
    return found === ENOVAL ? defaultValue : found.value;
  }

  /** The value of a key with its expire time and tag; `undefined` where there is none. */
  getItem<V = unknown>(key: unknown, options: RetryOptions = {}): CacheItem<V> | undefined {
    const found = getItem(this.#state, key, options);
    return found === ENOVAL ? undefined : (found as CacheItem<V>);
  }

  /**
   * The bytes of a value as a stream, for values larger than memory; `undefined` where there is none. What was open
   * when the item is removed is still read to its end.
   * @throws StowageError `STOWAGE_KV_NOT_BYTES` where the value is neither bytes nor text
   */
  read(key: unknown, options: RetryOptions = {}): Readable | undefined {
    return readItem(this.#state, key, options);
  }

  /** Has the key a value that has not expired? */
  has(key: unknown, options: RetryOptions = {}): boolean {
    return hasItem(this.#state, key, options);
  }

  /** Removes an item. @returns whether there was one */
  delete(key: unknown, options: RetryOptions = {}): boolean {
    return deleteItem(this.#state, key, options);
  }

  /** Sets when an item expires, counted from now; without `expire`, never. @returns whether there is such an item */
  touch(key: unknown, options: TouchOptions = {}): boolean {
    return touchItem(this.#state, key, options);
  }

  /** Removes an item and returns its value, or the default where there is none. */
  pop<V = unknown>(key: unknown): V | undefined;
  pop<V = unknown, D = undefined>(key: unknown, defaultValue: D, options?: RetryOptions): V | D;
  pop(key: unknown, defaultValue?: unknown, options: RetryOptions = {}): unknown {
    const found = popItem(this.#state, key, options);
    return found === ENOVAL ? defaultValue : found.value;
  }

  /** Removes an item and returns its value, expire time and tag; `undefined` where there is none. */
  popItem<V = unknown>(key: unknown, options: RetryOptions = {}): CacheItem<V> | undefined {
    const found = popItem(this.#state, key, options);
    return found === ENOVAL ? undefined : (found as CacheItem<V>);
  }

  /**
   * Adds to a number, atomically.
   * @param defaultValue what to add to where there is no item; `null` throws
   * @returns the new value
   * @throws NotACounterError where the value is no number of a column, or would leave the 64 bits of SQLite's integers
   */
  incr(
    key: unknown,
    delta: number | bigint = 1,
    defaultValue: number | bigint | null = 0,
    options: RetryOptions = {},
  ): number | bigint {
    return increment(this.#state, key, { ...options, delta, defaultValue });
  }

  /** Subtracts from a number, atomically, see {@link incr}. */
  decr(
    key: unknown,
    delta: number | bigint = 1,
    defaultValue: number | bigint | null = 0,
    options: RetryOptions = {},
  ): number | bigint {
    return increment(this.#state, key, { ...options, delta: -delta, defaultValue });
  }

  /** Adds an item to a queue, by default at its back. @returns its key */
  push(value: unknown, options: PushOptions = {}): number | string {
    return pushItem(this.#state, value, options);
  }

  /** Takes an item from a queue, by default from its front; `undefined` where it is empty. */
  pull<V = unknown>(options: QueueOptions = {}): KeyedItem<V, number | string> | undefined {
    return takeItem(this.#state, options, { keep: false }) as KeyedItem<V, number | string> | undefined;
  }

  /** Looks at the item that {@link pull} would take. */
  peek<V = unknown>(options: QueueOptions = {}): KeyedItem<V, number | string> | undefined {
    return takeItem(this.#state, options, { keep: true }) as KeyedItem<V, number | string> | undefined;
  }

  /** The item added last, or first; `undefined` where the cache is empty. Expired items met on the way are removed. */
  peekItem<V = unknown, K = unknown>(options: PeekItemOptions = {}): KeyedItem<V, K> | undefined {
    return peekItem(this.#state, options) as KeyedItem<V, K> | undefined;
  }

  /**
   * Does all that `fn` does, or nothing of it if it throws: no other connection writes meanwhile. May be nested; an
   * inner transaction that throws takes back its own part.
   * @param fn synchronous: if it returns a promise, its changes are taken back
   * @returns what `fn` returns
   * @throws InvalidOptionError where `fn` returns a promise
   */
  transact<T>(fn: () => T, options: RetryOptions = {}): T {
    return transactFunction(this.#state, options, fn);
  }

  /**
   * Makes functions remember their results in this cache. Async functions too: the value of the promise is stored. A
   * fault of the cache never breaks the function: the value is returned, and a `fault` event says what happened; so
   * does a value that cannot be stored.
   *
   * @example
   * const fit = cache.memoize({ expire: 3600 })((file: string, degree: number) => …);
   * fit('a.csv', 3);
   * cache.delete(fit.cacheKey('a.csv', 3));
   */
  memoize(options?: MemoizeOptions<readonly unknown[]>): Memoizer;
  memoize<const Args extends readonly unknown[]>(options: MemoizeOptions<Args>): KeyedMemoizer<Args>;
  memoize(options: MemoizeOptions = {}): Memoizer {
    return memoize(this, options);
  }

  /** Keys in the order in which they were added, expired ones included. */
  keys<K = unknown>(options: IterateOptions = {}): Generator<K, void, undefined> {
    return keys(this.#state, options) as Generator<K, void, undefined>;
  }

  /** Keys in the order of the database: numbers, then strings, then bytes and pickled keys. */
  keysSorted<K = unknown>(options: IterateOptions = {}): Generator<K, void, undefined> {
    return keysSorted(this.#state, options) as Generator<K, void, undefined>;
  }

  /** Values in the order in which their keys were added, without expired ones. Not counted as look-ups. */
  *values<V = unknown>(options: IterateOptions = {}): Generator<V, void, undefined> {
    for (const [, value] of entries(this.#state, options)) yield value as V;
  }

  /** Keys and values in the order in which the keys were added, without expired ones. Not counted as look-ups. */
  entries<K = unknown, V = unknown>(options: IterateOptions = {}): Generator<[K, V], void, undefined> {
    return entries(this.#state, options) as Generator<[K, V], void, undefined>;
  }

  /** The same as {@link entries}. */
  [Symbol.iterator](): Generator<[unknown, unknown], void, undefined> {
    return this.entries();
  }

  /** {@link entries}, from the last to the first. */
  reversed(): Generator<[unknown, unknown], void, undefined> {
    return this.entries({ reverse: true });
  }

  /**
   * Compares database and folder. Meant for tests and for the day after; others cannot write meanwhile.
   * @returns the faults found, empty where all is well
   */
  check(options: CheckOptions = {}): CheckWarning[] {
    return checkCache(this.#state, options);
  }

  /** Removes the items with a tag. @returns how many */
  evict(tag: Tag, options: RetryOptions = {}): number {
    return evictItems(this.#state, tag, options);
  }

  /**
   * Removes the items that have expired.
   * @param now seconds since the epoch, the present by default
   * @returns how many
   */
  expire(now = present(), options: RetryOptions = {}): number {
    return expireItems(this.#state, now, options);
  }

  /** Removes what has expired, then items by the eviction policy until the volume is within the limit. @returns how many */
  cull(options: RetryOptions = {}): number {
    return cullAll(this.#state, options);
  }

  /** Removes all items. @returns how many */
  clear(options: RetryOptions = {}): number {
    return clearItems(this.#state, options);
  }

  /** How often look-ups hit and missed while counting was on; turns counting on, unless `enable: false`. */
  stats(options: StatsOptions = {}): CacheStats {
    return readStats(this.#state, options);
  }

  /** Bytes that the cache takes on the disk, roughly: pages of the database, and files. */
  volume(): number {
    return volume(this.#state);
  }

  /**
   * Reads a setting anew from the database, or changes it there for all who open the folder from now on.
   * @returns its value
   */
  reset<N extends keyof Settings>(name: N, value?: Settings[N], options?: ResetOptions): Settings[N];
  reset(name: MetadataName): number;
  reset(name: string, value?: SettingValue, options?: ResetOptions): SettingValue;
  reset(name: string, value?: SettingValue, options: ResetOptions = {}): SettingValue {
    return resetSetting(this.#state, name, value, options);
  }

  /** Makes the index that {@link evict} is fast with, and keeps it. */
  createTagIndex(): void {
    setTagIndex(this.#state, true);
  }

  /** Drops the index on tags. */
  dropTagIndex(): void {
    setTagIndex(this.#state, false);
  }

  /** Lets go of the database, which closes with the last cache on the folder. The next use opens it again. */
  close(): void {
    this.#state.close();
  }

  /** {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
