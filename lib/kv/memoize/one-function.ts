import { InvalidOptionError } from '../../base/errors.js';

/** The function of each identity; one that is gone was another one. */
const functions = new Map<string, WeakRef<object>>();

/**
 * Refuses a second function of one identity: name and source do not say which variables a function closes over.
 * @param identity the folder, the name with a digest of the source, and of a method the class
 * @throws InvalidOptionError
 */
export function refuseSecond(fn: object, name: string, identity: readonly string[]): void {
  const id = identity.join('\0');
  const first = functions.get(id);
  if (first === undefined) {
    functions.set(id, new WeakRef(fn));
    return;
  }
  if (first.deref() === fn) return;
  throw new InvalidOptionError(
    `two functions ${name} of the same source are memoized in ${identity[0] ?? ''}, and may close over different variables, so ` +
      "that one would get the other's results: give each a name of its own, memoize({ name }), or both the same one where they " +
      'are the same function; or memoize once, where the function is made once',
  );
}
