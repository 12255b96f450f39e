/** The unsaved changes of a cache: when they are saved, one save at a time, and what if that fails. */
import { isPromise } from 'node:util/types';
import { settings } from '../../base/settings.js';
import { UncacheableValueError } from '../../base/errors.js';
import { isError, messageOf } from '../../base/thrown.js';
import { run, runAsync, type Flow } from '../../base/run/flow.js';
import { CacheNotSavedError } from '../contract/errors.js';
import type { Filling } from '../filling/filling.js';
import { inBackground } from '../contract/quietly.js';
import { SaveQueue } from './save-queue.js';
import type { SaveSchedule } from '../contract/schedule.js';
import type { Source } from '../filling/source.js';
import { tell } from '../contract/telling.js';
import { enterUnsaved, leaveUnsaved, type Unsaved } from './unsaved.js';

/** A cache, as those who save it see it. */
export interface Saved<K, V> {
  readonly name: string;
  /** Where its manager keeps its files, and the name of that folder. */
  readonly folder: string;
  readonly folderName: string;
  readonly source: Source<K, V>;
  readonly filling: Filling<Map<K, V>>;
}

export class Saving<K, V> implements Unsaved {
  private readonly queue = new SaveQueue(async () => this.inSteps());
  /** How many changes there were, and how many of them are saved. */
  private changes = 0;
  private saved = 0;
  /**
   * Go up when contents being written must not become the saved ones: because newer ones were saved, or they are void.
   */
  private saves = 0;
  private epoch = 0;
  private isClosed = false;

  /** @param schedule when to save without being asked */
  constructor(
    private readonly cache: Saved<K, V>,
    private readonly schedule: SaveSchedule | undefined,
  ) {}

  private get hasUnsaved(): boolean {
    return this.cache.filling.held !== undefined && this.changes !== this.saved;
  }

  /** Is it saved anywhere? */
  private get canSave(): boolean {
    return this.cache.source.isPersistent && !settings.readonly && !this.isClosed;
  }

  get isBusy(): boolean {
    return this.queue.isBusy;
  }

  /** Notes a change. */
  note(): void {
    this.changes++;
    if (!this.canSave) return;
    enterUnsaved(this);
    this.schedule?.note();
  }

  /** There may be another saver: what could not be saved before may be unsaved now. */
  noteSaver(): void {
    if (!this.hasUnsaved || !this.canSave) return;
    enterUnsaved(this);
    this.schedule?.note();
  }

  /** The unsaved changes are not to be saved any more. */
  forget(): void {
    this.epoch++;
    this.saved = this.changes;
    this.schedule?.clear();
    leaveUnsaved(this);
  }

  /** Nothing is saved from now on: another cache may have the name. */
  close(): void {
    this.isClosed = true;
    this.forget();
  }

  /** Saves what there is now. @throws CacheNotSavedError */
  async request(): Promise<void> {
    if (this.cache.filling.held !== undefined && this.canSave) await this.queue.request();
  }

  /** Saves unsaved changes, in the background, unless that is being done. */
  start(): void {
    if (this.hasUnsaved && !this.queue.isBusy) inBackground(this.request());
  }

  /** Resolves when nothing is being saved. */
  async idle(): Promise<void> {
    return this.queue.idle();
  }

  /** Saves until nothing is unsaved. @throws CacheNotSavedError */
  async saveAll(): Promise<void> {
    await this.queue.idle();
    while (this.hasUnsaved && this.canSave) await this.queue.request();
  }

  get loss(): string {
    return (
      `changes of the cache '${this.cache.name}' of ${this.cache.folder} are lost: the process ended, and they could ` +
      'not be saved, or their saver is asynchronous'
    );
  }

  get hasOwnSaver(): boolean {
    return this.cache.source.hasOwnSaver;
  }

  saveAtOnce(): boolean {
    if (!this.hasUnsaved) return !this.queue.isBusy;
    // A saver of the user's own may be at work already: there are never two at a time.
    if (this.hasOwnSaver && this.queue.isBusy) return false;
    try {
      const saving = this.queue.run(() => run(this.save()));
      if (!isPromise(saving)) return true;
      inBackground(this.orReport(saving));
    } catch (error) {
      this.report(error);
    }
    return false;
  }

  async saveInTime(): Promise<void> {
    // A cache that could not be saved has said so.
    await this.saveAll().catch(() => undefined);
  }

  private async inSteps(): Promise<void> {
    return this.orReport(runAsync(this.save()));
  }

  private async orReport(saving: Promise<void>): Promise<void> {
    try {
      await saving;
    } catch (error) {
      throw this.report(error);
    }
  }

  private *save(): Flow<void> {
    const { epoch, changes, schedule } = this;
    const { source, filling } = this.cache;
    if (filling.held === undefined) return;
    const number = ++this.saves;
    const marked = schedule?.begin() ?? [];
    yield* source.write(filling.held, () => this.epoch === epoch && this.saves === number);
    if (this.epoch !== epoch) return;
    this.saved = Math.max(this.saved, changes);
    schedule?.done(marked);
    if (!this.hasUnsaved) leaveUnsaved(this);
  }

  private report(error: unknown): CacheNotSavedError {
    this.schedule?.failed();
    const { name, folderName, folder } = this.cache;
    const what = `could not be saved, and is kept in memory: ${messageOf(error)}`;
    const wrapped = new CacheNotSavedError(`the cache '${name}' of ${folder} ${what}`, { cause: error });
    const isUncacheable = isError(error) && error.cause instanceof UncacheableValueError;
    tell(isUncacheable ? 'uncacheable' : 'fault', folderName, name, what, { file: folder, error: wrapped });
    return wrapped;
  }
}
