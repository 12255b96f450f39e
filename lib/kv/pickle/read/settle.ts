/** What stands for values, replaced by them without recursion, however deep they are. */
import { setOwn } from '../../../codec/shared/own-properties.js';
import { Deferred } from './deferred.js';

/**
 * Puts values in the places of all that stands for one, throughout what the root holds. What else was on the stack,
 * such as the arguments of calls, is left alone.
 * @param replaced values by what stands for them, beside {@link Deferred}
 * @throws PickleError where a part is no data
 */
export function settle(root: unknown, replaced: ReadonlyMap<unknown, unknown>): unknown {
  const known = new Set<object>();
  const pending: object[] = [];
  const valueOf = (item: unknown): unknown => {
    // What was made elsewhere is complete, and is not looked into.
    if (item instanceof Deferred) return item.value();
    const value = replaced.get(item) ?? item;
    if (isContainer(value) && !known.has(value)) {
      known.add(value);
      pending.push(value);
    }
    return value;
  };
  const value = valueOf(root);
  for (let container = pending.pop(); container !== undefined; container = pending.pop()) {
    if (container instanceof Set) {
      // Members stand for themselves; what they hold may not.
      for (const member of container) valueOf(member);
    } else if (container instanceof Map) {
      for (const [key, item] of container as Map<unknown, unknown>) {
        valueOf(key);
        const value = valueOf(item);
        if (value !== item) container.set(key, value);
      }
    } else if (Array.isArray(container)) {
      for (let index = 0; index < container.length; index++) container[index] = valueOf(container[index]);
    } else {
      for (const [name, item] of Object.entries(container)) {
        const value = valueOf(item);
        if (value !== item) setOwn(container, name, value);
      }
    }
  }
  return value;
}

/** A list, a set or a dict; Buffers, Dates and arrays of numbers hold nothing. */
function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return (
    Array.isArray(value) ||
    value instanceof Set ||
    value instanceof Map ||
    Object.getPrototypeOf(value) === Object.prototype
  );
}
