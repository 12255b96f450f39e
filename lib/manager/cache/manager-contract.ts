/** What a cache knows of its manager. */
import type { TimerClock } from '../../base/clock.js';
import { InvalidOptionError } from '../../base/errors.js';
import type { MethodReference } from '../../trace/results.js';
import type { CacheFile } from '../files/cache-file.js';

/** The name of the manager that is meant where none is named. */
export const DEFAULT_MANAGER = 'general';

/** What an operation on a cache runs through, in order. */
export type Affected<Cache> = { cache: Cache } | { file: CacheFile } | { method: MethodReference };

/** A manager, as its caches see it. */
export interface CacheHome<Cache = unknown> {
  readonly name: string;
  /** The folder in which its folder lies. */
  readonly baseFolder: string;
  /** The folder of its files. */
  readonly folder: string;
  /** Name of that folder. */
  readonly folderName: string;
  readonly clock: TimerClock;
  /** @throws CacheRegisteredError where another cache has the name */
  enter(name: string, cache: Cache): void;
  leave(name: string): void;
  /** A cache, and all that depends on it, directly or through others: each once, and after what it depends on. */
  affectedBy(name: string): Affected<Cache>[];
}

/** The managers of the process, by name. */
export const managers = new Map<string, CacheHome>();

/** @throws InvalidOptionError where it is none */
export function checkName(name: unknown, what: string): void {
  if (typeof name !== 'string' || name === '')
    throw new InvalidOptionError(`${what} needs a name, a string that is not empty`);
}
