/** Keyv's storage adapter: python-diskcache has `DjangoCache` in this place. */
import { EventEmitter } from 'node:events';
import { InvalidOptionError } from '../../base/errors.js';
import { Cache } from './cache.js';
import { ENOVAL } from '../base/constants.js';
import type { FanoutCache } from './fanout-cache.js';

/** An item of {@link KeyvStore.setMany}. */
export interface KeyvStoreEntry {
  key: string;
  value: unknown;
  /**
   * Milliseconds until it is gone.
   * @defaultValue never
   */
  ttl?: number | undefined;
}

/** What a {@link KeyvStore} is told of its Keyv. */
export interface KeyvStoreOptions {
  /**
   * Does Keyv put its namespace before its keys? Where it was told `useKeyPrefix: false`, say so here too: the items are then
   * all that is in the cache, which {@link KeyvStore.clear} removes.
   * @defaultValue true, until Keyv sets a key without it
   */
  useKeyPrefix?: boolean | undefined;
}

/**
 * What [Keyv](https://keyv.org) 5 keeps its items in, and with it NestJS, cacheable, got and others: a {@link Cache} or
 * a {@link FanoutCache}. A Keyv item `key` of the namespace `keyv` is the cache's item `keyv:key`; its value is the JSON
 * that Keyv makes, or whatever Keyv was given where it was told to serialize nothing (`serialize: undefined`).
 *
 * Keyv's calls are asynchronous, the cache's are not: a call blocks the event loop while others hold the database, with
 * a Cache for its timeout (60 seconds), with a FanoutCache for 10 milliseconds. A store belongs to one Keyv, which sets
 * its namespace; many stores may share a cache. Where a store was given to two Keyvs of different namespaces, it cannot
 * tell whose items to clear, and refuses.
 *
 * @example
 * const cache = new FanoutCache('/data/cache');
 * const keyv = new Keyv({ store: new KeyvStore(cache), namespace: 'weather' });
 * await keyv.set('night', { seeing: 0.8 }, 3_600_000);
 */
export class KeyvStore extends EventEmitter<{ error: [error: unknown] }> {
  /** What Keyv asks a store about itself: `dialect` makes it offer its iterator. */
  readonly opts: Record<string, unknown>;
  readonly #owners = new Set<string | undefined>();
  #namespace: string | undefined;
  /** Listeners for errors when the namespace was set: each Keyv adds its own before it sets one. */
  #listeners = 0;
  #hasPrefix: boolean;

  constructor(
    readonly cache: Cache | FanoutCache,
    { useKeyPrefix = true }: KeyvStoreOptions = {},
  ) {
    super();
    this.opts = { dialect: 'sqlite', url: `sqlite://${cache.directory}` };
    this.#hasPrefix = useKeyPrefix;
  }

  /** Set by Keyv. Without one, {@link clear} and {@link iterator} concern the whole cache. */
  get namespace(): string | undefined {
    // Keyv passes over items of others, by what it reads here: where there are several, that would be the last one's name.
    return this.#owners.size > 1 ? undefined : this.#namespace;
  }

