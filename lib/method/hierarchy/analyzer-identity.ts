/** An analyzer as an argument of another one's method. */
import { callKeyDigest } from '../../key/canonical/canonical.js';
import { ownKeyOf } from '../state/parameters.js';
import { findBinding } from './tagging.js';

/** Analyzers whose identity is being put together; one that comes back to itself is known by its place alone. */
const naming = new Set<object>();

/** A tagged analyzer as an argument is known by its place, and by its own key if it has one. */
export function identityOfAnalyzer(object: object): string | undefined {
  const binding = findBinding(object);
  if (binding === undefined) return undefined;
  const { root, path, concrete } = binding;
  const place = [root.prefix, root.tag, path, root.className, root.nameOf(concrete)];
  if (naming.has(object)) return JSON.stringify(place);
  naming.add(object);
  try {
    const ownKey = callKeyDigest([], { ownKey: ownKeyOf(object), identify: identityOfAnalyzer });
    return JSON.stringify(ownKey === undefined ? place : [...place, ownKey]);
  } finally {
    naming.delete(object);
  }
}
