/** Follows a run on several hosts to its end: submits its parts, hears what they say, and submits again what vanished. */
import { StowageError } from '../../base/errors.js';
import { pause } from '../../base/run/pause.js';
import { defaultTmpdir } from '../../store/disk/default-tmpdir.js';
import { PrecomputeTally } from '../precompute/precompute-tally.js';
import type { PrecomputeReport } from '../precompute/report.js';
import type { Work, WorkOptions } from '../precompute/scheduler.js';
import { PartLogs, type PartEvent } from './part-log.js';
import type { PartQueue } from './part-queue.js';
import { digestOfWork, planOf, tagsOfPart } from './plan.js';
import { RunFolder } from './run-folder.js';

/** A part that vanishes again and again is given up. */
const MOST_SUBMISSIONS = 1 + 3;
/** How many times the files are looked at for each look at the queue, which belongs to all users. */
const LOOKS_PER_QUEUE = 5;

export interface ClusterOptions {
  parts: number;
  /** Seconds between two looks. */
  every: number;
  /** How many threads compute a part. */
  jobs: number;
}

/** Has work computed by whoever takes parts from a queue. */
export async function computeOnCluster(
  work: Work,
  options: WorkOptions,
  queue: PartQueue,
  { parts, every, jobs }: ClusterOptions,
): Promise<PrecomputeReport> {
  const { heapLimit } = options;
  const folder = RunFolder.enter(work.job.tmpdir ?? defaultTmpdir(), digestOfWork(work), () =>
    planOf(work, Math.min(parts, work.tags.length), {
      ...(options.jobs !== undefined && { jobs: options.jobs }),
      ...(heapLimit !== undefined && { heapLimit }),
    }),
  );
  return new ClusterRun(folder, queue, options, every, options.jobs ?? jobs).follow();
}

class ClusterRun {
  private readonly tally: PrecomputeTally;
  private readonly logs: PartLogs;
  /** Parts of which nothing more is to be heard. */
  private readonly over = new Set<number>();
  /** Those that have said anything. */
  private readonly begun = new Set<number>();
  /** Those that the queue did not have when it was last asked. */
  private missing = new Set<number>();
  /** Refusals by parts on which the analyzer or a method does not exist. */
  private readonly refusals = new Map<number, Error>();

  constructor(
    private readonly folder: RunFolder,
    private readonly queue: PartQueue,
    private readonly options: WorkOptions,
    private readonly every: number,
    private readonly jobs: number,
  ) {
    this.tally = new PrecomputeTally(jobs, options.onProgress);
    this.tally.expect(folder.plan.tags.length, folder.plan.names);
    this.logs = new PartLogs(folder.parts);
  }

  async follow(): Promise<PrecomputeReport> {
    const { signal } = this.options;
    try {
      for (let look = 0; ; look++) {
        signal?.throwIfAborted();
        // In this order: a part that ended in between has said so.
        const present = look % LOOKS_PER_QUEUE === 0 ? await this.queue.present(this.folder) : undefined;
        await this.listen();
        if (this.over.size === this.folder.plan.parts) break;
        this.refuseIfCancelled();
        if (present !== undefined) await this.submitMissing(present);
        await pause(this.every, signal).async();
      }
    } catch (error) {
      if (signal?.aborted === true) await this.cancel();
      throw error;
    }
    this.folder.end('done');
    return this.tally.report();
  }

  private async cancel(): Promise<void> {
    // Who else follows it must not submit again what is about to vanish.
    this.folder.end('cancelled');
    await this.queue.cancel(this.folder);
  }

  private refuseIfCancelled(): void {
    if (this.folder.over()?.how === 'cancelled') {
      throw new StowageError(
        'STOWAGE_CANCELLED',
        `another process has called off what this one followed, ${this.folder.path}: what is stored stays; ask again for the rest`,
      );
    }
  }

  private async listen(): Promise<void> {
    for await (const { part, event } of this.logs.news((each) => !this.over.has(each))) {
      this.begun.add(part);
      this.note(part, event);
    }
    this.tally.timeLeft.jobs = this.jobs * Math.max(1, this.begun.size - this.over.size);
  }

  private note(part: number, event: PartEvent): void {
    switch (event.type) {
      case 'tag':
        this.tally.note(event.tag, event.event);
        break;
      case 'otherCode':
        this.tally.noteOtherCode(event.methods, event.host);
        break;
      case 'refused':
        this.refusals.set(part, event.error);
        break;
      case 'done':
        this.end(part, this.refusals.get(part));
    }
  }

  /** Nothing more is to be heard of a part. @param error why, where it was not computed to its end */
  private end(part: number, error: Error | undefined): void {
    this.over.add(part);
    if (error === undefined) return;
    for (const tag of tagsOfPart(this.folder.plan, part)) {
      if (!this.tally.isOver(tag)) this.tally.note(tag, { type: 'unmade', error });
    }
  }

  /** Submits what the queue has lost, or never had. */
  private async submitMissing(present: ReadonlySet<number>): Promise<void> {
    const { plan } = this.folder;
    const unseen = Array.from({ length: plan.parts }, (_, place) => place + 1).filter(
      (part) => !present.has(part) && !this.over.has(part),
    );
    const submissions = this.folder.submissions();
    // What a part said last may still be on its way through a network file system: it is waited for once.
    const lost = submissions.length === 0 ? unseen : unseen.filter((part) => this.missing.has(part));
    this.missing = new Set(unseen);
    if (lost.length === 0 || this.folder.isSubmitting()) return;
    const tries = (part: number): number => submissions.filter(({ parts }) => parts.includes(part)).length;
    for (const part of lost.filter((each) => tries(each) >= MOST_SUBMISSIONS)) this.giveUp(part);
    const again = lost.filter((part) => !this.over.has(part));
    if (again.length > 0) await this.submit(submissions.length + 1, again);
  }

  private async submit(number: number, parts: readonly number[]): Promise<void> {
    if (!this.folder.claimSubmission(number, parts)) return;
    try {
      this.folder.confirmSubmission(number, await this.queue.submit(this.folder, parts));
      this.missing.clear();
    } catch (error) {
      this.folder.withdrawSubmission(number);
      // Asked again, it may be asked otherwise.
      if (number === 1) this.folder.end('refused');
      throw error;
    }
  }

  private giveUp(part: number): void {
    const { plan } = this.folder;
    const words = this.queue.lastWords(this.folder, part);
    const error = new StowageError(
      'STOWAGE_PART_VANISHED',
      `part ${part} of ${plan.parts} vanished ${MOST_SUBMISSIONS} times before its end${words}; what it had stored stays`,
    );
    this.end(part, error);
  }
}
