/** What a cache does at each turn of its life, in functions that its user may give. */
import type { Check } from '../../base/text/check-options.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import { messageOf } from '../../base/thrown.js';
import { Later, perform, runAsync, type Flow } from '../../base/run/flow.js';
import { isThenable } from '../../base/run/is-thenable.js';
import { CacheHookError } from './errors.js';

/** Now, or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** What can be the contents of a cache: a Map, entries one by one, or a plain object for names as keys. */
export type Contents<K, V> = Iterable<readonly [K, V]> | Readonly<Record<string, V>>;

/** Nothing, in place of an answer. */
export type Nothing = null | undefined | void; // eslint-disable-line @typescript-eslint/no-invalid-void-type -- hooks may return nothing

/** Where a hook is called: what a file's format needs to know. */
export interface HookContext {
  /** The folder of the manager. */
  readonly folder: string;
  /** @deprecated it is called `folder` */
  readonly directory: string;
}

/** The same for a saver. */
export interface SaveContext extends HookContext {
  /**
   * Are these contents still to be saved? No longer where the cache was invalidated, or saved anew, meanwhile: a saver that
   * takes its time can ask before its last step.
   */
  readonly isMeant: () => boolean;
}

/**
 * Hooks of a cache, each synchronous or asynchronous. With an asynchronous loader, builder, validator or postProcessor a
 * cache is ready only when its `ready` is.
 */
export interface CacheHooks<K = string, V = unknown> {
  /** What was saved; nothing where there is nothing. */
  loader?: ((name: string, context: HookContext) => Awaitable<Contents<K, V> | Nothing>) | undefined;
  /**
   * Saves. The Map is a copy: changes of the cache meanwhile do not show in it; the values are the cache's own. A saver
   * that throws, or rejects, has not saved.
   */
  saver?: ((name: string, contents: Map<K, V>, context: SaveContext) => Awaitable<unknown>) | undefined;
  /** Removes what was saved. */
  deleter?: ((name: string, context: HookContext) => Awaitable<unknown>) | undefined;
  /** Makes contents where none can be loaded. @defaultValue none: the cache is empty then */
  builder?: ((name: string, context: HookContext) => Awaitable<Contents<K, V> | Nothing>) | undefined;
  /** Are loaded contents right? If not, or where it throws, they are built. */
  validator?: ((contents: Map<K, V>) => Awaitable<boolean>) | undefined;
  /**
   * Before saving: returns what to save in place of the contents; it may change the Map that it gets, which is a copy.
   */
  preProcessor?: ((contents: Map<K, V>) => Awaitable<Contents<K, V> | Nothing>) | undefined;
  /** After loading or building: what the contents are, if not those; it may change the Map that it gets. */
  postProcessor?: ((contents: Map<K, V>) => Awaitable<Contents<K, V> | Nothing>) | undefined;
}

/** Name of a hook. */
export type HookName = keyof CacheHooks;

export const HOOK_NAMES: readonly HookName[] = [
  'loader',
  'saver',
  'deleter',
  'builder',
  'validator',
  'preProcessor',
  'postProcessor',
];

/** A function, or nothing. */
export const hookCheck: Check = (hook, name) => {
  if (hook === undefined || hook === null || typeof hook === 'function') return hook;
  throw new InvalidOptionError(`${name} must be a function, or undefined for none, not ${typeof hook}`);
};

/** @throws InvalidOptionError where there is no such hook, or it is neither a function nor nothing */
export function checkHook(name: HookName, hook: unknown): void {
  if (!HOOK_NAMES.includes(name))
    throw new InvalidOptionError(
      `a cache has no hook '${name}'${didYouMean(name, HOOK_NAMES)}; it has ${HOOK_NAMES.join(', ')}`,
    );
  hookCheck(hook, name);
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- hooks have arguments of their own
type AnyHook = (...args: any[]) => unknown;

/** Hooks of our own that can be waited for where nothing else can, at the end of the process. */
const flows = new WeakMap<AnyHook, AnyHook>();

/** A hook that runs a flow: as a promise for callers, and step by step for a cache. */
export function hookOf<Args extends unknown[], T>(flow: (...args: Args) => Flow<T>): (...args: Args) => Promise<T> {
  const hook = async (...args: Args): Promise<T> => runAsync(flow(...args));
  flows.set(hook, flow);
  return hook;
}

/** The flow of such a hook; `undefined` for a function of the user's own. */
export function flowOf<Args extends unknown[], T>(
  hook: (...args: Args) => Awaitable<T>,
): ((...args: Args) => Flow<T>) | undefined {
  return flows.get(hook) as ((...args: Args) => Flow<T>) | undefined;
}

/** Calls a hook. @throws CacheHookError where it throws */
export function* callHook<Args extends unknown[], T>(
  cache: string,
  name: HookName,
  hook: (...args: Args) => Awaitable<T>,
  ...args: Args
): Flow<T> {
  const failed = (cause: unknown): CacheHookError =>
    new CacheHookError(name, cache, `failed: ${messageOf(cause)}`, { cause });
  try {
    const flow = flowOf(hook);
    if (flow !== undefined) return yield* flow(...args);
    return yield* perform<T>({
      sync() {
        const answer = hook(...args);
        return isThenable(answer) ? new Later(Promise.resolve(answer)) : answer;
      },
      async async() {
        return hook(...args);
      },
    });
  } catch (error) {
    throw failed(error);
  }
}
