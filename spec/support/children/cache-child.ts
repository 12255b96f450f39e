/** A process that has a cache in the folder given, and ends in the way given, for specs of what is saved then. */
import * as fs from 'node:fs';
import { getCacheManager } from 'stowage/manager';
import type { CacheJob } from './cache-job.js';
import { killAtStep } from './kill-at-step.js';

const job = JSON.parse(process.argv[2] ?? '') as CacheJob;
const manager = getCacheManager(undefined, { baseFolder: job.folder });
const say = (line: string): void => {
  fs.writeSync(1, `${line}\n`);
};

const savers: Record<NonNullable<CacheJob['saver']>, (name: string, contents: Map<string, number>) => unknown> = {
  sync: (_, contents) => {
    fs.writeFileSync(`${job.folder}/own`, JSON.stringify([...contents]));
  },
  async: async (_, contents) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    fs.writeFileSync(`${job.folder}/own`, JSON.stringify([...contents]));
  },
  never: async () => {
    say('saving');
    return new Promise(() => undefined);
  },
  exits: () => {
    say('saving');
    process.exit(7);
  },
  failing: () => {
    throw new Error('the server is down');
  },
};

const cache = manager.registerCustomCache<string, number>(
  'cache',
  job.saver === undefined ? {} : { saver: savers[job.saver] },
);
for (const [key, value] of Object.entries(job.set)) cache.set(key, value);
if (job.saver === 'exits') manager.registerCache('other', job.set);

const ends: Record<CacheJob['end'], () => void> = {
  return: () => undefined,
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('a bug');
  },
  signal: () => {
    // Somebody kills us, while we are busy.
    setInterval(() => undefined, 1000);
    say('ready');
  },
  raised: () => {
    // As some packages do: they end the process where nobody else listens.
    const raise = (): void => {
      if (process.listenerCount('SIGTERM') > 1) return;
      process.off('SIGTERM', raise);
      process.kill(process.pid, 'SIGTERM');
    };
    process.on('SIGTERM', raise);
    setInterval(() => undefined, 1000);
    say('ready');
  },
  handled: () => {
    process.once('SIGTERM', () => {
      say('handled');
      cache.set('late', 9);
      process.exit(5);
    });
    setInterval(() => undefined, 1000);
    say('ready');
  },
  'kill at a step': () => {
    killAtStep(job.step ?? 0);
    cache.set('n', 2);
    process.exit(0);
  },
  'save for ever': () => {
    say('ready');
    const again = (n: number): void => {
      cache.clear();
      for (let i = 0; i < 2000; i++) cache.set(`key ${i}`, n);
      cache.save().then(
        () => {
          again(n + 1);
        },
        () => process.exit(9),
      );
    };
    again((job.set.from ?? 0) + 1);
  },
};
ends[job.end]();
