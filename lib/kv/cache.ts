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
} from './cache-options.js';
import type { CheckWarning } from './check-warning.js';
import type { Disk } from './disk.js';
import type { MemoizeOptions, Memoized } from './memoize.js';
import type { MetadataName, Settings, SettingValue } from './settings.js';

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
  /**
   * @param directory made where it is not there; `~` and environment variables in it are expanded, as python-diskcache
   *   does; a new folder among the system's temporary ones by default
   * @throws InvalidOptionError where an option is not what it must be
   * @throws DatabaseError where the folder cannot be made
   */
  constructor(_directory?: string, _options: CacheOptions = {}) {
    throw new Error('not yet');
  }

  /** The folder, with `~` and environment variables expanded. */
  get directory(): string {
    throw new Error('not yet');
  }

  /** Seconds that a call waits for others who hold the database. */
  get timeout(): number {
    throw new Error('not yet');
  }

  /** What makes columns and files of keys and values. */
  get disk(): Disk {
    throw new Error('not yet');
  }

  /** The settings, as they were when the cache was opened or last {@link reset}. */
  get settings(): Readonly<Settings & Record<string, SettingValue>> {
    throw new Error('not yet');
  }

  /** How many items there are, expired ones that nobody has removed yet included. */
  get size(): number {
    throw new Error('not yet');
  }

  /**
   * Stores a value, replacing the one of that key.
   * @returns true
   * @throws TimeoutError where others hold the database for longer than the timeout, unless `retry`
   */
  set(_key: unknown, _value: unknown, _options: SetOptions = {}): boolean {
    throw new Error('not yet');
  }

  /**
   * Stores the bytes that a stream gives in a file; they are read back as a Buffer, or with {@link read}. The database
   * is not locked while the stream flows.
   * @throws what the stream throws; then nothing is stored
   */
  setStream(_key: unknown, _stream: AsyncIterable<Uint8Array>, _options: SetOptions = {}): Promise<boolean> {
    throw new Error('not yet');
  }

  /** Stores a value unless the key has one. @returns whether it was stored; one of many at once wins */
  add(_key: unknown, _value: unknown, _options: SetOptions = {}): boolean {
    throw new Error('not yet');
  }

  /**
   * The value of a key.
   * @param defaultValue what to return where there is none, or it has expired
   * @throws TimeoutError as {@link set} does, where the look-up is counted or changes what is evicted next
   */
  get<V = unknown>(key: unknown): V | undefined;
  get<V = unknown, D = undefined>(key: unknown, defaultValue: D, options?: RetryOptions): V | D;
  get(_key: unknown, _defaultValue?: unknown, _options: RetryOptions = {}): unknown {
    throw new Error('not yet');
  }

  /** The value of a key with its expire time and tag; `undefined` where there is none. */
  getItem<V = unknown>(_key: unknown, _options: RetryOptions = {}): CacheItem<V> | undefined {
    throw new Error('not yet');
  }

  /**
   * The bytes of a value as a stream, for values larger than memory; `undefined` where there is none. What was open
   * when the item is removed is still read to its end.
   * @throws StowageError `STOWAGE_KV_NOT_BYTES` where the value is neither bytes nor text
   */
  read(_key: unknown, _options: RetryOptions = {}): Readable | undefined {
    throw new Error('not yet');
  }

  /** Has the key a value that has not expired? */
  has(_key: unknown): boolean {
    throw new Error('not yet');
  }

  /** Removes an item. @returns whether there was one */
  delete(_key: unknown, _options: RetryOptions = {}): boolean {
    throw new Error('not yet');
  }

  /** Sets when an item expires, counted from now; without `expire`, never. @returns whether there is such an item */
  touch(_key: unknown, _options: TouchOptions = {}): boolean {
    throw new Error('not yet');
  }

  /** Removes an item and returns its value, or the default where there is none. */
  pop<V = unknown>(key: unknown): V | undefined;
  pop<V = unknown, D = undefined>(key: unknown, defaultValue: D, options?: RetryOptions): V | D;
  pop(_key: unknown, _defaultValue?: unknown, _options: RetryOptions = {}): unknown {
    throw new Error('not yet');
  }

  /** Removes an item and returns its value, expire time and tag; `undefined` where there is none. */
  popItem<V = unknown>(_key: unknown, _options: RetryOptions = {}): CacheItem<V> | undefined {
    throw new Error('not yet');
  }

  /**
   * Adds to a number, atomically.
   * @param defaultValue what to add to where there is no item; `null` throws
   * @returns the new value
   * @throws NotACounterError where the value is no number of a column, or would leave the 64 bits of SQLite's integers
   */
  incr(
    _key: unknown,
    _delta: number | bigint = 1,
    _defaultValue: number | bigint | null = 0,
    _options: RetryOptions = {},
  ): number | bigint {
    throw new Error('not yet');
  }

  /** Subtracts from a number, atomically, see {@link incr}. */
  decr(
    _key: unknown,
    _delta: number | bigint = 1,
    _defaultValue: number | bigint | null = 0,
    _options: RetryOptions = {},
  ): number | bigint {
    throw new Error('not yet');
  }

  /** Adds an item to a queue, by default at its back. @returns its key */
  push(_value: unknown, _options: PushOptions = {}): number | string {
    throw new Error('not yet');
  }

  /** Takes an item from a queue, by default from its front; `undefined` where it is empty. */
  pull<V = unknown>(_options: QueueOptions = {}): KeyedItem<V, number | string> | undefined {
    throw new Error('not yet');
  }

  /** Looks at the item that {@link pull} would take. */
  peek<V = unknown>(_options: QueueOptions = {}): KeyedItem<V, number | string> | undefined {
    throw new Error('not yet');
  }

  /** The item added last, or first; `undefined` where the cache is empty. Expired items met on the way are removed. */
  peekItem<V = unknown, K = unknown>(_options: PeekItemOptions = {}): KeyedItem<V, K> | undefined {
    throw new Error('not yet');
  }

  /**
   * Does all that `fn` does, or nothing of it if it throws: no one else writes meanwhile. May be nested; an inner one
   * that throws takes back its own part.
   * @param fn synchronous: one that returns a promise is taken back
   * @returns what `fn` returns
   * @throws InvalidOptionError where `fn` returns a promise
   */
  transact<T>(_fn: () => T, _options: RetryOptions = {}): T {
    throw new Error('not yet');
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
  memoize(_options: MemoizeOptions = {}): <F extends (...args: never[]) => unknown>(fn: F) => Memoized<F> {
    throw new Error('not yet');
  }

  /** Keys in the order in which they were added, expired ones included. */
  keys<K = unknown>(_options: IterateOptions = {}): Generator<K, void, undefined> {
    throw new Error('not yet');
  }

  /** Keys in the order of the database: numbers, then strings, then bytes and pickled keys. */
  keysSorted<K = unknown>(_options: IterateOptions = {}): Generator<K, void, undefined> {
    throw new Error('not yet');
  }

  /** Values in the order in which their keys were added, without expired ones. Not counted as look-ups. */
  values<V = unknown>(_options: IterateOptions = {}): Generator<V, void, undefined> {
    throw new Error('not yet');
  }

  /** Keys and values in the order in which the keys were added, without expired ones. Not counted as look-ups. */
  entries<K = unknown, V = unknown>(_options: IterateOptions = {}): Generator<[K, V], void, undefined> {
    throw new Error('not yet');
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
   * @returns what is wrong, empty where all is well
   */
  check(_options: CheckOptions = {}): CheckWarning[] {
    throw new Error('not yet');
  }

  /** Removes the items with a tag. @returns how many */
  evict(_tag: Tag, _options: RetryOptions = {}): number {
    throw new Error('not yet');
  }

  /**
   * Removes the items that have expired.
   * @param now seconds since the epoch, the present by default
   * @returns how many
   */
  expire(_now?: number, _options: RetryOptions = {}): number {
    throw new Error('not yet');
  }

  /** Removes what has expired, then items by the eviction policy until the volume is within the limit. @returns how many */
  cull(_options: RetryOptions = {}): number {
    throw new Error('not yet');
  }

  /** Removes all items. @returns how many */
  clear(_options: RetryOptions = {}): number {
    throw new Error('not yet');
  }

  /** How often look-ups hit and missed while counting was on; turns counting on, unless `enable: false`. */
  stats(_options: StatsOptions = {}): CacheStats {
    throw new Error('not yet');
  }

  /** Bytes that the cache takes on the disk, roughly: pages of the database, and files. */
  volume(): number {
    throw new Error('not yet');
  }

  /**
   * Reads a setting anew from the database, or changes it there for all who open the folder from now on.
   * @returns its value
   */
  reset<N extends keyof Settings>(name: N, value?: Settings[N], options?: ResetOptions): Settings[N];
  reset(name: MetadataName): number;
  reset(name: string, value?: SettingValue, options?: ResetOptions): SettingValue;
  reset(_name: string, _value?: SettingValue, _options: ResetOptions = {}): SettingValue {
    throw new Error('not yet');
  }

  /** Makes the index that {@link evict} is fast with, and keeps it. */
  createTagIndex(): void {
    throw new Error('not yet');
  }

  /** Drops the index on tags. */
  dropTagIndex(): void {
    throw new Error('not yet');
  }

  /** Lets go of the database, which closes with the last cache on the folder. The next use opens it again. */
  close(): void {
    throw new Error('not yet');
  }

  /** {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
