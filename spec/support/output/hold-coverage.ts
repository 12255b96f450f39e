/**
 * Keeps V8's count of branches for the whole of a process. V8 throws it away when its last debugger goes, and what lib/code
 * asks of the inspector may be the only one; so another one stays, as long as coverage is asked for.
 */
import { Session } from 'node:inspector';

/** Not to be collected. */
let held: Session | undefined;

export function holdCoverage(): void {
  if (process.env.NODE_V8_COVERAGE === undefined || held !== undefined) return;
  held = new Session();
  held.connect();
  held.post('Debugger.enable', { maxScriptsCacheSize: 0 });
}
