/** A cache of several caches, so that writers wait for each other less often. */
import type { Readable } from 'node:stream';
import type {
  CacheItem,
  CacheOptions,
  CacheStats,
  CheckOptions,
  IterateOptions,
  ResetOptions,
  RetryOptions,
  SetOptions,
  StatsOptions,
  Tag,
  TouchOptions,
} from '../state/cache-options.js';
import type { Cache } from './cache.js';
import type { CheckWarning } from './check-warning.js';
import type { Deque, DequeOptions } from './deque.js';
import type { Disk } from '../disk/disk.js';
import { TimeoutError } from '../base/errors.js';
import { folderOf } from '../disk/folder-of.js';
import { FanoutParts } from './fanout-parts.js';
import type { Index } from './index-map.js';
import { memoize, type MemoizeOptions, type Memoizer, type KeyedMemoizer } from '../memoize/memoize.js';
import { METADATA, type MetadataName, type Settings, type SettingValue } from '../settings/settings.js';
import { openShards } from './shards.js';
import { refuseLater } from '../state/transaction.js';
import { unlessLocked, whereLocked } from './unless-locked.js';

/** How a {@link FanoutCache} is opened. The size limit is that of all shards together. */
export interface FanoutCacheOptions extends CacheOptions {
  /**
   * Over how many caches the keys are spread: one for each writer at a time. All who open the folder must say the same
   * number, or they look for keys where they are not.
   * @defaultValue 8
   */
  shards?: number | undefined;
  /**
   * Seconds that a call waits for others who hold a shard, before it gives up.
   * @defaultValue 0.01
   */
  timeout?: CacheOptions['timeout'];
}

/**
 * A {@link Cache} whose keys are spread over shards, each a cache in a folder of its own (`000`, `001`, …): writers of
 * different shards do not wait for each other. Folders, shards and keys are those of python-diskcache's `FanoutCache`.
 *
 * No call on a key throws a {@link TimeoutError}: where others hold the shard for longer than the timeout, `set`, `add`,
 * `touch` and `delete` return false, look-ups return their default, and `incr` and `decr` return `undefined`. The event
 * loop is blocked for the timeout at most, save by the first call on a shard, which may have to make it or to write its
 * settings. A call with `retry: true` goes on until it succeeds, and so do {@link transact} and what concerns all shards,
 * unless it says otherwise.
 *
 * @example
 * using cache = new FanoutCache('/data/cache', { shards: 4 });
 * cache.set('night', { seeing: 0.8 }, { expire: 3600 });
 * cache.deque<string>('jobs').append('reduce');
 */
export class FanoutCache implements Iterable<[unknown, unknown]>, Disposable {
  /** The folder of all shards, with `~` and environment variables expanded. */
  readonly directory: string;
  /** The caches that hold the keys. */
  readonly shards: readonly Cache[];

  readonly #first: Cache;
  readonly #parts: FanoutParts;

  /**
   * @param directory made where it is not there; a new folder among the system's temporary ones by default
   * @throws InvalidOptionError where an option is not what it must be, or the folder was made with more shards
   */
  constructor(directory?: string | URL, options: FanoutCacheOptions = {}) {
    const { shards = 8, timeout = 0.01, ...settings } = options;
    this.directory = folderOf(directory);
    this.shards = openShards(this.directory, shards, { ...settings, timeout });
    this.#first = this.shards[0] as Cache;
    this.#parts = new FanoutParts(this.directory, options.disk);
  }

  /** Seconds that a call waits for others who hold a shard. */
  get timeout(): number {
    return this.#first.timeout;
  }

  /** What makes columns and files of keys and values, and says which shard a key belongs to. */
  get disk(): Disk {
    return this.#first.disk;
  }

  /** The settings of a shard. */
  get settings(): Cache['settings'] {
    return this.#first.settings;
  }

  /** How many items there are, expired ones that are still there included. */
  get size(): number {
    return sum(this.shards, (shard) => shard.size);
  }

