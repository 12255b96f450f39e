/** The shards of a FanoutCache: caches in folders of their own, `000`, `001` and so on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidOptionError } from '../../base/errors.js';
import { DATABASE_NAME } from '../disk/database-name.js';
import { DEFAULT_SETTINGS } from '../settings/settings.js';
import type { CacheOptions } from '../state/cache-options.js';
import { Cache } from './cache.js';

/**
 * @param options of each, with the size limit of all together
 * @throws InvalidOptionError where the number is none, or the folder was made with more
 */
export function openShards(directory: string, count: number, { sizeLimit, ...options }: CacheOptions): Cache[] {
  checkCount(count, directory);
  return Array.from({ length: count }, (_, number) => {
    const folder = shardFolder(directory, number);
    // Without a limit among the options, the stored limit stays; a new shard has its part of the default.
    const limit = sizeLimit ?? (existsSync(join(folder, DATABASE_NAME)) ? undefined : DEFAULT_SETTINGS.sizeLimit);
    return new Cache(folder, { ...options, sizeLimit: limit === undefined ? undefined : limit / count });
  });
}

function checkCount(count: unknown, directory: string): void {
  if (!Number.isSafeInteger(count) || Number(count) < 1) {
    throw new InvalidOptionError(`shards is ${String(count)}, but must be an integer from 1 on`);
  }
  const beyond = shardFolder(directory, Number(count));
  if (existsSync(beyond)) {
    throw new InvalidOptionError(
      `shards is ${String(count)}, but ${beyond} is there: the folder was made with more, and what they hold would ` +
        'not be found; say the number that it was made with',
    );
  }
}

function shardFolder(directory: string, number: number): string {
  return join(directory, String(number).padStart(3, '0'));
}
