/** What the methods of a cache can be told. */
import type { Duration } from '../../base/text/duration.js';
import type { DiskClass } from '../disk/disk.js';
import type { EvictionPolicy } from '../settings/eviction-policy.js';
import type { FurtherSettings } from '../settings/settings.js';

/** A label shared by items, to remove them together with {@link Cache.evict}. */
export type Tag = string | number | bigint;

/** How a {@link Cache} is opened. Settings given here are written to the cache's database and stay in force. */
export interface CacheOptions extends FurtherSettings {
  /**
   * Seconds that a call waits for others who hold the database, before it throws a {@link TimeoutError}.
   * @defaultValue 60
   */
  timeout?: number | Duration | undefined;
  /**
   * How keys and values become columns and files: {@link Disk}, {@link JSONDisk} or a class of your own derived from
   * them. Everybody who opens the folder must use the same.
   * @defaultValue Disk
   */
  disk?: DiskClass | undefined;
  /** @defaultValue false in a new cache */
  statistics?: boolean | number | undefined;
  /** @defaultValue false in a new cache */
  tagIndex?: boolean | number | undefined;
  /** @defaultValue `'least-recently-stored'` in a new cache */
  evictionPolicy?: EvictionPolicy | undefined;
  /**
   * Bytes from which on items are culled.
   * @defaultValue 2 ** 30 in a new cache
   */
  sizeLimit?: number | undefined;
  /**
   * Items that one write culls at most.
   * @defaultValue 10 in a new cache
   */
  cullLimit?: number | undefined;
  /** @defaultValue 2 ** 15 in a new cache */
  diskMinFileSize?: number | undefined;
  /** @defaultValue 5 in a new cache */
  diskPickleProtocol?: number | undefined;
  /**
   * Of a {@link JSONDisk}.
   * @defaultValue 1
   */
  diskCompressLevel?: number | undefined;
}

/** What a call does when others hold the database for longer than the timeout. */
export interface RetryOptions {
  /**
   * Try until it succeeds, instead of throwing a {@link TimeoutError}.
   * @defaultValue false
   */
  retry?: boolean | undefined;
  /**
   * Seconds that this call waits for others who hold the database. Nothing else of the thread runs meanwhile.
   * @defaultValue the cache's own timeout
   */
  timeout?: number | Duration | undefined;
}

/** How an item is stored. */
export interface SetOptions extends RetryOptions {
  /**
   * Seconds until the item is gone, or a duration spelled out.
   * @defaultValue never
   */
  expire?: number | Duration | undefined;
  /**
   * What to {@link Cache.evict} it by.
   * @defaultValue none
   */
  tag?: Tag | undefined;
}

/** How {@link Cache.touch} changes an item. */
export type TouchOptions = Omit<SetOptions, 'tag'>;

/** An end of a queue. */
export type Side = 'front' | 'back';

/** Which queue, and which end of it. */
export interface QueueOptions extends RetryOptions {
  /**
   * Name of the queue. Its keys are `prefix-500000000000000` and so on; without a prefix they are integers.
   * @defaultValue none
   */
  prefix?: string | undefined;
  /** @defaultValue `'front'` where items are taken, `'back'` where they are added */
  side?: Side | undefined;
}

/** Where and how an item is pushed. */
export interface PushOptions extends QueueOptions, SetOptions {}

/** Which end of the cache {@link Cache.peekItem} looks at. */
export interface PeekItemOptions extends RetryOptions {
  /**
   * The item added last, or the one added first.
   * @defaultValue true
   */
  last?: boolean | undefined;
}

/** In which direction to iterate. */
export interface IterateOptions {
  /** @defaultValue false */
  reverse?: boolean | undefined;
}

/** What {@link Cache.check} does with what it finds. */
export interface CheckOptions extends RetryOptions {
  /**
   * Repair it: items without file and files without item are removed, sizes and counts corrected.
   * @defaultValue false
   */
  fix?: boolean | undefined;
}

/** What {@link Cache.stats} does with the counters, after reading them. */
export interface StatsOptions {
  /**
   * Count from now on, or stop counting.
   * @defaultValue true
   */
  enable?: boolean | undefined;
  /**
   * Start again from 0.
   * @defaultValue false
   */
  reset?: boolean | undefined;
}

/** What {@link Cache.reset} does with a setting's new value. */
export interface ResetOptions {
  /**
   * Write it to the database, for all; otherwise it holds for this object alone.
   * @defaultValue true
   */
  update?: boolean | undefined;
}

/** An item without its key. */
export interface CacheItem<V = unknown> {
  value: V;
  /** Seconds since the epoch; `undefined` for an item that does not expire. */
  expireTime: number | undefined;
  tag: Tag | undefined;
}

/** An item with its key. */
export interface KeyedItem<V = unknown, K = unknown> extends CacheItem<V> {
  key: K;
}

/** How often look-ups found what they looked for. */
export interface CacheStats {
  hits: number;
  misses: number;
}
