/** One folder for many persisted functions. */
import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidOptionError } from '../../base/errors.js';
import { isErrno } from '../../base/files/files.js';
import { userPath } from '../../base/files/user-path.js';
import { isDecoration } from '../../base/language/decorating.js';
import { refuseIfReadonly } from '../../base/settings.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { throwDiskErrors } from '../../store/entry/disk-errors.js';
import { clearEntries } from '../../store/maintain/clear.js';
import { checkLimits, reduceFolders, type Reduced, type SizeLimits } from '../../store/maintain/reduce-size.js';
import { forgetEntry } from '../../store/maintain/remove.js';
import type { Identity } from '../../store/record/identity.js';
import { persist, type Persist } from './persist.js';
import { checkPersistOptions, type PersistOptions } from './persist-options.js';

/** Options that the functions of a memory have in common; each may have others. */
const COMMON = [
  'lifetime',
  'codec',
  'compress',
  'validate',
  'refresh',
  'storeKey',
  'verbosity',
  'onCodeChange',
] as const;

/** Options of a {@link Memory}: those of `persist` that its functions have unless they say otherwise. */
export type MemoryOptions = Pick<PersistOptions<never, unknown>, (typeof COMMON)[number]>;

/**
 * A folder of results of many functions, as joblib's `Memory`: `cache` is `persist` with that folder and those options.
 *
 * ```ts
 * const memory = new Memory('results', { compress: true });
 * const simulate = memory.cache(function simulate(seed: number) { … }, { ignore: ['log'] });
 * ```
 */
export class Memory {
  /** The folder; each function has one of its own in it. */
  readonly folder: string;
  private readonly options: MemoryOptions;

  /**
   * @param folder its path, relative to the working directory or absolute; it is made when something is first stored
   * @throws InvalidOptionError where the path is none, or an option unknown or not what it must be
   */
  constructor(folder: string | URL, options: MemoryOptions = {}) {
    const path = userPath(folder);
    if (path === undefined || path === '')
      throw new InvalidOptionError(`Memory needs the path of a folder, not ${String(folder)}`);
    this.folder = resolve(path);
    checkPersistOptions({ ...options, cache: this.folder }, 'Memory');
    for (const name of Object.keys(options)) {
      if ((COMMON as readonly string[]).includes(name)) continue;
      throw new InvalidOptionError(
        `Memory has no option '${name}'${didYouMean(name, COMMON)}; it has ${COMMON.join(', ')}. What else persist takes is said for each function`,
      );
    }
    this.options = { ...options };
  }

  /**
   * `persist` into this folder: `memory.cache(fn)`, `memory.cache(fn, options)`, `@memory.cache` and `@memory.cache(options)`.
   * @throws InvalidOptionError as `persist`, and where options name another `cache`
   */
  get cache(): Persist {
    const take = (...args: unknown[]): unknown => {
      const [first, second] = args;
      const wrap = persist as unknown as (...args: unknown[]) => unknown;
      if (isDecoration(args)) return (wrap(this.of({})) as typeof wrap)(...args);
      return typeof first === 'function' ? wrap(first, this.of(second ?? {})) : wrap(this.of(first ?? {}));
    };
    return take as unknown as Persist;
  }

  /** Removes the results of all functions in the folder, of this process or another. */
  clear(): void {
    refuseIfReadonly('Memory.clear');
    for (const folder of this.folders()) throwDiskErrors(folder, 'removed', () => clearEntries(folder, isPersisted));
  }

  /**
   * Makes room: removes results, of whichever function in the folder, until the limits hold for all of them together. What is
   * cheapest to compute again, by the byte, goes first; what was computed from it is computed again.
   * @returns how much was removed
   * @throws InvalidOptionError where no limit is given, or one is not what it must be; nothing is removed then
   * @throws StowageError `STOWAGE_DISK` where the disk refuses
   */
  reduceSize(limits: SizeLimits): Reduced {
    const checked = checkLimits(limits, 'Memory.reduceSize');
    refuseIfReadonly('Memory.reduceSize');
    return reduceFolders(this.folders(), checked, { isMeant: isPersisted, keepsRecord: false, remove: forgetEntry });
  }

  private of(own: unknown): object {
    if (typeof own !== 'object' || own === null)
      throw new InvalidOptionError('Memory.cache takes a function, and options');
    if ('cache' in own && own.cache !== undefined)
      throw new InvalidOptionError(`Memory.cache: its functions lie in ${this.folder}: use persist for another cache`);
    const { codec: _, ...withoutCodec } = this.options;
    // A serializer is a format of its own.
    const common = 'serialize' in own && own.serialize !== undefined ? withoutCodec : this.options;
    return { ...common, ...own, cache: this.folder };
  }

  private folders(): string[] {
    return throwDiskErrors(this.folder, 'read', () => {
      try {
        const entries = fs.readdirSync(this.folder, { withFileTypes: true });
        return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(this.folder, name));
      } catch (error) {
        if (isErrno(error, 'ENOENT')) return [];
        throw error;
      }
    });
  }
}

/** Other caches may have results in the folder. */
function isPersisted({ rootClass, name }: Identity): boolean {
  return rootClass === 'persist' && name !== undefined;
}