  /** Each Keyv that is given the store sets its own: from the second on, {@link clear} refuses. */
  set namespace(namespace: string | undefined) {
    const listeners = this.listenerCount('error');
    // A Keyv that is given another namespace is still the one Keyv.
    if (listeners <= this.#listeners && this.#owners.size === 1) this.#owners.clear();
    this.#listeners = listeners;
    this.#namespace = namespace;
    this.#owners.add(namespace);
  }

  /** The value of a key; `undefined` where there is none. A failure is an `error` event too: Keyv would keep it to itself. */
  get<V>(key: string): Promise<V | undefined> {
    return promise(() => {
      try {
        return this.cache.get<V>(key);
      } catch (error) {
        if (this.listenerCount('error') > 0) this.emit('error', error);
        throw error;
      }
    });
  }

  /** The values of keys; `undefined` where there is none. */
  getMany<V>(keys: readonly string[]): Promise<(V | undefined)[]> {
    return promise(() => keys.map((key) => this.cache.get<V>(key)));
  }

  /**
   * Stores a value.
   * @param ttl milliseconds until it is gone; never by default
   * @returns false where the shard of a FanoutCache stayed locked
   */
  set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    return promise(() => this.#set({ key, value, ttl }));
  }

  /** Stores values. What it gives is whether each was stored: Keyv hands that on, though its types have no word of it. */
  setMany(entries: readonly KeyvStoreEntry[]): Promise<void> {
    return promise<unknown>(() => entries.map((entry) => this.#set(entry))) as Promise<void>;
  }

  /** Removes an item. @returns whether there was one */
  delete(key: string): Promise<boolean> {
    return promise(() => this.cache.delete(key));
  }

  /** Removes items. @returns whether all of them were there */
  deleteMany(keys: readonly string[]): Promise<boolean> {
    return promise(() => keys.map((key) => this.cache.delete(key)).every(Boolean));
  }

  /** Is there a value of this key that has not expired? */
  has(key: string): Promise<boolean> {
    return promise(() => this.cache.has(key));
  }

  /** Which of these keys have a value that has not expired? */
  hasMany(keys: readonly string[]): Promise<boolean[]> {
    return promise(() => keys.map((key) => this.cache.has(key)));
  }

  /**
   * Removes the items of the namespace, or all where there is none, or Keyv does not put it before its keys. Keys are read
   * for that, values are not.
   * @throws InvalidOptionError where the store was given to Keyvs of different namespaces
   */
  clear(): Promise<void> {
    return promise(() => {
      this.#refuseManyOwners();
      const prefix = this.#prefix(this.#namespace);
      if (prefix === '') this.cache.clear({ retry: true });
      else for (const cache of this.#caches()) clearPrefix(cache, prefix);
    });
  }

  /** Keys and values of a namespace, or of the whole cache. Each Keyv takes it right after it has set its namespace. */
  get iterator(): <V>(namespace?: string) => AsyncGenerator<[key: string, value: V], void, undefined> {
    const own = this.#namespace;
    return (namespace = own) => this.#entries(namespace);
  }

  async *#entries<V>(namespace: string | undefined): AsyncGenerator<[key: string, value: V], void, undefined> {
    const prefix = this.#prefix(namespace);
    for (const cache of this.#caches()) {
      for (const key of keysOf(cache, prefix)) {
        const value = await promise(() => cache.get<V, typeof ENOVAL>(key, ENOVAL, { retry: true }));
        if (value !== ENOVAL) yield [key, value];
      }
    }
  }

  /** Lets go of the database; the next use opens it again. */
  disconnect(): Promise<void> {
    return promise(() => {
      this.cache.close();
    });
  }

  #set({ key, value, ttl }: KeyvStoreEntry): boolean {
    // A Keyv that was told useKeyPrefix: false says so by its keys alone.
    if (this.#owners.size < 2 && !key.startsWith(prefixOf(this.#namespace))) this.#hasPrefix = false;
    return this.cache.set(key, value, { expire: secondsOf(ttl) });
  }

  /** What the keys begin with that are meant. */
  #prefix(namespace: string | undefined): string {
    return this.#hasPrefix ? prefixOf(namespace) : '';
  }

  #refuseManyOwners(): void {
    if (this.#owners.size < 2) return;
    const names = [...this.#owners].map((name) => `'${name ?? ''}'`).join(', ');
    throw new InvalidOptionError(
      `one KeyvStore was given to Keyvs of the namespaces ${names}, and cannot tell which of them is to be cleared; nothing ` +
        'was removed: give each Keyv a store of its own, new KeyvStore(cache)',
    );
  }

  #caches(): readonly Cache[] {
    return this.cache instanceof Cache ? [this.cache] : this.cache.shards;
  }
}

/** What fails, fails as a promise. */
function promise<T>(answer: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(answer());
  });
}

/** Keyv means "for ever" by 0 as well. */
function secondsOf(ttl: number | undefined): number | undefined {
  if (ttl === undefined || ttl === 0 || !Number.isFinite(ttl)) return undefined;
  return Math.max(ttl, 0) / 1000;
}

function prefixOf(namespace: string | undefined): string {
  return namespace === undefined || namespace === '' ? '' : `${namespace}:`;
}

function clearPrefix(cache: Cache, prefix: string): void {
  cache.transact(
    () => {
      for (const key of keysOf(cache, prefix)) cache.delete(key);
    },
    { retry: true },
  );
}

/** In sorted order, which the database has an index for: no row is read. */
function* keysOf(cache: Cache, prefix: string): Generator<string, void, undefined> {
  for (const key of cache.keysSorted()) {
    if (typeof key === 'string' && key.startsWith(prefix)) yield key;
  }
}
