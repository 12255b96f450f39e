/** One cached method of one analyzer, looked at from outside. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { refuseIfReadonly } from '../../base/settings.js';
import { InvalidOptionError, TagNotSetError } from '../../base/errors.js';
import { checkFolderName, tmpdirOf } from '../../key/names/folder-name.js';
import { rootLabel } from '../../key/names/instance-path.js';
import { clearEntries } from '../../store/maintain/clear.js';
import { findEntry, stemOf } from '../../store/entry/find.js';
import { tagFolder } from '../../store/disk/place.js';
import { throwDiskErrors } from '../../store/entry/disk-errors.js';
import { sameMethod, type Identity } from '../../store/record/identity.js';
import { identityOf } from '../call/identity-of-call.js';
import { ownerOf } from '../state/owner.js';
import { concreteClassOf, methodIdOf } from '../state/class-name.js';
import type { Binding } from '../state/binding.js';
import { dependents } from '../../trace/dependents.js';
import { resultsMoved } from '../../trace/results.js';
import { usedAt } from '../report/inspect.js';
import { stateFor } from '../state/instance-state.js';
import { bindingOfMethod, cachedMethod, locate, type LocatedCall, type MethodName } from '../call/locate.js';
import type { MethodInfo } from '../state/method-info.js';
import { giveOwnPlace } from '../state/own-place.js';
import { Root } from '../state/root.js';
import { entryNamed } from '../state/use-name.js';

/** The cache of one method of one analyzer. Made by {@link getDiskCacher}. */
export class DiskCacher {
  /** @internal */
  constructor(
    private readonly analyzer: object,
    private readonly info: MethodInfo,
  ) {}

  /** Calls the method through the cache, as `analyzer.method(...args)` does. */
  execute(...args: unknown[]): unknown {
    return Reflect.apply(this.info.wrapper, this.analyzer, args);
  }

  /**
   * Full path of the call's files, without extension, whether they exist or not.
   * @throws TagNotSetError where the analyzer has no tag
   * @throws StowageError `STOWAGE_DISK` where the folder cannot be read
   */
  fullpath(...args: unknown[]): string {
    const { identity, place } = this.locate(args);
    return throwDiskErrors(place.folder, 'read', () => stemOf(place, findEntry(place, identity), undefined));
  }

  /**
   * The file that holds the call's result: the data file, or the record for a value that lives in it; `undefined`
   * where nothing is stored. Of an entry with earlier versions, the one that would be used.
   * @throws TagNotSetError where the analyzer has no tag
   * @throws StowageError `STOWAGE_DISK` where the folder cannot be read
   */
  dataFile(...args: unknown[]): string | undefined {
    const found = usedAt(this.locate(args));
    if (found === undefined) return undefined;
    const file = found.record.file === undefined ? `${found.stem}.json` : join(dirname(found.stem), found.record.file);
    return fs.existsSync(file) ? file : undefined;
  }

  /**
   * Removes every result of this method of this analyzer, whatever its arguments, from disk and memory; what was computed
   * from them leaves memory.
   * @throws StowageError where nothing may be written; memory is cleared all the same
   */
  clearCache(): void {
    stateFor(this.analyzer).dropMemoryOf(this.info);
    const binding = this.binding();
    if (binding?.root.tag === undefined) return;
    refuseIfReadonly('DiskCacher.clearCache');
    const { tmpdir, prefix } = binding.root;
    const isOurs = this.dropMadeOf(binding);
    clearEntries(tagFolder(tmpdir, prefix, binding.root.tag), isOurs);
  }

  /** What was made of the results at a place leaves memory. @returns whose results those are */
  private dropMadeOf(binding: Binding): (stored: Identity) => boolean {
    const identity = identityOf(this.info, this.analyzer, binding, undefined);
    const isOurs = (stored: Identity): boolean => sameMethod(stored, identity);
    dependents.dropWhere((name) => {
      const entry = entryNamed(name);
      return entry?.tmpdir === binding.root.tmpdir && isOurs(entry.identity);
    });
    return isOurs;
  }

  /**
   * Sets the tag, and the name that stands for the instance path, of this method of this analyzer alone, until the next
   * `setTag` of its root.
   * @throws InvalidTagError where the tag cannot name a folder; then nothing is changed
   */
  setTag(tag: string, instanceName: string): void {
    checkFolderName(this.binding()?.root.prefix ?? 'cache', tag);
    if (typeof instanceName !== 'string' || instanceName === '') {
      throw new InvalidOptionError('DiskCacher.setTag needs an instance name that is not empty');
    }
    this.override(rootLabel(instanceName), (root) => (root.tag = tag));
  }

  /** Sets the prefix of this method of this analyzer alone. @throws InvalidTagError where it cannot begin a folder's name */
  setPrefix(prefix: string): void {
    checkFolderName(prefix, this.binding()?.root.tag ?? 't');
    this.override(undefined, (root) => (root.prefix = prefix));
  }

  /** Sets the tmpdir of this method of this analyzer alone. @throws InvalidTagError where it cannot be a path */
  setTmpdir(dir: string | URL): void {
    const tmpdir = tmpdirOf(dir);
    this.override(undefined, (root) => (root.tmpdir = tmpdir));
  }

  private binding(): Binding | undefined {
    return bindingOfMethod(this.info, this.analyzer);
  }

  /** Gives the method settings of its own: those it has now, changed. */
  private override(path: string | undefined, change: (root: Root) => void): void {
    const before = this.binding();
    const root = before === undefined ? new Root(this.analyzer) : before.root.copy();
    change(root);
    if (before?.root.tag !== undefined) this.dropMadeOf(before);
    resultsMoved();
    giveOwnPlace(this.info, this.analyzer, {
      root,
      path: path ?? before?.path ?? 'root',
      concrete: concreteClassOf(this.analyzer),
      owner: before?.owner ?? ownerOf(this.analyzer),
      byIndex: before?.byIndex ?? false,
      // Under settings of its own it is found by no other root's.
      isLate: true,
      foundBy: root.reach.walk,
      snapshot: before?.snapshot ?? {},
      tagging: root.tagging,
    });
  }

  private locate(args: readonly unknown[]): LocatedCall {
    const call = locate(this.info, this.analyzer, args);
    if (call !== undefined) return call;
    throw new TagNotSetError(
      `${methodIdOf(this.info, this.analyzer)} has no place on disk, since no tag reaches its analyzer: call ` +
        "setTag(root, 'name of the dataset') on the top object",
    );
  }
}

/**
 * The cache of one method of one analyzer.
 * @param method the method itself, `analyzer.strehl`, or its name; for a getter, its name
 * @throws NotCachedError where the method is not decorated with `@cacheOnDisk`, or is another class's
 */
export function getDiskCacher(instance: object, method: MethodName): DiskCacher {
  return new DiskCacher(instance, cachedMethod(instance, method, 'getDiskCacher'));
}
