/** Managers of caches: one of a name in a process. */
import { join } from 'node:path';
import { systemClock, type TimerClock } from '../base/clock.js';
import { InvalidOptionError } from '../base/errors.js';
import { tmpdirOf } from '../key/names/folder-name.js';
import { escapeComponent } from '../key/names/path-name.js';
import { defaultTmpdir } from '../store/disk/default-tmpdir.js';
import { methodResults, type MethodReference } from '../trace/results.js';
import { CacheFile } from './files/cache-file.js';
import {
  checkCustomOptions,
  checkManagerOptions,
  type CacheManagerOptions,
  type CustomCacheOptions,
  type DependentsOptions,
} from './cache/cache-options.js';
import { Dependence } from './dependence.js';
import { CacheRegisteredError, UnknownCacheError } from './contract/errors.js';
import { checkName, DEFAULT_MANAGER, managers, type Affected, type CacheHome } from './cache/manager-contract.js';
import type { CacheHooks, Contents, HookName, Nothing } from './contract/hooks.js';
import { AutoSyncCache, LazyBuildCache, NonPersistentCache, PersistentCache } from './kinds.js';
import type { ManagedCache } from './cache/managed-cache.js';
import { quietly } from './contract/quietly.js';

/** A cache by its name or itself. */
export type CacheReference = string | { readonly name: string };

/**
 * The manager of a name: made at the first call, and the same at every later one of the process.
 *
 * @param name names its folder, `general_cache`
 * @defaultValue `'general'`
 * @throws InvalidOptionError where the name or a path is none, or the manager is there already with other settings
 */
export function getCacheManager(name: string = DEFAULT_MANAGER, options: CacheManagerOptions = {}): CacheManager {
  const { baseFolder, clock } = checkManagerOptions(name, options);
  const known = managers.get(name);
  if (known === undefined) {
    const manager = new CacheManager(name, options);
    managers.set(name, manager);
    return manager;
  }
  const isSame =
    (baseFolder === undefined || tmpdirOf(baseFolder) === known.baseFolder) && (clock ?? known.clock) === known.clock;
  if (isSame && known instanceof CacheManager) return known;
  throw new InvalidOptionError(
    `getCacheManager: there is a manager '${name}' already, with the folder ${known.folder}: one of another name can have another`,
  );
}

/** Keeps caches by name, and knows which depend on which. Made by {@link getCacheManager}. */
export class CacheManager implements CacheHome<ManagedCache> {
  readonly name: string;
  readonly baseFolder: string;
  readonly folderName: string;
  readonly folder: string;
  readonly clock: TimerClock;
  readonly #caches = new Map<string, ManagedCache>();
  readonly #dependence = new Dependence();

  /** Use {@link getCacheManager}: two managers of one folder would undo each other's changes. */
  constructor(name: string, options: CacheManagerOptions = {}) {
    checkName(name, 'a manager');
    const { baseFolder = defaultTmpdir(), clock = systemClock } = checkManagerOptions(name, options);
    this.name = name;
    this.baseFolder = tmpdirOf(baseFolder);
    this.folderName = escapeComponent(`${name}_cache`);
    this.folder = join(this.baseFolder, this.folderName);
    this.clock = clock;
  }

  /** @deprecated it is called `baseFolder` */
  get baseDirectory(): string {
    return this.baseFolder;
  }

  /** @deprecated it is called `folder` */
  get directory(): string {
    return this.folder;
  }

