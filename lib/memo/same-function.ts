import { warnOnce } from '../base/warn.js';

/** The latest function of each name, place and code. */
const functions = new Map<string, WeakRef<object>>();

/**
 * Two functions of one source are one function to a cache, which cannot see what they close over: it is said once.
 * @param identity folder, name and code, with NULs between
 */
export function noteFunction(fn: object, identity: string): void {
  const before = functions.get(identity)?.deref();
  functions.set(identity, new WeakRef(fn));
  if (before === undefined || before === fn) return;
  const [folder = '', name = ''] = identity.split('\0');
  warnOnce(
    'STOWAGE_SAME_FUNCTION',
    identity,
    `two functions ${name} of the same source keep their results in ${folder}, and share them: if they close over ` +
      'different variables, give each a funcName, or let key include what differs',
  );
}
