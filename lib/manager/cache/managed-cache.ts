/** A named cache: used like a Map, loaded or built, saved, invalidated with what depends on it. */
import { inspect } from 'node:util';
import { InvalidOptionError } from '../../base/errors.js';
import { run, type Flow } from '../../base/run/flow.js';
import { cacheKey } from '../../key/classes/symbols.js';
import { newGeneration } from '../../store/record/generation.js';
import { methodResults, type MethodReference } from '../../trace/results.js';
import { CacheNotReadyError } from '../contract/errors.js';
import type { CacheHooks, HookName, Nothing } from '../contract/hooks.js';
import { quietly } from '../contract/quietly.js';
import { CacheLife, checkedContents, type CacheKind } from './cache-life.js';
import { checkCacheOptions, type DependentsOptions, type ManagedCacheOptions } from './cache-options.js';
import { CachedMap } from './cached-map.js';
import { checkName, DEFAULT_MANAGER, managers, type Affected, type CacheHome } from './manager-contract.js';

/** How the contents come to be anew. */
type Load = (life: CacheLife<string, unknown>) => Flow<Map<string, unknown> | undefined>;

/**
 * A cache of a manager. {@link PersistentCache} and its sisters are the kinds that there are. A change inside a value
 * is no change of the cache: set it again, or it is saved only when something else is, or when `save` is called.
 */
export abstract class ManagedCache<K = string, V = unknown> extends CachedMap<K, V> {
  readonly name: string;
  /** The folder of the manager. */
  readonly folder: string;
  readonly #home: CacheHome<ManagedCache>;
  readonly #life: CacheLife<K, V>;

