/** From what an unpickler has built to values, without recursion, however deep they are. */
import { Dict } from './containers.js';
import { Deferred } from './deferred.js';

/**
 * Puts values in the places of all that stands for one, throughout what the root holds. What else was on the stack,
 * such as the arguments of calls, is left alone.
 * @throws PickleError where a part is no data
 */
export function settle(root: unknown): unknown {
  const known = new Set<object>();
  const pending: (Dict | Set<unknown> | unknown[])[] = [];
  const valueOf = (item: unknown): unknown => {
    if ((item instanceof Dict || item instanceof Set || Array.isArray(item)) && !known.has(item)) {
      known.add(item);
      pending.push(item as Dict | Set<unknown> | unknown[]);
    }
    return item instanceof Deferred ? item.value() : item;
  };
  const value = valueOf(root);
  for (let container = pending.pop(); container !== undefined; container = pending.pop()) {
    if (container instanceof Dict) {
      for (const [key, item] of container.entries) {
        valueOf(key);
        container.settle(key, valueOf(item));
      }
    } else if (container instanceof Set) {
      // Members stand for themselves; what they hold may not.
      for (const member of container) valueOf(member);
    } else {
      for (let index = 0; index < container.length; index++) container[index] = valueOf(container[index]);
    }
  }
  return value;
}
