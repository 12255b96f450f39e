/** What happens to managed caches, as events: `tag` is the manager's folder, `method` the cache's name. */
import { inspect } from 'node:util';
import { StowageError } from '../../base/errors.js';
import { isError } from '../../base/thrown.js';
import { events, type EventType, type StowageEvent } from '../../base/events.js';
import { warnOnce } from '../../base/warn.js';

/** Types that are said on stderr too, once a cause, and under which code. */
const WARNED: Partial<Record<EventType, string>> = {
  corrupt: 'STOWAGE_CACHE_DAMAGED',
  fault: 'STOWAGE_DISK',
  uncacheable: 'STOWAGE_UNCACHEABLE_VALUE',
};

interface More extends Pick<StowageEvent, 'file' | 'bytes'> {
  /** What was thrown. */
  error?: unknown;
}

/** Emits an event about a cache, and warns where that is due. @param what follows the cache's name in the message */
export function tell(type: EventType, tag: string, cache: string, what?: string, { error, ...more }: More = {}): void {
  const code = WARNED[type];
  const message = what === undefined ? undefined : `the cache '${cache}' of ${tag} ${what}`;
  if (code !== undefined && message !== undefined) warnOnce(code, message, message);
  if (!events.heard[type]) return;
  const shown =
    error === undefined || isError(error) ? error : new StowageError(code ?? 'STOWAGE_DISK', inspect(error));
  events.emit(type, {
    type,
    tag,
    instance: '',
    method: cache,
    ...more,
    ...(message !== undefined && { reason: message }),
    ...(shown !== undefined && { error: shown }),
  });
}
