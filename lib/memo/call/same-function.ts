import { warnOnce } from '../../base/warn.js';

/** What tells one function from others. */
export interface Known {
  /** Where its results lie. */
  folder: string;
  name: string;
  /** Digest of its source. */
  code: string;
}

/** The latest function of each name, place and code. */
const functions = new Map<string, WeakRef<object>>();

/** Two functions of one source are one function to a cache, which cannot see what they close over: it is said once. */
export function noteFunction(fn: object, { folder, name, code }: Known): void {
  const identity = [folder, name, code].join('\0');
  const before = functions.get(identity)?.deref();
  functions.set(identity, new WeakRef(fn));
  if (before === undefined || before === fn) return;
  warnOnce(
    'STOWAGE_SAME_FUNCTION',
    identity,
    `two functions ${name} of the same source keep their results in ${folder}, and share them: if they close over ` +
      'different variables, give each a name of its own (funcName, where there is that option), or let its key include what differs',
  );
}
