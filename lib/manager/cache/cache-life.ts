/** The life of one cache, whatever depends on it: how its contents come, change, are saved and go. */
import { InvalidOptionError } from '../../base/errors.js';
import { messageOf } from '../../base/thrown.js';
import { Later, perform, type Flow } from '../../base/run/flow.js';
import { newGeneration } from '../../store/record/generation.js';
import { CacheFile } from '../files/cache-file.js';
import { toMap } from '../filling/contents.js';
import { Filling } from '../filling/filling.js';
import { Source } from '../filling/source.js';
import { Upstreams } from '../filling/upstreams.js';
import { Saving } from '../saving/saving.js';
import type { CacheHooks, Contents } from '../contract/hooks.js';
import { inBackground } from '../contract/quietly.js';
import { SaveSchedule, type ScheduleRow } from '../contract/schedule.js';
import { tell } from '../contract/telling.js';
import type { CacheHome } from './manager-contract.js';
import { Reads } from './reads.js';

/** What the classes of caches differ in. */
export interface CacheKind {
  /** Is it saved in a file of the manager, unless a `saver` says otherwise? */
  persistent: boolean;
  /** Is it loaded or built only when it is first used? */
  lazy?: boolean;
  /** When it saves itself. */
  schedule?: readonly ScheduleRow[];
}

/** Whose life it is. */
export interface Living<K, V> {
  name: string;
  home: CacheHome;
  kind: CacheKind;
  hooks: CacheHooks<K, V>;
  /** Invalidates the cache, and what depends on it. */
  invalidate: () => void;
}

/** Being invalidated now: each is once, although the way may lead through the method cache and back. */
const beingInvalidated = new Set<object>();

export class CacheLife<K, V> {
  readonly upstreams: Upstreams;
  readonly source: Source<K, V>;
  readonly filling: Filling<Map<K, V>>;
  readonly saving: Saving<K, V>;
  readonly reads: Reads;
  isClosed = false;
  private readonly file: CacheFile | undefined;

  constructor(private readonly of: Living<K, V>) {
    const { name, home, kind, hooks } = of;
    const { baseFolder, folderName, folder, clock } = home;
    this.file = kind.persistent ? new CacheFile(baseFolder, folderName, name) : undefined;
    this.upstreams = new Upstreams({
      name,
      baseFolder,
      isClosed: () => this.isClosed,
      outdated: () => {
        this.outdated();
      },
      lookAgain: () => {
        this.upstreams.lookAgain();
      },
    });
    const { file, upstreams } = this;
    const source = new Source<K, V>(
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- hooks of before ask for it
      { name, folderName, context: { folder, directory: folder }, file, upstreams },
      hooks,
    );
    const filling = new Filling(name, () => this.loadOrBuild());
    const schedule =
      kind.schedule &&
      new SaveSchedule(kind.schedule, clock, () => {
        this.saving.start();
      });
    this.source = source;
    this.filling = filling;
    this.saving = new Saving({ name, folderName, folder, source, filling }, schedule);
    this.reads = new Reads(
      baseFolder,
      folderName,
      name,
      () => this.present(),
      () => source.generation,
    );
  }

  /**
   * Enters it where the manager knows it. Where it is given its first contents, those saved under its name are not even
   * looked at; where loading or building fails at once, there is no such cache.
   */
  begin(contents: Map<K, V> | undefined): void {
    this.reads.enter();
    if (contents !== undefined) {
      this.source.generation = this.file?.generation() ?? 0;
      this.filling.hold(contents);
      this.saving.note();
    } else if (this.of.kind.lazy !== true) {
      try {
        inBackground(this.filling.fill());
      } catch (error) {
        this.close();
        throw error;
      }
    }
  }

  /** The contents, made if that can be done at once. */
  present(): Map<K, V> {
    const contents = this.filling.present();
    if (this.upstreams.areStillRight()) return contents;
    this.outdated();
    return this.filling.present();
  }

  invalidate(): void {
    if (beingInvalidated.has(this)) return;
    beingInvalidated.add(this);
    try {
      this.source.generation = newGeneration(this.source.generation);
      this.letGo();
      tell('stale', this.of.home.folderName, this.of.name, 'was invalidated');
      this.file?.invalidate(this.source.generation);
    } finally {
      beingInvalidated.delete(this);
    }
  }

  load(): Flow<Map<K, V> | undefined> {
    return this.source.load();
  }

  *loadOrBuild(): Flow<Map<K, V>> {
    return (yield* this.source.load()) ?? (yield* this.build());
  }

  *rebuild(): Flow<void> {
    yield* this.filling.filled(() => this.build());
  }

  /** @param anew how the contents come to be */
  *reload(anew: () => Flow<Map<K, V> | undefined>): Flow<void> {
    // Contents whose save has just been requested are the ones to load.
    if (this.saving.isBusy) yield* waiting(this.saving.idle());
    this.letGo();
    yield* this.filling.filled(anew);
  }

  *deleteSaved(): Flow<void> {
    this.saving.forget();
    // A saver of the user's own cannot be called off.
    if (this.source.hasOwnSaver && this.saving.isBusy) yield* waiting(this.saving.idle());
    yield* this.source.delete();
  }

  close(): void {
    this.isClosed = true;
    this.saving.close();
    this.reads.leave();
    this.upstreams.close();
    this.of.home.leave(this.of.name);
  }

  private *build(): Flow<Map<K, V>> {
    const contents = yield* this.source.build();
    // What was expensive to make is not kept waiting for the schedule.
    if (this.source.hasBuilder) {
      this.saving.note();
      this.of.home.clock.after(0, () => {
        this.saving.start();
      });
    }
    return contents;
  }

  private letGo(): void {
    this.filling.letGo();
    this.upstreams.forget();
    this.saving.forget();
    this.reads.changedAll();
  }

  /** A thing that it depends on has changed. No caller is there to throw to. */
  private outdated(): void {
    // Contents that are being made now are checked when they are there.
    if (this.isClosed || this.filling.held === undefined) return;
    const { home, name, invalidate } = this.of;
    try {
      invalidate();
    } catch (error) {
      tell('fault', home.folderName, name, `could not be invalidated on disk: ${String(error)}`, {
        file: home.folder,
        error,
      });
    }
  }
}

/** @throws InvalidOptionError where it can be no contents */
export function checkedContents<K, V>(name: string, contents: Contents<K, V>): Map<K, V> {
  try {
    return toMap(contents);
  } catch (cause) {
    throw new InvalidOptionError(`the cache '${name}': ${messageOf(cause)}`, { cause });
  }
}

function* waiting(promise: Promise<void>): Flow<void> {
  yield* perform<unknown>({ sync: () => new Later(promise), async: async () => promise });
}
