/** The methods of a cache that recipes call, and the options of their items. */
import type { Duration } from '../../base/text/duration.js';
import type { Cache } from '../../kv/cache/cache.js';
import type { Tag } from '../../kv/state/cache-options.js';

/** What the recipes need of a cache: a Cache or a FanoutCache has it. */
export type RecipeCache = Pick<
  Cache,
  'directory' | 'has' | 'add' | 'get' | 'getItem' | 'set' | 'delete' | 'pop' | 'transact'
>;

/** How a recipe's item is stored. */
export interface RecipeOptions {
  /**
   * Seconds, counted from the last change, after which the item is gone.
   * @defaultValue never
   */
  expire?: number | Duration | undefined;
  /**
   * What to evict the item by.
   * @defaultValue none
   */
  tag?: Tag | undefined;
}
