/** What is said where a look at an entry came to nothing. */
import type { EventType, StowageEvent } from '../../base/events.js';
import type { Found } from './find.js';
import type { Loaded } from './load.js';

/** Why nothing was loaded, as the `miss` will say it, and whether what is computed instead may be stored. */
export interface Miss {
  found: false;
  mayStore: boolean;
  miss: Partial<StowageEvent>;
  /** What is there instead, where that is known. */
  seen?: Found;
}

/** @param say tells what is wrong with what is there */
export function missOf(
  loaded: Exclude<Loaded, { kind: 'value' }>,
  say: (type: EventType, more: Partial<StowageEvent>) => void,
): Miss {
  if (loaded.kind === 'missing')
    return { found: false, mayStore: true, seen: loaded.seen, miss: { reason: 'missing' } };
  const file = `${loaded.stem}.json`;
  switch (loaded.kind) {
    case 'pruned':
      return { found: false, mayStore: true, seen: loaded.seen, miss: { file, reason: 'pruned' } };
    case 'refused':
    case 'corrupt': {
      const { reason, seen } = loaded;
      say(loaded.kind === 'corrupt' ? 'corrupt' : 'stale', { file, reason });
      return { found: false, mayStore: true, seen, miss: { reason } };
    }
    case 'unreadable':
      return { found: false, mayStore: false, miss: { file, reason: 'unreadable here', error: loaded.error } };
  }
}
