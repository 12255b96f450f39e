/**
 * Keeps what V8 counted of a process whose coverage is asked for. V8 throws its count of branches away when its last
 * debugger goes, and what lib/code asks of the inspector may be the only one; so another one stays. And mocha gives its
 * workers one second to end, in which V8 does not get what they reached on disk; so that is written now and then.
 */
import { Session } from 'node:inspector';
import { takeCoverage } from 'node:v8';

/** Not to be collected. */
let held: Session | undefined;

/** So much of what a worker reached can be lost, in milliseconds of its life. */
const INTERVAL = 15_000;
let written = performance.now();

export function holdCoverage(): void {
  if (process.env.NODE_V8_COVERAGE === undefined || held !== undefined) return;
  held = new Session();
  held.connect();
  held.post('Debugger.enable', { maxScriptsCacheSize: 0 });
}

export function writeCoverage(): void {
  if (held === undefined || performance.now() - written < INTERVAL) return;
  takeCoverage();
  written = performance.now();
}
