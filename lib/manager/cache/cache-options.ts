/** What caches and their managers are made with. */
import { checked, ofType, withMethods, type Check } from '../../base/text/check-options.js';
import type { TimerClock } from '../../base/clock.js';
import type { CacheHome } from './manager-contract.js';
import { hookCheck, HOOK_NAMES, type CacheHooks, type Contents } from '../contract/hooks.js';
import type { ScheduleRow } from '../contract/schedule.js';

/** What a cache is made with. */
export interface ManagedCacheOptions<K = string, V = unknown> extends CacheHooks<K, V> {
  /** The manager that it belongs to. @defaultValue the one named `'general'`, which `getCacheManager()` makes */
  manager?: CacheHome<any> | undefined; // eslint-disable-line @typescript-eslint/no-explicit-any -- of whatever caches
  /** What it holds at first; then nothing is loaded or built. A copy is taken. */
  contents?: Contents<K, V> | undefined;
}

/** What an `AutoSyncCache` is made with. */
export interface AutoSyncOptions<K = string, V = unknown> extends ManagedCacheOptions<K, V> {
  /** When it saves itself. @defaultValue `DEFAULT_SCHEDULE` */
  schedule?: readonly ScheduleRow[] | undefined;
}

/** What `registerCustomCache` of a manager takes. */
export interface CustomCacheOptions<K = string, V = unknown> extends Omit<AutoSyncOptions<K, V>, 'manager'> {
  /** Is it saved in a file of the manager? @defaultValue `true` */
  persistent?: boolean;
  /** Does a persistent cache save itself as it changes? @defaultValue `true` */
  autosync?: boolean;
  /** Is a cache that is not persistent built only when it is first used? @defaultValue `false` */
  lazy?: boolean;
}

/** What a manager is made with. */
export interface CacheManagerOptions {
  /**
   * The folder in which the manager's folder lies, `<baseFolder>/<name>_cache`. It is made when first needed.
   * @defaultValue the environment variable `STOWAGE_TMPDIR`, or `stowage/<project>` in the user's cache folder, as of `setTmpdir`
   */
  baseFolder?: string | URL;
  /** @deprecated it is called `baseFolder` */
  baseDirectory?: string | URL;
  /** Tells when caches save themselves. @defaultValue the clock of this computer */
  clock?: TimerClock;
}

/** Does an operation run through what depends on a cache, too? */
export interface DependentsOptions {
  dependents?: boolean;
}

/** Looked at where it is used. */
const later: Check = (value) => value;

const CACHE_CHECKS: Record<keyof ManagedCacheOptions, Check> = {
  manager: withMethods('what getCacheManager answers', 'enter', 'leave', 'affectedBy'),
  contents: later,
  ...(Object.fromEntries(HOOK_NAMES.map((name) => [name, hookCheck])) as Record<keyof CacheHooks, Check>),
};

const { manager: _, ...checksWithoutManager } = CACHE_CHECKS;

const CUSTOM_CHECKS: Record<keyof CustomCacheOptions, Check> = {
  persistent: ofType('boolean'),
  autosync: ofType('boolean'),
  lazy: ofType('boolean'),
  schedule: later,
  ...checksWithoutManager,
};

const MANAGER_RENAMES = { baseDirectory: 'baseFolder' };

const MANAGER_CHECKS: Record<Exclude<keyof CacheManagerOptions, keyof typeof MANAGER_RENAMES>, Check> = {
  baseFolder: later,
  clock: withMethods('a clock, an object with now and after', 'now', 'after'),
};

/** @throws InvalidOptionError where an option is unknown or not what it must be */
export function checkCacheOptions<K, V>(name: string, options: ManagedCacheOptions<K, V>): ManagedCacheOptions<K, V> {
  return checked(options, CACHE_CHECKS, `the cache '${name}'`);
}

/** @throws InvalidOptionError where an option is unknown or not what it must be */
export function checkCustomOptions<K, V>(name: string, options: CustomCacheOptions<K, V>): CustomCacheOptions<K, V> {
  return checked(options, CUSTOM_CHECKS, `the cache '${name}'`);
}

/** @throws InvalidOptionError where an option is unknown or not what it must be */
export function checkManagerOptions(name: string, options: CacheManagerOptions): CacheManagerOptions {
  return checked(options, MANAGER_CHECKS, `the manager '${name}'`, MANAGER_RENAMES);
}
