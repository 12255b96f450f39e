/** Patience with other connections where SQLite does not wait by itself. */
import { elapsedSince, stopwatch } from '../../base/clock.js';
import { pause } from '../../base/run/pause.js';
import type { Connection } from './connection.js';
import { stayedLocked } from '../base/errors.js';
import { BusyError } from './sqlite-error.js';

/** Seconds that opening and settings wait for others, whatever the cache's own timeout. */
const PATIENCE = 60;

/**
 * Asks again while others hold the database. A change to another journal mode does not wait by itself as other
 * statements do.
 */
export function patiently<T>(connection: Connection, action: () => T): T {
  const start = stopwatch();
  connection.wait(PATIENCE);
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
      if (elapsedSince(start) > PATIENCE) throw stayedLocked(connection.folder, { cause: error });
      pause(0.001).sync();
    }
  }
}
