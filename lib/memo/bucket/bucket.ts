/** A dictionary of files, whose entries may expire. */
import * as fs from 'node:fs';
import { resolve } from 'node:path';
import { decorateMember, isDecoration, type AnyFunction } from '../../base/language/decorating.js';
import { now } from '../../base/clock.js';
import type { Duration } from '../../base/text/duration.js';
import { DecoratorError, InvalidOptionError } from '../../base/errors.js';
import { runNow } from '../../base/run/flow.js';
import { functionName } from '../../base/language/brand.js';
import { refuseIfReadonly } from '../../base/settings.js';
import { userPath } from '../../base/files/user-path.js';
import { storedArguments } from '../../store/record/arguments.js';
import { removeEntry, storedEntries } from '../../store/maintain/clear.js';
import { filesOf } from '../../store/record/files-of.js';
import type { Identity } from '../../store/record/identity.js';
import type { EntryRecord } from '../../store/record/record.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import { Frame } from '../../trace/frame.js';
import { refusalByAge } from '../call/lifetime.js';
import { lookUp } from '../call/function-call.js';
import { throwDiskErrors } from '../../store/entry/disk-errors.js';
import type { BucketDecorator, Callable } from './bucket-decorator.js';
import { BucketFunction, expiry, type BucketCore } from './bucket-function.js';
import {
  checkBucketOptions,
  checkLifetime,
  checkWrapOptions,
  type BucketOptions,
  type CheckedBucketOptions,
  type WrapOptions,
} from './bucket-options.js';
import { FileShelf, refuseFile } from '../shelf/file-shelf.js';
import { HeldShelf } from '../shelf/held-shelf.js';
import { digestOfKey } from '../call/keys.js';
import { draftOf, formOf, type Entry, type Shelf } from '../shelf/shelf.js';
import { storeBy } from '../../call/store.js';

/** What {@link Bucket.pruneDirectory} removed. */
export interface Pruned {
  /** Bytes of the files. */
  size: number;
  /** How many entries there were. */
  count: number;
}

/**
 * A dictionary of files in one folder: any key that can be told from others, any value that its format brings back exactly.
 * What lies on disk counts, so processes that share a folder see each other's entries; what was read is kept in memory, as
 * bytes, under the budget of the process. Each `get` answers a copy.
 *
 * With a `lifetime`, an entry counts as absent when it is older than that or than the lifetime with which it was stored,
 * whichever is shorter; its files stay until they are replaced or {@link pruneDirectory} removes them.
 *
 * @typeParam Key its keys @typeParam Value its values
 */
export class Bucket<Key = unknown, Value = unknown> {
  /** The folder. */
  readonly folder: string;
  /** @internal */
  protected readonly options: CheckedBucketOptions;
  /** What lies on disk, and what of it is in memory. @internal */
  protected files: HeldShelf;
  /** Where entries are looked for and put. @internal */
  protected shelf: Shelf;
  private lifetimeSeconds: number | undefined;

  /**
   * @param folder its path, relative to the working directory or absolute; it is made when something is first stored
   * @throws InvalidOptionError where the path is none, or an option unknown or not what it must be
   */
  constructor(folder: string | URL, options: BucketOptions<Key> = {}) {
    this.folder = resolve(checkedPath(folder));
    this.options = checkBucketOptions(options);
    this.lifetimeSeconds = this.options.lifetime;
    this.files = new HeldShelf(new FileShelf(this.folder, tell), this.options.codec);
    this.shelf = this.files;
  }

  /** Name of the format: `'v8'`, `'json'`, `'msgpack'`, or another codec's. */
  get codec(): string {
    return this.options.codec.name;
  }

  /** @deprecated it is called `codec` */
  get backend(): string {
    return this.codec;
  }

  /** @deprecated it is called `folder` */
  get path(): string {
    return this.folder;
  }

  /** Seconds; `undefined` for ever. */
  get lifetime(): number | undefined {
    return this.lifetimeSeconds;
  }

