/** A bucket whose writing waits. */
import { isThenable } from '../../base/run/is-thenable.js';
import { refuseIfReadonly } from '../../base/settings.js';
import { warnOnce } from '../../base/warn.js';
import { throwDiskErrors } from '../../store/entry/disk-errors.js';
import { Bucket } from './bucket.js';
import { renamedBucketOptions, type BucketOptions } from './bucket-options.js';
import { DeferredShelf } from '../shelf/deferred-shelf.js';
import { noteUnsynced } from './unsynced.js';

/**
 * A bucket that keeps values set and computed, and deletions, to itself, as they were at that moment, until
 * {@link sync} passes them on. It sees its own changes at once; other buckets and processes do not see them before. A
 * process that exits while something waits is warned of it. At the end of a `using` block it is synced.
 */
export class DeferredWriteBucket<Key = unknown, Value = unknown> extends Bucket<Key, Value> implements Disposable {
  private readonly deferred: DeferredShelf;

  /**
   * @param folder its path, or a bucket: then this one passes on to it, and has its format, keys and lifetime
   * @throws InvalidOptionError as {@link Bucket}
   */
  constructor(folder: string | URL | Bucket<Key, Value>, options: BucketOptions<Key> = {}) {
    const onto = folder instanceof Bucket ? Bucket.partsOf(folder) : undefined;
    super(folder instanceof Bucket ? folder.folder : folder, { ...onto?.options, ...renamedBucketOptions(options) });
    if (onto !== undefined) this.files = onto.files;
    const token = {};
    this.deferred = new DeferredShelf(onto?.shelf ?? this.files, (count) => {
      noteUnsynced(token, this.folder, count);
    });
    this.shelf = this.deferred;
  }

  /**
   * Passes on what waits. What has expired meanwhile is forgotten.
   * @throws StowageError `STOWAGE_DISK` where the disk refuses: what was not passed on waits further
   */
  sync(): void {
    refuseIfReadonly('DeferredWriteBucket.sync');
    throwDiskErrors(this.folder, 'stored', () => {
      this.deferred.passOn((record) => this.core.refuse(record) === undefined);
    });
  }

  /** As {@link Bucket.unloadKey}, after a {@link sync}. */
  override unloadKey(key: Key): void {
    this.sync();
    super.unloadKey(key);
  }

  /** {@link sync}, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.sync();
  }
}

/** A bucket that passes on to another, and the same for what a function does with it. */
export interface DeferredWrite {
  /** To be synced, or disposed of: `using deferred = deferredWrite(bucket);` */
  <Key, Value>(bucket: Bucket<Key, Value>): DeferredWriteBucket<Key, Value>;
  /**
   * Syncs when the function has ended, or its promise has settled: also where it threw, since every value that was set
   * before is whole. Its error is thrown on; where the syncing fails as well, that is a warning.
   */
  <Key, Value, Result>(
    bucket: Bucket<Key, Value>,
    work: (deferred: DeferredWriteBucket<Key, Value>) => Promise<Result>,
  ): Promise<Result>;
  <Key, Value, Result>(bucket: Bucket<Key, Value>, work: (deferred: DeferredWriteBucket<Key, Value>) => Result): Result;
}

/** Defers the writing of a bucket for as long as a block or function lasts: nothing is written before, all of it after. */
export const deferredWrite = ((bucket: Bucket, work?: (deferred: DeferredWriteBucket) => unknown): unknown => {
  const deferred = new DeferredWriteBucket(bucket);
  if (work === undefined) return deferred;
  let result: unknown;
  try {
    result = work(deferred);
  } catch (error) {
    syncAfter(deferred);
    throw error;
  }
  if (!isThenable(result)) {
    deferred.sync();
    return result;
  }
  return Promise.resolve(result).then(
    (value: unknown) => {
      deferred.sync();
      return value;
    },
    (error: unknown) => {
      syncAfter(deferred);
      throw error;
    },
  );
}) as DeferredWrite;

/** The error of the work is the one to be thrown. */
function syncAfter(deferred: DeferredWriteBucket): void {
  try {
    deferred.sync();
  } catch (error) {
    warnOnce(
      'STOWAGE_DISK',
      `sync ${deferred.folder}`,
      `after an error, the deferred writes of ${deferred.folder} could not be synced: ${String(error)}`,
    );
  }
}
