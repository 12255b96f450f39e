/** A warning of deferred writes that were not synced when the process exits. */
import { warnAtExit } from '../../base/warn.js';

/** By a token of each bucket, which does not keep the bucket alive: a collected bucket has lost its writes, too. */
const unsynced = new Map<object, { folder: string; count: number }>();

/** Notes how many writes of a bucket wait. The process is listened to only while some do. */
export function noteUnsynced(token: object, folder: string, count: number): void {
  const wasEmpty = unsynced.size === 0;
  if (count > 0) unsynced.set(token, { folder, count });
  else unsynced.delete(token);
  if (wasEmpty && count > 0) process.on('exit', say);
  else if (!wasEmpty && unsynced.size === 0) process.off('exit', say);
}

function say(): void {
  for (const { folder, count } of unsynced.values()) {
    warnAtExit(
      'STOWAGE_UNSYNCED',
      `${count} deferred writes of the bucket ${folder} are lost: call sync(), or use deferredWrite(), before the process exits`,
    );
  }
}