  /** For caches, which enter themselves. */
  enter(name: string, cache: ManagedCache): void {
    if (this.#caches.has(name)) throw new CacheRegisteredError(name, this.name);
    this.#caches.set(name, cache);
  }

  /** For caches, which leave by themselves. */
  leave(name: string): void {
    this.#caches.delete(name);
    this.#dependence.forget(name);
  }

  /**
   * Registers an {@link AutoSyncCache}: contents saved under its name are loaded. Without contents, a cache that is
   * registered already is answered as it is.
   *
   * @param contents what it holds at first; then nothing is loaded
   * @throws CacheRegisteredError where there is one and contents are given
   */
  registerCache<K = string, V = unknown>(name: string, contents?: Contents<K, V>): ManagedCache<K, V> {
    const known = contents === undefined ? this.#caches.get(name) : undefined;
    if (known !== undefined) return known as unknown as ManagedCache<K, V>;
    return new AutoSyncCache<K, V>(name, { contents, manager: this });
  }

  /**
   * Registers a cache with hooks and of a kind of its own.
   * @throws CacheRegisteredError where the name is taken
   * @throws CacheHookError where its loader or builder throws
   * @throws InvalidOptionError where an option is not what it must be; nothing is registered then
   */
  registerCustomCache<K = string, V = unknown>(
    name: string,
    options: CustomCacheOptions<K, V> = {},
  ): ManagedCache<K, V> {
    const { persistent = true, autosync = true, lazy = false, schedule, ...others } = checkCustomOptions(name, options);
    const own = { ...others, manager: this };
    if (!persistent) return lazy ? new LazyBuildCache<K, V>(name, own) : new NonPersistentCache<K, V>(name, own);
    if (lazy) throw new InvalidOptionError(`the cache '${name}': lazy is for caches that are not persistent`);
    return autosync ? new AutoSyncCache<K, V>(name, { ...own, schedule }) : new PersistentCache<K, V>(name, own);
  }

  /** The cache of a name; registered by {@link registerCache} where there is none. */
  retrieveCache<K = string, V = unknown>(name: string): ManagedCache<K, V> {
    return this.registerCache<K, V>(name);
  }

  /** The cache of a name. @throws UnknownCacheError where there is none */
  retrieveOrThrow<K = string, V = unknown>(name: string): ManagedCache<K, V> {
    const cache = this.#caches.get(name);
    if (cache === undefined) throw new UnknownCacheError(name, this.name);
    return cache as unknown as ManagedCache<K, V>;
  }

  /** Is there a cache of that name? */
  cacheRegistered(name: string): boolean {
    return this.#caches.has(name);
  }

  /** Names of the caches, in the order in which they were registered. */
  get names(): string[] {
    return [...this.#caches.keys()];
  }

  /**
   * Saves the unsaved changes of a cache and lets it go; its saved contents stay, and so do its dependents. For a cache
   * that is not registered it does nothing.
   *
   * @param options `dependents`: also what depends on it, default `false`
   * @returns resolves when it is saved and gone; until then it is registered
   * @throws CacheNotSavedError where it could not be saved; then it stays
   */
  deregisterCache(name: string, { dependents = false }: DependentsOptions = {}): Promise<void> {
    return quietly(this.#deregister(dependents ? this.#namesFrom(name) : [name]));
  }

  /** {@link deregisterCache}, for all. */
  deregisterAllCaches(): Promise<void> {
    return quietly(this.#deregister(this.names));
  }

  async #deregister(names: readonly string[]): Promise<void> {
    for (const name of names) await this.#caches.get(name)?.deregister();
  }

  #namesFrom(name: string): string[] {
    return this.#dependence.inOrderFrom(name).filter((each) => typeof each === 'string');
  }

  // ---- Hooks: each holds from the next time that it is due; `undefined` takes it away. See CacheHooks

  /** Sets the `loader` of a cache. */
  registerLoader<K, V>(name: string, loader: CacheHooks<K, V>['loader'] | Nothing): ManagedCache<K, V> {
    return this.#setHook(name, 'loader', loader);
  }

  /** Sets the `saver`. */
  registerSaver<K, V>(name: string, saver: CacheHooks<K, V>['saver'] | Nothing): ManagedCache<K, V> {
    return this.#setHook(name, 'saver', saver);
  }

  /** Sets the `deleter`. */
  registerDeleter<K, V>(name: string, deleter: CacheHooks<K, V>['deleter'] | Nothing): ManagedCache<K, V> {
    return this.#setHook(name, 'deleter', deleter);
  }

  /** Sets the `builder`. */
  registerBuilder<K, V>(name: string, builder: CacheHooks<K, V>['builder'] | Nothing): ManagedCache<K, V> {
    return this.#setHook(name, 'builder', builder);
  }

  /** Sets the `validator`. */
  registerValidator<K, V>(name: string, validator: CacheHooks<K, V>['validator'] | Nothing): ManagedCache<K, V> {
    return this.#setHook(name, 'validator', validator);
  }

  /** Sets the `preProcessor`. */
  registerPreProcessor<K, V>(
    name: string,
    preProcessor: CacheHooks<K, V>['preProcessor'] | Nothing,
  ): ManagedCache<K, V> {
    return this.#setHook(name, 'preProcessor', preProcessor);
  }

  /** Sets the `postProcessor`. */
  registerPostProcessor<K, V>(
    name: string,
    postProcessor: CacheHooks<K, V>['postProcessor'] | Nothing,
  ): ManagedCache<K, V> {
    return this.#setHook(name, 'postProcessor', postProcessor);
  }

  #setHook<K, V, Name extends HookName>(
    name: string,
    hook: Name,
    fn: CacheHooks<K, V>[Name] | Nothing,
  ): ManagedCache<K, V> {
    const cache = this.retrieveCache<K, V>(name);
    cache.setHook(hook, fn);
    return cache;
  }

  /**
   * Says that something depends on something: when a cache is invalidated, rebuilt or reloaded, or its saved contents
   * are deleted, the same is done to its dependents, in order, each once.
   *
   * Either side may be a cached method, `{ instance, method, args }`. A method that depends on a cache is invalidated with
   * it; what it reads of the cache while it computes is noted without being said. A cache that depends on a method is
   * invalidated when the result of that call is invalidated or comes out different, in this process or, when the cache is
   * next used, since it was saved.
   *
   * The analyzer of a method that depends on a cache is kept alive until the cache is deregistered; the other is not.
   *
   * @param root the cache or method depended on; a cache that is not registered is registered
   * @param dependent the cache or method that depends on it; a cache may be registered later
   * @throws InvalidOptionError where both are methods: those find out by themselves, or with `dependsOn`
   * @throws NotCachedError where a method is not cached
   */
  registerDependentCache(root: CacheReference | MethodReference, dependent: CacheReference | MethodReference): void {
    const [from, to] = [checkReference(root), checkReference(dependent)];
    if (typeof from !== 'string') {
      if (typeof to === 'string') this.retrieveCache(to).dependOn(from);
      else
        throw new InvalidOptionError(
          'registerDependentCache: one of the two must be a cache; methods find out by themselves, or with dependsOn',
        );
      return;
    }
    this.retrieveCache(from);
    this.#dependence.add(from, to);
  }

  /** The caches that an operation runs through. A cache that is not registered now may have a file. */
  affectedBy(name: string): Affected<ManagedCache>[] {
    return this.#dependence.inOrderFrom(name).map((each) => {
      if (typeof each !== 'string') return { method: each };
      const cache = this.#caches.get(each);
      return cache === undefined ? { file: new CacheFile(this.baseFolder, this.folderName, each) } : { cache };
    });
  }

  // ---- Operations on a cache by its name, or on all

  /** {@link ManagedCache.save} */
  saveCacheContents(name: string, options?: DependentsOptions): Promise<void> {
    return this.retrieveCache(name).save(options);
  }

  /** Saves all caches. All are tried; the first error is thrown then, here and below. */
  saveAllCacheContents(): Promise<void> {
    return this.#forAll(async (cache) => cache.save());
  }

  /** {@link ManagedCache.deleteSaved} */
  deleteSavedCacheContent(name: string, options?: DependentsOptions): Promise<void> {
    return this.retrieveCache(name).deleteSaved(options);
  }

  /** Removes the saved contents of all caches. */
  deleteAllSavedCacheContents(): Promise<void> {
    return this.#forAll(async (cache) => cache.deleteSaved({ dependents: false }));
  }

  /** {@link ManagedCache.invalidate} */
  invalidateCache(name: string, options?: DependentsOptions): void {
    this.retrieveCache(name).invalidate(options);
  }

  /** {@link ManagedCache.rebuild} */
  invalidateAndRebuildCache(name: string, options?: DependentsOptions): Promise<void> {
    return this.retrieveCache(name).rebuild(options);
  }

  /** Rebuilds all caches, in the order in which they were registered. */
  invalidateAndRebuildAllCaches(): Promise<void> {
    return this.#forAll(async (cache) => cache.rebuild({ dependents: false }));
  }

  /** {@link ManagedCache.reload} */
  reloadCache(name: string, options?: DependentsOptions): Promise<void> {
    return this.retrieveCache(name).reload(options);
  }

  /** Reloads all caches. */
  reloadAllCaches(): Promise<void> {
    return this.#forAll(async (cache) => cache.reload({ dependents: false }));
  }

  /** {@link ManagedCache.reload}, and then {@link ManagedCache.ready}: where nothing can be loaded, it is built now. */
  reloadOrRebuildCache(name: string, options?: DependentsOptions): Promise<void> {
    return this.retrieveCache(name).reloadOrRebuild(options);
  }

  /** {@link reloadOrRebuildCache}, for all. */
  reloadOrRebuildAllCaches(): Promise<void> {
    return this.#forAll(async (cache) => cache.reloadOrRebuild({ dependents: false }));
  }

  #forAll(action: (cache: ManagedCache) => Promise<void>): Promise<void> {
    const ends = Promise.allSettled([...this.#caches.values()].map(action));
    return quietly(
      ends.then((results) => {
        for (const result of results) if (result.status === 'rejected') throw result.reason;
      }),
    );
  }
}

/** @throws InvalidOptionError where it is neither a cache nor a method */
function checkReference(reference: unknown): string | MethodReference {
  if (typeof reference === 'string' && reference !== '') return reference;
  if (typeof reference === 'object' && reference !== null) {
    if ('instance' in reference && 'method' in reference) {
      const method = reference as MethodReference;
      methodResults()?.check(method, 'registerDependentCache');
      return method;
    }
    if ('name' in reference && typeof reference.name === 'string') return reference.name;
  }
  throw new InvalidOptionError(
    'registerDependentCache takes the name of a cache, a cache, or a cached method { instance, method, args }',
  );
}