  /** Stores a value, see {@link Cache.set}. @returns false where the shard stayed locked */
  set(key: unknown, value: unknown, options: SetOptions = {}): boolean {
    return unlessLocked(false, () => this.#shard(key).set(key, value, options));
  }

  /** Stores the bytes of a stream, see {@link Cache.setStream}. @returns false where the shard stayed locked */
  async setStream(key: unknown, stream: AsyncIterable<Uint8Array>, options: SetOptions = {}): Promise<boolean> {
    try {
      return await this.#shard(key).setStream(key, stream, options);
    } catch (error) {
      return whereLocked(error, false);
    }
  }

  /** Stores a value unless the key has one. @returns whether it was stored */
  add(key: unknown, value: unknown, options: SetOptions = {}): boolean {
    return unlessLocked(false, () => this.#shard(key).add(key, value, options));
  }

  /** The value of a key, or the default where there is none or the shard stayed locked. */
  get<V = unknown>(key: unknown): V | undefined;
  get<V = unknown, D = undefined>(key: unknown, defaultValue: D, options?: RetryOptions): V | D;
  get(key: unknown, defaultValue?: unknown, options: RetryOptions = {}): unknown {
    return unlessLocked(defaultValue, () => this.#shard(key).get(key, defaultValue, options));
  }

  /** The value of a key with its expire time and tag; `undefined` as {@link get}. */
  getItem<V = unknown>(key: unknown, options: RetryOptions = {}): CacheItem<V> | undefined {
    return unlessLocked(undefined, () => this.#shard(key).getItem<V>(key, options));
  }

  /** The bytes of a value as a stream, see {@link Cache.read}; waits for the shard. */
  read(key: unknown): Readable | undefined {
    return this.#shard(key).read(key, { retry: true });
  }

  /** Has the key a value that has not expired? False too where the shard stayed locked. */
  has(key: unknown, options: RetryOptions = {}): boolean {
    return unlessLocked(false, () => this.#shard(key).has(key, options));
  }

  /** Removes an item. @returns whether there was one; false too where the shard stayed locked */
  delete(key: unknown, options: RetryOptions = {}): boolean {
    return unlessLocked(false, () => this.#shard(key).delete(key, options));
  }

  /** Sets when an item expires, see {@link Cache.touch}. @returns whether that was done */
  touch(key: unknown, options: TouchOptions = {}): boolean {
    return unlessLocked(false, () => this.#shard(key).touch(key, options));
  }

  /** Removes an item and returns its value, or the default where there is none or the shard stayed locked. */
  pop<V = unknown>(key: unknown): V | undefined;
  pop<V = unknown, D = undefined>(key: unknown, defaultValue: D, options?: RetryOptions): V | D;
  pop(key: unknown, defaultValue?: unknown, options: RetryOptions = {}): unknown {
    return unlessLocked(defaultValue, () => this.#shard(key).pop(key, defaultValue, options));
  }

  /** Removes an item and returns its value, expire time and tag; `undefined` as {@link pop}. */
  popItem<V = unknown>(key: unknown, options: RetryOptions = {}): CacheItem<V> | undefined {
    return unlessLocked(undefined, () => this.#shard(key).popItem<V>(key, options));
  }

  /** Adds to a number, see {@link Cache.incr}. @returns the new value; `undefined` where the shard stayed locked */
  incr(
    key: unknown,
    delta: number | bigint = 1,
    defaultValue: number | bigint | null = 0,
    options: RetryOptions = {},
  ): number | bigint | undefined {
    return unlessLocked(undefined, () => this.#shard(key).incr(key, delta, defaultValue, options));
  }

  /** Subtracts from a number, see {@link incr}. */
  decr(
    key: unknown,
    delta: number | bigint = 1,
    defaultValue: number | bigint | null = 0,
    options: RetryOptions = {},
  ): number | bigint | undefined {
    return unlessLocked(undefined, () => this.#shard(key).decr(key, delta, defaultValue, options));
  }

  /**
   * Does all that `fn` does, or nothing of it if it throws, while no other connection writes to any shard: all are
   * locked, in their order, however long that takes unless `retry: false`. May be nested. A process killed in the midst
   * of the last step, when the shards are committed one after the other, leaves some of them without their part.
   * @param fn synchronous
   * @throws TimeoutError where a shard stays locked, with `retry: false`
   */
  transact<T>(fn: () => T, { retry = true, timeout }: RetryOptions = {}): T {
    refuseLater(fn);
    const inAll = this.shards.reduceRight((inner, shard) => () => shard.transact(inner, { retry, timeout }), fn);
    return inAll();
  }

  /** Makes functions remember their results in this cache, see {@link Cache.memoize}. */
  memoize(options?: MemoizeOptions<readonly unknown[]>): Memoizer;
  memoize<const Args extends readonly unknown[]>(options: MemoizeOptions<Args>): KeyedMemoizer<Args>;
  memoize(options: MemoizeOptions = {}): Memoizer {
    return memoize(this, options);
  }

  /** Keys, shard by shard, each in the order in which they were added, expired ones included. */
  *keys<K = unknown>(options: IterateOptions = {}): Generator<K, void, undefined> {
    for (const shard of this.#inOrder(options)) yield* shard.keys<K>(options);
  }

  /** Values in the order of {@link keys}, without expired ones. */
  *values<V = unknown>(options: IterateOptions = {}): Generator<V, void, undefined> {
    for (const shard of this.#inOrder(options)) yield* shard.values<V>(options);
  }

  /** Keys and values in the order of {@link keys}, without expired ones. */
  *entries<K = unknown, V = unknown>(options: IterateOptions = {}): Generator<[K, V], void, undefined> {
    for (const shard of this.#inOrder(options)) yield* shard.entries<K, V>(options);
  }

  /** The same as {@link entries}. */
  [Symbol.iterator](): Generator<[unknown, unknown], void, undefined> {
    return this.entries();
  }

  /** {@link entries}, from the last to the first. */
  reversed(): Generator<[unknown, unknown], void, undefined> {
    return this.entries({ reverse: true });
  }

  /** Compares databases and folders, see {@link Cache.check}. @throws TimeoutError unless `retry` */
  check(options: CheckOptions = {}): CheckWarning[] {
    return this.shards.flatMap((shard) => shard.check(options));
  }

  /**
   * Removes the items with a tag. With `retry: false` a shard that stays locked keeps the rest of them.
   * @returns how many
   */
  evict(tag: Tag, options: RetryOptions = {}): number {
    return this.#remove(options, (shard, retry) => shard.evict(tag, retry));
  }

  /**
   * Removes the items that have expired, see {@link evict}.
   * @param now seconds since the epoch, the present by default
   */
  expire(now?: number, options: RetryOptions = {}): number {
    return this.#remove(options, (shard, retry) => shard.expire(now, retry));
  }

  /** Removes what has expired, then items until each shard is within its part of the limit, see {@link evict}. */
  cull(options: RetryOptions = {}): number {
    return this.#remove(options, (shard, retry) => shard.cull(retry));
  }

  /** Removes all items, see {@link evict}. */
  clear(options: RetryOptions = {}): number {
    return this.#remove(options, (shard, retry) => shard.clear(retry));
  }

  /** How often look-ups hit and missed, see {@link Cache.stats}. */
  stats(options: StatsOptions = {}): CacheStats {
    const all = this.shards.map((shard) => shard.stats(options));
    return { hits: sum(all, ({ hits }) => hits), misses: sum(all, ({ misses }) => misses) };
  }

  /** Bytes that the cache takes on the disk, roughly. */
  volume(): number {
    return sum(this.shards, (shard) => shard.volume());
  }

  /**
   * Reads or changes a setting of each shard, see {@link Cache.reset}; a size limit is that of one shard.
   * @returns its value; of a count, the sum
   */
  reset<N extends keyof Settings>(name: N, value?: Settings[N], options?: ResetOptions): Settings[N];
  reset(name: MetadataName): number;
  reset(name: string, value?: SettingValue, options?: ResetOptions): SettingValue;
  reset(name: string, value?: SettingValue, options: ResetOptions = {}): SettingValue {
    const values = this.shards.map((shard) => shard.reset(name, value, options));
    if (METADATA.some((count) => count === name)) return sum(values, Number);
    return values[0] as SettingValue;
  }

  /** Makes the index that {@link evict} is fast with, and keeps it. */
  createTagIndex(): void {
    for (const shard of this.shards) shard.createTagIndex();
  }

  /** Drops the index on tags. */
  dropTagIndex(): void {
    for (const shard of this.shards) shard.dropTagIndex();
  }

  /**
   * A cache in the folder `cache/<name>`, with the same disk; made once, later options do not count. A name may have
   * steps (`users/names`), but none that is a whole name already: `check({ fix })` of `users` would take the files of
   * `users/names` for strays.
   * @throws InvalidOptionError where the name leads out of the folder
   */
  cache(name: string, options: CacheOptions = {}): Cache {
    return this.#parts.cache(name, options);
  }

  /** A deque in the folder `deque/<name>`, see {@link cache}. */
  deque<T = unknown>(name: string, { maxlen }: Pick<DequeOptions, 'maxlen'> = {}): Deque<T> {
    return this.#parts.deque<T>(name, maxlen);
  }

  /** An index in the folder `index/<name>`, see {@link cache}. */
  index<K = unknown, V = unknown>(name: string): Index<K, V> {
    return this.#parts.index<K, V>(name);
  }

  /** Lets go of the databases, those of the caches, deques and indexes inside included. The next use opens them again. */
  close(): void {
    for (const shard of this.shards) shard.close();
    this.#parts.close();
  }

  /** {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #shard(key: unknown): Cache {
    return this.shards[this.disk.hash(key) % this.shards.length] as Cache;
  }

  #inOrder({ reverse = false }: IterateOptions): readonly Cache[] {
    return reverse ? this.shards.toReversed() : this.shards;
  }

  #remove({ retry = true }: RetryOptions, remove: (shard: Cache, options: RetryOptions) => number): number {
    return sum(this.shards, (shard) => {
      try {
        return remove(shard, { retry });
      } catch (error) {
        return whereLocked(error, error instanceof TimeoutError ? error.count : 0);
      }
    });
  }
}

function sum<T>(all: readonly T[], part: (one: T) => number): number {
  return all.reduce((total, one) => total + part(one), 0);
}
