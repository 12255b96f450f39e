/** A named cache: used like a Map, loaded or built, saved, invalidated with what depends on it. */
import { inspect } from 'node:util';
import { InvalidOptionError } from '../../base/errors.js';
import { messageOf } from '../../base/thrown.js';
import { Later, perform, run, type Flow } from '../../base/run/flow.js';
import { cacheKey } from '../../key/classes/symbols.js';
import { newGeneration } from '../../store/record/generation.js';
import { methodResults, type MethodReference } from '../../trace/results.js';
import { CacheFile } from '../files/cache-file.js';
import { checkCacheOptions, type ManagedCacheOptions, type DependentsOptions } from './cache-options.js';
import { CachedMap } from './cached-map.js';
import { toMap } from '../filling/contents.js';
import { CacheNotReadyError } from '../contract/errors.js';
import { Filling } from '../filling/filling.js';
import { checkName, DEFAULT_MANAGER, managers, type Affected, type CacheHome } from './manager-contract.js';
import type { CacheHooks, Contents, HookName, Nothing } from '../contract/hooks.js';
import { inBackground, quietly } from '../contract/quietly.js';
import { Reads } from './reads.js';
import { Saving } from '../saving/saving.js';
import { SaveSchedule, type ScheduleRow } from '../contract/schedule.js';
import { Source } from '../filling/source.js';
import { tell } from '../contract/telling.js';
import { Upstreams } from '../filling/upstreams.js';

/** What the classes of caches differ in. */
export interface CacheKind {
  /** Is it saved in a file of the manager, unless a `saver` says otherwise? */
  persistent: boolean;
  /** Is it loaded or built only when it is first used? */
  lazy?: boolean;
  /** When it saves itself. */
  schedule?: readonly ScheduleRow[];
}

/** How the contents come to be anew. */
type Load = (cache: ManagedCache) => Flow<Map<string, unknown> | undefined>;

/** Being invalidated now: each is once, although the way may lead through the method cache and back. */
const beingInvalidated = new Set<object>();

/**
 * A cache of a manager. {@link PersistentCache} and its sisters are the kinds that there are. A change inside a value
 * is no change of the cache: set it again, or it is saved only when something else is, or when `save` is called.
 */
