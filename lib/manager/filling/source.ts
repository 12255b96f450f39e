/** Where the contents of a cache come from and go to: its hooks, and its file. */
import { messageOf } from '../../base/thrown.js';
import type { Flow } from '../../base/run/flow.js';
import { computeIn, currentFrame, Frame } from '../../trace/frame.js';
import type { CacheFile } from '../files/cache-file.js';
import { toMap } from './contents.js';
import { CacheHookError } from '../contract/errors.js';
import {
  callHook,
  checkHook,
  flowOf,
  HOOK_NAMES,
  type CacheHooks,
  type Contents,
  type HookContext,
  type HookName,
  type Nothing,
} from '../contract/hooks.js';
import { tell } from '../contract/telling.js';
import type { Upstreams } from './upstreams.js';

export interface SourceSettings {
  /** Of the cache. */
  name: string;
  /** Name of the manager's folder. */
  folderName: string;
  /** What hooks are told. */
  context: HookContext;
  /** Where the contents are saved by default; absent where they are not. */
  file: CacheFile | undefined;
  upstreams: Upstreams;
}

export class Source<K, V> {
  private readonly hooks: CacheHooks<K, V> = {};
  /** Goes up when the cache is invalidated; saved with it. */
  generation = 0;

  constructor(
    private readonly settings: SourceSettings,
    hooks: CacheHooks<K, V>,
  ) {
    for (const name of HOOK_NAMES) this.setHook(name, hooks[name]);
  }

  get isPersistent(): boolean {
    return this.settings.file !== undefined || this.hooks.saver !== undefined;
  }

  /** Is it saved by a function of the user's own, which may be asynchronous and cannot be called off? */
  get hasOwnSaver(): boolean {
    return this.hooks.saver !== undefined && flowOf(this.hooks.saver) === undefined;
  }

  get hasBuilder(): boolean {
    return this.hooks.builder !== undefined;
  }

  /** @throws InvalidOptionError where it is no hook */
  setHook<Name extends HookName>(name: Name, hook: CacheHooks<K, V>[Name] | Nothing): void {
    checkHook(name, hook);
    if (typeof hook === 'function') this.hooks[name] = hook;
    else Reflect.deleteProperty(this.hooks, name);
  }

  *load(): Flow<Map<K, V> | undefined> {
    const { name, folderName, context, file, upstreams } = this.settings;
    const { loader, validator } = this.hooks;
    let contents: Map<K, V> | undefined;
    if (loader !== undefined) {
      contents = this.mapOf('loader', yield* callHook(name, 'loader', loader, name, context));
      upstreams.loaded([]);
    } else if (file !== undefined) {
      const saved = yield* file.load();
      this.generation = Math.max(this.generation, saved.generation);
      upstreams.loaded(saved.trace);
      contents = saved.contents as Map<K, V> | undefined;
    }
    if (contents === undefined) return undefined;
    if (validator !== undefined && !(yield* this.isValid(contents, validator))) {
      tell('stale', folderName, name, 'is built anew: its validator refuses what was loaded');
      return undefined;
    }
    return yield* this.postProcessed(contents);
  }

  *build(): Flow<Map<K, V>> {
    const { name, context, upstreams } = this.settings;
    const { builder } = this.hooks;
    let contents = new Map<K, V>();
    let frame: Frame | undefined;
    if (builder !== undefined) {
      const caller = currentFrame();
      const own = new Frame(`the cache ${name}`, this);
      // Of use only to a cache that depends on methods.
      if (!upstreams.areNone) frame = own;
      const traced: typeof builder = (...args) =>
        upstreams.areNone ? builder(...args) : computeIn(own, () => builder(...args));
      try {
        contents = this.mapOf('builder', yield* callHook(name, 'builder', traced, name, context)) ?? contents;
      } finally {
        // A caller that catches its error goes on with what it came from.
        if (frame !== undefined) caller?.noteAllOf(frame);
      }
    }
    contents = yield* this.postProcessed(contents);
    upstreams.built(frame);
    return contents;
  }

  /** Saves a copy of the contents. @param isMeant asked when all is written: is that still to be saved? */
  *write(contents: ReadonlyMap<K, V>, isMeant: () => boolean): Flow<void> {
    const { name, context, file, upstreams } = this.settings;
    const { preProcessor, saver } = this.hooks;
    const copy = new Map(contents);
    const processed =
      preProcessor === undefined ? undefined : yield* callHook(name, 'preProcessor', preProcessor, copy);
    const saved = this.mapOf('preProcessor', processed) ?? copy;
    if (saver !== undefined) yield* callHook(name, 'saver', saver, name, saved, { ...context, isMeant });
    else if (file !== undefined)
      yield* file.save(saved, { generation: this.generation, trace: upstreams.traced }, isMeant);
  }

  /** Removes the saved contents. */
  *delete(): Flow<void> {
    const { name, context, file } = this.settings;
    const { deleter } = this.hooks;
    if (deleter !== undefined) yield* callHook(name, 'deleter', deleter, name, context);
    else file?.delete();
  }

  private *isValid(contents: Map<K, V>, validator: NonNullable<CacheHooks<K, V>['validator']>): Flow<boolean> {
    try {
      return yield* callHook(this.settings.name, 'validator', validator, contents);
    } catch {
      // As cacheman has it: what cannot be judged is not right.
      return false;
    }
  }

  private *postProcessed(contents: Map<K, V>): Flow<Map<K, V>> {
    const { postProcessor } = this.hooks;
    if (postProcessor === undefined) return contents;
    return (
      this.mapOf('postProcessor', yield* callHook(this.settings.name, 'postProcessor', postProcessor, contents)) ??
      contents
    );
  }

  private mapOf(hook: HookName, contents: Contents<K, V> | Nothing): Map<K, V> | undefined {
    if (contents === undefined || contents === null) return undefined;
    try {
      return toMap(contents);
    } catch (cause) {
      const reason = messageOf(cause);
      throw new CacheHookError(hook, this.settings.name, `gave what cannot be contents: ${reason}`, { cause });
    }
  }
}
