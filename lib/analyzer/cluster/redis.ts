/** Computing by workers that take parts from a queue in Redis: for teams without a scheduler. */
import { checked, text, time, type Check } from '../../base/text/check-options.js';
import type { Duration } from '../../base/text/duration.js';
import type { Scheduler } from '../precompute/scheduler.js';
import { count } from './check-count.js';
import { computeOnCluster } from './cluster-run.js';
import { defaultQueue, RedisQueue } from './redis-queue.js';

/** Options of {@link redis}. */
export interface RedisOptions {
  /** Where Redis is, with its password where it has one. @defaultValue `'redis://127.0.0.1:6379'` */
  url?: string;
  /** What the queue is called, from which `stowage worker` takes. @defaultValue `'stowage-<user>'` */
  queue?: string;
  /** Into how many parts the tags are taken. @defaultValue a part a tag, 100 at most */
  parts?: number;
  /** How often the files are looked at in which the parts say what they do; the queue is asked every fifth time. @defaultValue 2 s */
  every?: number | Duration;
}

const CHECKS: Record<keyof RedisOptions, Check> = { url: text, queue: text, parts: count, every: time };

/**
 * Has `precompute` compute by workers, `stowage worker`, that share the folder of tags with this host and run as its user.
 * It needs the packages bullmq and ioredis.
 *
 * ```ts
 * await precompute(nights, { module, methods: ['slopes.rms'] }, { on: redis({ url: 'redis://:secret@wfs1:6379' }) });
 * ```
 *
 * @throws InvalidOptionError where an option is not what it must be
 */
export function redis(options: RedisOptions = {}): Scheduler {
  const given = checked(options, CHECKS, 'redis') as { url?: string; queue?: string; parts?: number; every?: number };
  const { url = 'redis://127.0.0.1:6379', queue = defaultQueue(), parts = 100, every = 2 } = given;
  return {
    async compute(work, how) {
      const inRedis = new RedisQueue(url, queue);
      try {
        await inRedis.reach();
        return await computeOnCluster(work, how, inRedis, { parts, every, jobs: 1 });
      } finally {
        await inRedis.close();
      }
    },
  };
}
