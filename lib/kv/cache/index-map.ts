/** A map in insertion order that outlives the process. Not named after its class: `index.ts` is the folder's face. */
import { inspect } from 'node:util';
import { InvalidOptionError } from '../../base/errors.js';
import type { IterateOptions, KeyedItem, QueueOptions, RetryOptions } from '../state/cache-options.js';
import { CacheView } from './cache-view.js';
import type { Cache } from './cache.js';
import { sameSequence, sameValue } from './compare-values.js';
import { ENOVAL } from '../base/constants.js';
import { DatabaseError } from '../base/errors.js';
import type { MemoizeOptions, Memoizer, KeyedMemoizer } from '../memoize/memoize.js';

/** What an {@link Index} is filled from: pairs, a Map, another Index, or an object's properties. */
export type IndexEntries<K, V> = Iterable<readonly [K, V]> | Readonly<Record<string, V>>;

/** Which end of an {@link Index}. */
export interface IndexEndOptions {
  /**
   * The item added last, or the one added first.
   * @defaultValue true
   */
  last?: boolean | undefined;
}

/** Which queue of an {@link Index}, and which end of it. */
export type IndexQueueOptions = Omit<QueueOptions, keyof RetryOptions>;

/**
 * A map in a folder that any number of processes share, those that use python-diskcache's `Index` included. It keeps
 * the order in which keys were added; nothing is evicted and nothing expires; memory does not grow with its size. Keys
 * are found by their stored form, so an array or a Buffer finds what another one like it stored.
 *
 * Each method is done as a whole or not at all, save that {@link update} sets item by item. A method waits until
 * others let go of the database, however long that takes.
 *
 * @example
 * using seeing = new Index<string, number>('/data/seeing');
 * seeing.set('night 1', 0.8).set('night 2', 1.1);
 * seeing.popItem({ last: false }); // ['night 1', 0.8]
 */
export class Index<K = unknown, V = unknown> extends CacheView implements Iterable<[K, V]> {
  /**
   * @param directory its folder, made where it is not there; a new one among the system's temporary ones by default
   * @param entries what to set
   */
  constructor(directory?: string | URL | Cache, entries: IndexEntries<K, V> = []) {
    super(directory);
    this.update(entries);
  }

  /** An index of a cache that is there already. One with another eviction policy than `none` takes items away. */
  static fromCache<K = unknown, V = unknown>(cache: Cache, entries: IndexEntries<K, V> = []): Index<K, V> {
    return new this<K, V>(cache, entries);
  }

  /** The value of a key, or the default where there is none. */
  get(key: K): V | undefined;
  get<D>(key: K, defaultValue: D): V | D;
  get(key: K, defaultValue?: unknown): unknown {
    return this.cache.get(key, defaultValue, { retry: true });
  }

  /** Sets a value; a key that is there keeps its place in the order. */
  set(key: K, value: V): this {
    this.cache.set(key, value, { retry: true });
    return this;
  }

  /** Is there an item of this key? */
  has(key: K): boolean {
    return this.cache.has(key);
  }

  /** Removes an item. @returns whether there was one */
  delete(key: K): boolean {
    return this.cache.delete(key, { retry: true });
  }

  /** The value of a key, which is set to the default first where there is none. One of many at once wins. */
  setDefault(key: K, defaultValue: V): V {
    const value = this.get(key, ENOVAL);
    if (value !== ENOVAL) return value;
    return this.transact(() => {
      const meanwhile = this.get(key, ENOVAL);
      if (meanwhile !== ENOVAL) return meanwhile;
      this.set(key, defaultValue);
      return this.get(key, defaultValue);
    });
  }

  /** Sets all of the items, one by one; in a {@link transact} they appear at once. */
  update(entries: IndexEntries<K, V>): void {
    for (const [key, value] of pairsOf(entries)) this.set(key, value);
  }