  /** Another lifetime, in seconds or as a duration; a shorter one holds for what was stored before, too. */
  set lifetime(lifetime: number | Duration | undefined) {
    this.lifetimeSeconds = checkLifetime(lifetime);
  }

  /**
   * The value of a key; `undefined` where there is none, where it has expired, or where its file is damaged or cannot be
   * read, which an event says.
   * @throws UnkeyableArgumentError where the key hides its state
   */
  get(key: Key): Value | undefined {
    return this.find(key)?.value as Value | undefined;
  }

  /** Would {@link get} find a value? */
  has(key: Key): boolean {
    return this.find(key) !== undefined;
  }

  /**
   * Stores a value; its lifetime begins anew.
   * @throws UncacheableValueError where the format cannot bring the value back exactly; nothing is changed then
   * @throws StowageError `STOWAGE_DISK` where the disk refuses
   */
  set(key: Key, value: Value): this {
    refuseIfReadonly('Bucket.set');
    const entry = this.entryOf(key);
    const form = formOf(value, this.options.codec);
    const stored = { preview: storedArguments([key]).preview };
    const draft = draftOf(form, { arguments: stored, computedAt: this.now(), ...expiry(this.core) });
    const staged = throwDiskErrors(this.folder, 'stored', () =>
      runNow(storeBy(() => this.shelf.stage(entry, form, { draft }))),
    );
    tell(entry, 'store', { ...(staged && { file: staged.file, bytes: staged.bytes }) });
    return this;
  }

  /**
   * Removes an entry, from memory and disk.
   * @returns whether {@link get} would have found one
   * @throws StowageError `STOWAGE_DISK` where the disk refuses
   */
  delete(key: Key): boolean {
    refuseIfReadonly('Bucket.delete');
    const wasThere = this.has(key);
    const entry = this.entryOf(key);
    throwDiskErrors(this.folder, 'removed', () => this.shelf.remove(entry));
    return wasThere;
  }

  /**
   * How many entries there are that have not expired, results of wrapped functions among them. Every record is read for it.
   * @throws StowageError `STOWAGE_DISK` where the disk refuses
   */
  get size(): number {
    const records = throwDiskErrors(this.folder, 'read', () => [...this.shelf.records()]);
    return records.filter((record) => this.isMine(record.identity) && this.refusal(record) === undefined).length;
  }

  /**
   * Removes every entry of this bucket's format, results of wrapped functions among them.
   * @throws StowageError `STOWAGE_DISK` where the disk refuses
   */
  clear(): void {
    refuseIfReadonly('Bucket.clear');
    throwDiskErrors(this.folder, 'removed', () => this.shelf.clear((identity) => this.isMine(identity)));
  }

  /** Lets go of an entry in memory; its file stays, and the next {@link get} reads it. */
  unloadKey(key: Key): void {
    this.files.unload(this.entryOf(key).identity.key);
  }

  /**
   * Removes the files of entries that have expired: by the lifetime with which they were stored, or by this bucket's where
   * that is shorter. Buckets of the same format in the same folder share their entries.
   * @throws StowageError `STOWAGE_DISK` where the disk refuses
   */
  pruneDirectory(): Pruned {
    refuseIfReadonly('Bucket.pruneDirectory');
    return throwDiskErrors(this.folder, 'removed', () => this.prune());
  }

  /**
   * Keeps what a function returns, by its name, its code and its arguments, for the bucket's lifetime. Concurrent calls
   * compute once; what cannot be stored is returned, and said in an event.
   *
   * @throws InvalidOptionError where an option is unknown or not what it must be, or name and source do not tell the function
   * from others; of a method, when it is called
   * @throws MutatedInputError from the wrapped function, where it changes its arguments or its instance: nothing is stored
   */
  wrap<F extends Callable>(fn: F, options: WrapOptions<Parameters<F>, Awaited<ReturnType<F>>> = {}): F {
    if (typeof fn !== 'function') throw new InvalidOptionError('Bucket.wrap takes a function');
    const checked = checkWrapOptions(options, fn);
    return new BucketFunction(
      this.core,
      fn as Callable as AnyFunction,
      functionName(fn),
      checked,
    ).wrapper() as Callable as F;
  }