export abstract class ManagedCache<K = string, V = unknown> extends CachedMap<K, V> {
  readonly name: string;
  /** The folder of the manager. */
  readonly folder: string;
  readonly #home: CacheHome<ManagedCache>;
  readonly #file: CacheFile | undefined;
  readonly #upstreams: Upstreams;
  readonly #source: Source<K, V>;
  readonly #filling: Filling<Map<K, V>>;
  readonly #saving: Saving<K, V>;
  readonly #reads: Reads;
  #isClosed = false;

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
    const { baseFolder, folderName, folder, clock } = home;
    this.name = name;
    this.folder = folder;
    this.#home = home;
    this.#file = kind.persistent ? new CacheFile(baseFolder, folderName, name) : undefined;
    this.#upstreams = new Upstreams({
      name,
      baseFolder,
      isClosed: () => this.#isClosed,
      outdated: () => {
        this.#outdated();
      },
      lookAgain: () => {
        this.#upstreams.lookAgain();
      },
    });
    const file = this.#file;
    const upstreams = this.#upstreams;
    const source = new Source<K, V>({ name, folderName, context: this, file, upstreams }, options);
    const filling = new Filling(name, () => this.#loadOrBuild());
    const schedule =
      kind.schedule &&
      new SaveSchedule(kind.schedule, clock, () => {
        this.#saving.start();
      });
    this.#source = source;
    this.#filling = filling;
    this.#saving = new Saving({ name, folderName, folder, source, filling }, schedule);
    this.#reads = new Reads(
      baseFolder,
      folderName,
      name,
      () => this.present(),
      () => source.generation,
    );
    const contents = options.contents === undefined ? undefined : checkedContents(name, options.contents);
    home.enter(name, this as unknown as ManagedCache);
    this.#reads.enter();
    if (contents !== undefined) this.#begin(contents);
    else if (kind.lazy !== true) this.#fillAtFirst();
  }

  /** Its first contents were given: contents saved under its name are not even looked at. */
  #begin(contents: Map<K, V>): void {
    this.#source.generation = this.#file?.generation() ?? 0;
    this.#filling.hold(contents);
    this.#saving.note();
  }

  /** Where loading or building fails at once, there is no such cache. */
  #fillAtFirst(): void {
    try {
      inBackground(this.#filling.fill());
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  /**
   * Resolves to the cache when its contents are there; loads or builds them if that has not begun. Only with an
   * asynchronous loader, builder, validator or postProcessor is there anything to wait for.
   * @throws CacheHookError where a hook failed; `reload` and `rebuild` try again
   */
  get ready(): Promise<this> {
    return quietly(this.#filling.ready().then(() => this));
  }

  /** Sets a hook, or takes it away; it holds from the next time that it is due. @throws InvalidOptionError where it is none */
  setHook<Name extends HookName>(name: Name, hook: CacheHooks<K, V>[Name] | Nothing): void {
    this.#source.setHook(name, hook);
    if (name === 'saver') this.#saving.noteSaver();
  }

  /** `AutoSyncCache<edges>` */
  override toString(): string {
    return `${this.constructor.name}<${this.name}>`;
  }

  /** @internal */
  [inspect.custom](_depth: number, options: object): string {
    const { held, kind } = this.#filling;
    return `${this.toString()} ${held === undefined ? `(${kind})` : inspect(held, options)}`;
  }

  /** As an argument of a cached method it is known by its place: reads of it are noted. */
  [cacheKey](): unknown {
    return ['managed cache', this.folder, this.name];
  }

  protected present(): Map<K, V> {
    const contents = this.#filling.present();
    if (this.#upstreams.areStillRight()) return contents;
    this.#outdated();
    return this.#filling.present();
  }

  protected changeable(): Map<K, V> {
    if (!this.#isClosed) return this.present();
    throw new CacheNotReadyError(`the cache '${this.name}' was deregistered: what is changed in it would not be saved`);
  }

  protected noteRead(...keys: [key?: K]): void {
    this.#reads.note(...keys);
  }

  protected noteChange(key: K): void {
    this.#reads.changed(key);
    this.#saving.note();
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
    if (this.#filling.kind === 'pending') await this.ready;
    await this.#saving.request();
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
        if ('cache' in affected) affected.cache.#invalidateAlone();
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
    return quietly(begun(this.#reloadAll(dependents)));
  }

  /**
   * As {@link reload}; where nothing can be loaded, the contents are built.
   * @param options `dependents`: default `true`
   */
  reloadOrRebuild({ dependents = true }: DependentsOptions = {}): Promise<void> {
    return quietly(begun(this.#reloadAll(dependents, (cache) => cache.#loadOrBuild())));
  }

  /** Depends on the result of a cached method: when that is another one, the cache is invalidated. */
  dependOn(reference: MethodReference): void {
    this.#upstreams.add(reference);
  }

  /**
   * Saves unsaved changes, and lets go of the cache: it can still be read.
   * @throws CacheNotSavedError, and all stays
   */
  async deregister(): Promise<void> {
    await this.#saving.saveAll();
    this.#close();
  }

  #close(): void {
    this.#isClosed = true;
    this.#saving.close();
    this.#reads.leave();
    this.#upstreams.close();
    this.#home.leave(this.name);
  }

  #affected(dependents: boolean): Affected<ManagedCache>[] {
    return dependents ? this.#home.affectedBy(this.name) : [{ cache: this as unknown as ManagedCache }];
  }

  #invalidateAlone(): void {
    if (beingInvalidated.has(this)) return;
    beingInvalidated.add(this);
    try {
      this.#source.generation = newGeneration(this.#source.generation);
      this.#letGo();
      tell('stale', this.#home.folderName, this.name, 'was invalidated');
      this.#file?.invalidate(this.#source.generation);
    } finally {
      beingInvalidated.delete(this);
    }
  }

  /** A thing that it depends on has changed. No caller is there to throw to. */
  #outdated(): void {
    // Contents that are being made now are checked when they are there.
    if (this.#isClosed || this.#filling.held === undefined) return;
    try {
      this.invalidate();
    } catch (error) {
      tell('fault', this.#home.folderName, this.name, `could not be invalidated on disk: ${String(error)}`, {
        file: this.folder,
        error,
      });
    }
  }

  #letGo(): void {
    this.#filling.letGo();
    this.#upstreams.forget();
    this.#saving.forget();
    this.#reads.changedAll();
  }

  *#loadOrBuild(): Flow<Map<K, V>> {
    return (yield* this.#source.load()) ?? (yield* this.#build());
  }

  *#build(): Flow<Map<K, V>> {
    const contents = yield* this.#source.build();
    // What was expensive to make is not kept waiting for the schedule.
    if (this.#source.hasBuilder) {
      this.#saving.note();
      this.#home.clock.after(0, () => {
        this.#saving.start();
      });
    }
    return contents;
  }

  *#deleteAll(all: readonly Affected<ManagedCache>[]): Flow<void> {
    for (const affected of all) {
      if ('cache' in affected) yield* affected.cache.#deleteAlone();
      else if ('file' in affected) affected.file.delete();
    }
  }

  *#deleteAlone(): Flow<void> {
    this.#saving.forget();
    // A saver of the user's own cannot be called off.
    if (this.#source.hasOwnSaver && this.#saving.isBusy) yield* waiting(this.#saving.idle());
    yield* this.#source.delete();
  }

  *#rebuildAll(dependents: boolean): Flow<void> {
    const all = this.#affected(dependents);
    this.invalidate({ dependents });
    yield* this.#deleteAll(all);
    for (const affected of all) if ('cache' in affected) yield* affected.cache.#buildAlone();
  }

  *#buildAlone(): Flow<void> {
    yield* this.#filling.filled(() => this.#build());
  }

  *#reloadAll(dependents: boolean, load: Load = (cache) => cache.#source.load()): Flow<void> {
    for (const affected of this.#affected(dependents)) {
      if ('cache' in affected) yield* affected.cache.#reloadAlone(load);
      else if ('method' in affected) methodResults()?.invalidate(affected.method);
    }
  }

  *#reloadAlone(load: Load): Flow<void> {
    // Contents whose save has just been requested are the ones to load.
    if (this.#saving.isBusy) yield* waiting(this.#saving.idle());
    this.#letGo();
    const self = this as unknown as ManagedCache;
    yield* self.#filling.filled(() => load(self));
  }
}

/** @throws InvalidOptionError where it can be no contents */
function checkedContents<K, V>(name: string, contents: Contents<K, V>): Map<K, V> {
  try {
    return toMap(contents);
  } catch (cause) {
    throw new InvalidOptionError(`the cache '${name}': ${messageOf(cause)}`, { cause });
  }
}

/** Runs a flow now, as far as that is possible. */
async function begun(flow: Flow<void>): Promise<void> {
  await run(flow);
}

function* waiting(promise: Promise<void>): Flow<void> {
  yield* perform<unknown>({ sync: () => new Later(promise), async: async () => promise });
}
