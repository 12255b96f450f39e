/** Which items go first when a cache is full. */
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';

/** What a policy does, as SQL on the table `Cache`; `null` where it does nothing. */
export interface EvictionRule {
  /** Makes the index that culling needs. */
  readonly init: string | null;
  /** What a look-up changes in the item's row; `?` stands for the time in seconds since the epoch. */
  readonly get: string | null;
  /** The order in which items are culled. */
  readonly cull: string | null;
}

/**
 * The eviction policies, python-diskcache's own:
 *
 * - `none` nothing is removed save what has expired
 * - `least-recently-stored` the oldest item goes first; looking up costs nothing
 * - `least-recently-used` the item not looked up for longest goes first; each look-up writes to the database
 * - `least-frequently-used` the item looked up least often goes first; each look-up writes to the database
 */
export const EVICTION_POLICY = {
  none: { init: null, get: null, cull: null },
  'least-recently-stored': {
    init: 'CREATE INDEX IF NOT EXISTS Cache_store_time ON Cache (store_time)',
    get: null,
    cull: 'store_time',
  },
  'least-recently-used': {
    init: 'CREATE INDEX IF NOT EXISTS Cache_access_time ON Cache (access_time)',
    get: 'access_time = ?',
    cull: 'access_time',
  },
  'least-frequently-used': {
    init: 'CREATE INDEX IF NOT EXISTS Cache_access_count ON Cache (access_count)',
    get: 'access_count = access_count + 1',
    cull: 'access_count',
  },
} as const satisfies Record<string, EvictionRule>;

/** Name of an eviction policy. */
export type EvictionPolicy = keyof typeof EVICTION_POLICY;

/** @throws InvalidOptionError where there is no policy of that name */
export function evictionRule(policy: unknown): EvictionRule {
  if (typeof policy === 'string' && Object.hasOwn(EVICTION_POLICY, policy))
    return EVICTION_POLICY[policy as EvictionPolicy];
  throw new InvalidOptionError(
    `evictionPolicy is ${String(policy)}${didYouMean(String(policy), Object.keys(EVICTION_POLICY))}, but must be one of ` +
      Object.keys(EVICTION_POLICY).join(', '),
  );
}