  /** As a decorator, {@link wrap} for methods, getters and statics: `@bucket.cached`, or `@bucket.cached({ ignore: ['log'] })`. */
  get cached(): BucketDecorator {
    return ((...args: unknown[]): unknown =>
      isDecoration(args)
        ? this.decorate(args, {})
        : (...decorated: unknown[]) => this.decorate(decorated, args[0])) as BucketDecorator;
  }

  private decorate(args: readonly unknown[], options: unknown): unknown {
    return decorateMember(args, {
      wrap: ({ original, label }) => {
        const checked = checkWrapOptions({ ...(options as object), method: true }, original);
        return new BucketFunction(this.core, original, label, checked).wrapper();
      },
      misplaced: (label, what) =>
        new DecoratorError(
          `@bucket.cached stands on ${label}, ${what}: it takes methods and getters; turn it into one`,
        ),
    });
  }

  private prune(): Pruned {
    refuseFile(this.folder);
    const pruned: Pruned = { size: 0, count: 0 };
    for (const { stem, record } of storedEntries(this.folder)) {
      if (!this.isMine(record.identity) || this.refusal(record) === undefined) continue;
      const files = [`${stem}.json`, ...filesOf(stem, record)];
      pruned.size += files.reduce((sum, file) => sum + (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
      pruned.count++;
      removeEntry(stem, record);
    }
    return pruned;
  }

  private find(key: Key): { value: unknown } | undefined {
    const looked = runNow(
      lookUp({
        entry: this.entryOf(key),
        shelf: this.shelf,
        frame: new Frame('Bucket', this),
        say: tell,
        refuse: (record) => this.refusal(record),
        valueOf: (value) => value,
      }),
    );
    return looked.found ? { value: looked.outcome.value } : undefined;
  }

  private entryOf(key: Key): Entry {
    return this.core.entry({ key, digest: digestOfKey(['key', this.options.key(key)]), method: '' });
  }

  /** What a bucket that passes on to another takes from it. @internal */
  protected static partsOf<K, V>(bucket: Bucket<K, V>): { files: HeldShelf; shelf: Shelf; options: BucketOptions<K> } {
    const { files, shelf, lifetime, options, codec } = bucket;
    const { key, clock } = options;
    return {
      files,
      shelf,
      options: {
        codec,
        key,
        ...(lifetime !== undefined && { lifetime }),
        ...(clock !== undefined && { clock }),
      },
    };
  }

  private now(): number {
    return this.options.clock?.now() ?? now();
  }

  /** Why an entry counts as absent, if so. */
  private refusal(record: EntryRecord): string | undefined {
    return refusalByAge(record, this.lifetimeSeconds, this.now());
  }

  private isMine({ rootClass, version }: Identity): boolean {
    return rootClass === 'Bucket' && version === this.codec;
  }

  /** @internal */
  protected get core(): BucketCore {
    const { codec } = this.options;
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the shelf is asked for at each call: it may be another later
    const bucket = this;
    return {
      folder: this.folder,
      codec,
      get shelf() {
        return bucket.shelf;
      },
      say: tell,
      clock: () => this.now(),
      entry: ({ key, digest, method, className }) => {
        const name = digestOfKey([codec.name, digest]);
        const identity = {
          prefix: '',
          tag: '',
          instance: '',
          rootClass: 'Bucket',
          ...(className !== undefined && { class: className }),
          method,
          version: codec.name,
          key: name,
          name,
        };
        return { identity, key, place: this.shelf.placeOf(identity) };
      },
      refuse: (record) => this.refusal(record),
      expiresAt: () => (this.lifetimeSeconds === undefined ? undefined : this.now() + this.lifetimeSeconds),
    };
  }
}

function checkedPath(path: unknown): string {
  const meant = userPath(path);
  if (meant !== undefined) return meant;
  throw new InvalidOptionError(`Bucket needs the path of a folder, not ${String(path)}`);
}