  /** Removes an item and returns its value, or the default where there is none. */
  pop(key: K): V | undefined;
  pop<D>(key: K, defaultValue: D): V | D;
  pop(key: K, defaultValue?: unknown): unknown {
    return this.cache.pop(key, defaultValue, { retry: true });
  }

  /**
   * Removes an item at an end and returns it; `undefined` where the index is empty.
   * @throws DatabaseError where the disk does not find the item by its key: with JSONDisk, one of a queue
   */
  popItem(options: IndexEndOptions = {}): [K, V] | undefined {
    return this.transact(() => {
      const item = this.peekItem(options);
      if (item === undefined || this.delete(item[0])) return item;
      throw new DatabaseError(
        `the item ${inspect(item[0])} of the index in ${this.directory} cannot be removed: its key is stored in a form that ` +
          `${this.cache.disk.constructor.name} does not make`,
      );
    });
  }

  /** The item at an end; `undefined` where the index is empty. */
  peekItem({ last = true }: IndexEndOptions = {}): [K, V] | undefined {
    const item = this.cache.peekItem<V, K>({ last, retry: true });
    return item && [item.key, item.value];
  }

  /** Adds an item to a queue, by default at its back, under a key that is made for it. @returns the key */
  push(value: V, options: IndexQueueOptions = {}): number | string {
    return this.cache.push(value, { ...options, retry: true });
  }

  /** Takes an item from a queue, by default from its front; `undefined` where it is empty. */
  pull(options: IndexQueueOptions = {}): [key: number | string, value: V] | undefined {
    const item: KeyedItem<V, number | string> | undefined = this.cache.pull<V>({ ...options, retry: true });
    return item && [item.key, item.value];
  }

  /** Keys in the order in which they were added. */
  keys(options: IterateOptions = {}): Generator<K, void, undefined> {
    return this.cache.keys<K>(options);
  }

  /** Values in the order in which their keys were added. */
  values(options: IterateOptions = {}): Generator<V, void, undefined> {
    return this.cache.values<V>(options);
  }

  /** Keys and values in the order in which the keys were added. */
  entries(options: IterateOptions = {}): Generator<[K, V], void, undefined> {
    return this.cache.entries<K, V>(options);
  }

  /** The same as {@link entries}. */
  [Symbol.iterator](): Generator<[K, V], void, undefined> {
    return this.entries();
  }

  /** {@link entries}, from the last to the first. */
  reversed(): Generator<[K, V], void, undefined> {
    return this.entries({ reverse: true });
  }

  /**
   * Are these the same items by content? Another Index must have them in the same order; of a Map or an object the
   * order does not matter.
   */
  equals(other: Index | ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>>): boolean {
    if (other instanceof Index) return this.size === other.size && sameSequence(this, other);
    const items = [...pairsOf<unknown, unknown>(other)];
    // Looked up here, by stored form: a Map knows an array or a Buffer by identity alone.
    return items.length === this.size && items.every(([key, value]) => sameValue(this.get(key as K, ENOVAL), value));
  }

  /** Makes functions remember their results in this index, see {@link Cache.memoize}. */
  memoize(options?: Omit<MemoizeOptions<readonly unknown[]>, 'expire' | 'tag'>): Memoizer;
  memoize<const Args extends readonly unknown[]>(
    options: Omit<MemoizeOptions<Args>, 'expire' | 'tag'>,
  ): KeyedMemoizer<Args>;
  memoize(options: Omit<MemoizeOptions, 'expire' | 'tag'> = {}): Memoizer {
    return this.cache.memoize(options);
  }
}

function pairsOf<K, V>(entries: IndexEntries<K, V> | ReadonlyMap<K, V>): Iterable<readonly [K, V]> {
  if (typeof (entries as unknown) !== 'object' || (entries as unknown) === null) {
    throw new InvalidOptionError(
      `an index is filled from pairs, a Map or an object, not from ${inspect(entries, { depth: 0 })}`,
    );
  }
  if (Symbol.iterator in entries) return entries as Iterable<readonly [K, V]>;
  return Object.entries<V>(entries) as unknown as [K, V][];
}