  protected constructor(name: string, given: ManagedCacheOptions<K, V>, kind: CacheKind) {
    super();
    checkName(name, 'a cache');
    const options = checkCacheOptions(name, given);
    const home = (options.manager ?? managers.get(DEFAULT_MANAGER)) as CacheHome<ManagedCache> | undefined;
    if (home === undefined) {
      throw new InvalidOptionError(
        `the cache '${name}' has no manager: call getCacheManager() first, or give it { manager }`,
      );
    }
    this.name = name;
    this.folder = home.folder;
    this.#home = home;
    this.#life = new CacheLife<K, V>({
      name,
      home,
      kind,
      hooks: options,
      invalidate: () => {
        this.invalidate();
      },
    });
    const contents = options.contents === undefined ? undefined : checkedContents(name, options.contents);
    home.enter(name, this as unknown as ManagedCache);
    this.#life.begin(contents);
  }

  /** @deprecated it is called `folder` */
  get directory(): string {
    return this.folder;
  }

  /**
   * Resolves to the cache when its contents are there; loads or builds them if that has not begun. Only with an
   * asynchronous loader, builder, validator or postProcessor is there anything to wait for.
   * @throws CacheHookError where a hook failed; `reload` and `rebuild` try again
   */
  get ready(): Promise<this> {
    return quietly(this.#life.filling.ready().then(() => this));
  }

  /** Sets a hook, or takes it away; it holds from the next time that it is due. @throws InvalidOptionError where it is none */
  setHook<Name extends HookName>(name: Name, hook: CacheHooks<K, V>[Name] | Nothing): void {
    this.#life.source.setHook(name, hook);
    if (name === 'saver') this.#life.saving.noteSaver();
  }

  /** `AutoSyncCache<edges>` */
  override toString(): string {
    return `${this.constructor.name}<${this.name}>`;
  }

  /** @internal */
  [inspect.custom](_depth: number, options: object): string {
    const { held, kind } = this.#life.filling;
    return `${this.toString()} ${held === undefined ? `(${kind})` : inspect(held, options)}`;
  }

  /** As an argument of a cached method it is known by its place: reads of it are noted. */
  [cacheKey](): unknown {
    return ['managed cache', this.folder, this.name];
  }

  protected present(): Map<K, V> {
    return this.#life.present();
  }

  protected changeable(): Map<K, V> {
    if (!this.#life.isClosed) return this.present();
    throw new CacheNotReadyError(`the cache '${this.name}' was deregistered: what is changed in it would not be saved`);
  }

  protected noteRead(...keys: [key?: K]): void {
    this.#life.reads.note(...keys);
  }

  protected noteChange(key: K): void {
    this.#life.reads.changed(key);
    this.#life.saving.note();
  }

  // ---- Saving

  /**
   * Saves the contents as they are now, in the background. One save is at work at a time; a save requested meanwhile
   * comes after it, once. In a cache that is not persistent it does nothing.
   *
   * @param options `dependents`: also what depends on the cache, default `false`
   * @returns resolves when they are saved. It need not be awaited: a failure is also reported by an event
   * @throws CacheNotSavedError where they could not be saved: they are kept in memory, and the next save tries again
   */
  save({ dependents = false }: DependentsOptions = {}): Promise<void> {
    if (!dependents) return quietly(this.#saveAlone());
    const saves: Promise<void>[] = [];
    for (const affected of this.#home.affectedBy(this.name)) if ('cache' in affected) saves.push(affected.cache.save());
    return quietly(Promise.all(saves).then(() => undefined));
  }

  async #saveAlone(): Promise<void> {
    if (this.#life.filling.kind === 'pending') await this.ready;
    await this.#life.saving.request();
  }

  // ---- Invalidating, deleting, rebuilding, reloading

  /**
   * Says that the contents are no longer right: those in memory and in the file are not used any more, and unsaved
   * changes are gone. When it is next used its `loader`, if it has one, loads; or else its `builder` builds; or else it
   * is empty. What depends on it is invalidated with it, caches and results of cached methods alike.
   *
   * @param options `dependents`: default `true`
   * @throws the file system's error where the saved contents could not be marked: in memory all is invalidated all the
   *   same, but a later process may use the saved contents
   */
  invalidate({ dependents = true }: DependentsOptions = {}): void {
    const errors: unknown[] = [];
    for (const affected of this.#affected(dependents)) {
      try {
        if ('cache' in affected) affected.cache.#life.invalidate();
        else if ('file' in affected) affected.file.invalidate(newGeneration());
        else methodResults()?.invalidate(affected.method);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  /**
   * Removes the saved contents. Those in memory stay, and are saved again once they have changed.
   * @param options `dependents`: default `true`
   * @returns resolves when it is removed; with a synchronous `deleter` it is when the call returns
   */
  deleteSaved({ dependents = true }: DependentsOptions = {}): Promise<void> {
    return quietly(begun(this.#deleteAll(this.#affected(dependents))));
  }

  /**
   * Invalidates the cache, removes its saved contents, and builds it; then its dependents, each after all that it
   * depends on.
   * @param options `dependents`: default `true`
   * @returns resolves when all is built; with synchronous hooks it is when the call returns
   * @throws CacheHookError where a hook failed: the caches that would have come after it are built when they are next
   *   used
   */
  rebuild({ dependents = true }: DependentsOptions = {}): Promise<void> {
    return quietly(begun(this.#rebuildAll(dependents)));
  }

  /**
   * Loads the contents as they were saved last; unsaved changes are gone. Where nothing is saved, they are built when they
   * are next used.
   * @param options `dependents`: default `true`
   * @returns resolves when all is loaded; with synchronous hooks it is when the call returns
   * @throws CacheHookError where a hook failed
   */
  reload({ dependents = true }: DependentsOptions = {}): Promise<void> {
    return quietly(begun(this.#reloadAll(dependents, (life) => life.load())));
  }

  /**
   * As {@link reload}; where nothing can be loaded, the contents are built.
   * @param options `dependents`: default `true`
   */
  reloadOrRebuild({ dependents = true }: DependentsOptions = {}): Promise<void> {
    return quietly(begun(this.#reloadAll(dependents, (life) => life.loadOrBuild())));
  }

  /** Depends on the result of a cached method: when that is another one, the cache is invalidated. */
  dependOn(reference: MethodReference): void {
    this.#life.upstreams.add(reference);
  }

  /**
   * Saves unsaved changes, and lets go of the cache: it can still be read.
   * @throws CacheNotSavedError, and all stays
   */
  async deregister(): Promise<void> {
    await this.#life.saving.saveAll();
    this.#life.close();
  }

  #affected(dependents: boolean): Affected<ManagedCache>[] {
    return dependents ? this.#home.affectedBy(this.name) : [{ cache: this as unknown as ManagedCache }];
  }

  *#deleteAll(all: readonly Affected<ManagedCache>[]): Flow<void> {
    for (const affected of all) {
      if ('cache' in affected) yield* affected.cache.#life.deleteSaved();
      else if ('file' in affected) affected.file.delete();
    }
  }

  *#rebuildAll(dependents: boolean): Flow<void> {
    const all = this.#affected(dependents);
    this.invalidate({ dependents });
    yield* this.#deleteAll(all);
    for (const affected of all) if ('cache' in affected) yield* affected.cache.#life.rebuild();
  }

  *#reloadAll(dependents: boolean, load: Load): Flow<void> {
    for (const affected of this.#affected(dependents)) {
      if ('cache' in affected) {
        const life = affected.cache.#life;
        yield* life.reload(() => load(life));
      } else if ('method' in affected) methodResults()?.invalidate(affected.method);
    }
  }
}

/** Runs a flow now, as far as that is possible. */
async function begun(flow: Flow<void>): Promise<void> {
  await run(flow);
}
