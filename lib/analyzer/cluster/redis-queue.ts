/** A queue of parts in Redis, by BullMQ: who puts them there, and who takes them. */
import type * as BullMq from 'bullmq';
import type { Queue, Worker } from 'bullmq';
import { SchedulerError } from '../../base/errors.js';
import { loadPeer } from '../../base/packages/optional.js';
import { redisAddress, shownRedis, type RedisAddress } from '../../base/text/redis-address.js';
import { userName } from '../../base/text/user-name.js';
import { messageOf } from '../../base/thrown.js';
import { warnOnce } from '../../base/warn.js';
import { computePart } from './compute-part.js';
import type { PartQueue } from './part-queue.js';
import { RunFolder } from './run-folder.js';

interface PartJob {
  /** The folder of the run. */
  path: string;
  part: number;
}

/** Redis is given so long to answer, in milliseconds. */
const LONGEST_ANSWER = 5000;
/** A worker asks so often whether what it computes was called off, in milliseconds. */
const LOOK = 1000;
/** A part whose worker dies is another's so often, before who follows it submits it again. */
const MOST_DEATHS = 1;

export function defaultQueue(): string {
  return `stowage-${userName()}`;
}

export class RedisQueue implements PartQueue {
  private readonly queue: Queue<PartJob>;
  /** What the connection last complained of. */
  private trouble = 'it says nothing';

  private readonly address: RedisAddress;

  constructor(url: string, name: string) {
    this.address = redisAddress(url, 'url');
    const { Queue: Made } = bullMq();
    this.queue = new Made<PartJob>(name, { connection: { ...this.address, maxRetriesPerRequest: 1 } });
    // Each question says itself that it was not answered, and why.
    this.queue.on('error', (error) => {
      this.trouble = messageOf(error);
    });
  }

  /** @throws SchedulerError where it cannot be asked */
  async reach(): Promise<void> {
    try {
      await this.answer(this.queue.getJobCounts('waiting'));
    } catch (cause) {
      throw new SchedulerError(`${this.place} does not answer: ${messageOf(cause)}`, { cause });
    }
  }

  async submit(run: RunFolder, parts: readonly number[]): Promise<string> {
    const opts = { removeOnComplete: true, removeOnFail: true };
    try {
      await this.answer(
        this.queue.addBulk(parts.map((part) => ({ name: 'part', data: { path: run.path, part }, opts }))),
      );
      return '';
    } catch (cause) {
      throw new SchedulerError(`${this.place} does not take the parts: ${messageOf(cause)}`, { cause });
    }
  }

  async present(run: RunFolder): Promise<ReadonlySet<number> | undefined> {
    try {
      const jobs = await this.answer(this.queue.getJobs(['waiting', 'active', 'delayed', 'prioritized']));
      return new Set(jobs.filter((job) => (job as unknown) && job.data.path === run.path).map((job) => job.data.part));
    } catch (error) {
      warnOnce(
        'STOWAGE_SCHEDULER',
        run.path,
        `${this.place} does not say what is in the queue, and is asked again: ${messageOf(error)}`,
      );
      return undefined;
    }
  }

  /** What waits is taken away; who computes sees that the run is over. */
  async cancel(run: RunFolder): Promise<void> {
    for (const job of await this.answer(this.queue.getJobs(['waiting', 'delayed', 'prioritized'])))
      if (job.data.path === run.path) await job.remove().catch(() => undefined);
  }

  lastWords(): string {
    return '';
  }

  async close(): Promise<void> {
    await this.answer(this.queue.close()).catch(() => this.queue.disconnect());
  }

  /** While there is no connection, BullMQ waits for one without end. @throws Error where it is not answered in time */
  private async answer<T>(question: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(this.trouble));
      }, LONGEST_ANSWER);
    });
    try {
      return await Promise.race([question, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private get place(): string {
    return shownRedis(this.address);
  }
}

export interface WorkerOptions {
  url: string;
  queue: string;
  /** Threads of a part. */
  jobs: number;
  /** Seconds after which a worker that says nothing is taken for dead. */
  lease: number;
  signal: AbortSignal;
  onPart: (path: string, part: number) => void;
}

/** Takes parts, one at a time, until the signal says that it is enough: then the part that is computed is left to another. */
export async function takeParts({ url, queue, jobs, lease, signal, onPart }: WorkerOptions): Promise<void> {
  const { Worker: Made } = bullMq();
  const compute = async ({ data: { path, part } }: { data: PartJob }): Promise<void> => {
    const run = RunFolder.open(path);
    if (run.over() !== undefined) return;
    onPart(path, part);
    const calledOff = new AbortController();
    const timer = setInterval(() => {
      if (run.over() !== undefined) calledOff.abort(new SchedulerError('it was called off'));
    }, LOOK);
    try {
      await computePart(run, part, jobs, AbortSignal.any([signal, calledOff.signal]));
    } catch (error) {
      if (!calledOff.signal.aborted) throw error;
    } finally {
      clearInterval(timer);
    }
  };
  const worker: Worker<PartJob> = new Made<PartJob>(queue, compute, {
    connection: { ...redisAddress(url, 'url'), maxRetriesPerRequest: null },
    lockDuration: lease * 1000,
    stalledInterval: lease * 500,
    maxStalledCount: MOST_DEATHS,
  });
  worker.on('error', (error) => {
    warnOnce('STOWAGE_SCHEDULER', queue, `the worker goes on after ${messageOf(error)}`);
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  await worker.close();
}

function bullMq(): typeof BullMq {
  loadPeer('ioredis', 'redis');
  return loadPeer<typeof BullMq>('bullmq', 'redis');
}
