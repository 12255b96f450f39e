/** A call that was called off: that concerns its own caller, and no call that joined it. */
import { isError } from '../base/thrown.js';

/** Is this how a call with these arguments ends when its own signal tells it to? */
export function isAbort(error: unknown, args: readonly unknown[]): boolean {
  if (isError(error) && error.name === 'AbortError') return true;
  return args.flatMap(signalsIn).some((signal) => signal.aborted && signal.reason === error);
}

/** A signal is given by itself, or as an option. */
function signalsIn(arg: unknown): AbortSignal[] {
  const candidate = typeof arg === 'object' && arg !== null && 'signal' in arg ? arg.signal : arg;
  return candidate instanceof AbortSignal ? [candidate] : [];
}
