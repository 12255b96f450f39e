/** What stands in a key for the object that a memoized method is called on: python-diskcache has `self` among the arguments. */
import { noteWrapped } from '../../code/code-of.js';
import { callKeyDigest } from '../../key/canonical/canonical.js';
import { receiverKey } from '../../key/functions/receiver.js';

/** Memoized functions, by what they are called in keys: an instance may have some in its fields. */
const memoized = new WeakMap<object, () => string>();

/** @param nameOf asked when it is needed: a name may depend on what is not there yet when the function is memoized */
export function noteMemoized(wrapper: object, fn: object, nameOf: () => string): void {
  noteWrapped(wrapper, fn);
  memoized.set(wrapper, () => `memoized ${nameOf()}`);
}

/** @throws UnkeyableArgumentError where the object hides its state */
export function receiverPart(receiver: unknown, code?: string): unknown[] {
  const options = {
    byFields: true,
    subject: 'the object that the method is called on',
    identify: (value: object) => memoized.get(value)?.(),
  };
  const parts = [receiverKey(receiver), ...(code === undefined ? [] : [code])];
  return ['stowage', 'this', callKeyDigest(parts, options) ?? 'undefined'];
}
