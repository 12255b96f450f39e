/** Transactions, nested on one connection, with the files that come and go with them. */
import { InvalidOptionError } from '../base/errors.js';
import { pause } from '../base/pause.js';
import type { RetryOptions } from './cache-options.js';
import type { CacheState } from './cache-state.js';
import type { Action, Connection, Frame } from './connection.js';
import { DatabaseError, TimeoutError } from './errors.js';
import { BusyError } from './sqlite-error.js';

/** Milliseconds between two tries, where a call retries: SQLite's own wait is as long as the timeout. */
const RETRY_PAUSE = 1;

/** Asks again while others hold the database, if `retry`. @throws TimeoutError */
export function untilFree<T>(state: CacheState, { retry = false }: RetryOptions, action: () => T): T {
  for (;;) {
    try {
      state.connection.wait(state.timeout);
      return action();
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
      if (!retry) throw new TimeoutError(state.directory, 0, { cause: error });
      pause(RETRY_PAUSE).sync();
    }
  }
}

/**
 * Runs `body` in a transaction, or in a part of the one that is open. Files are removed once the outermost has been
 * committed, never before; what was made for a transaction that is rolled back is removed then.
 */
export function transact<T>(state: CacheState, options: RetryOptions, body: (frame: Frame) => T): T {
  const { connection } = state;
  const frame: Frame = { afterCommit: [], afterRollback: [], isLost: false };
  const outer = connection.frames.at(-1);
  if (outer?.isLost === true) throw lost(connection);
  const level = connection.frames.length;
  if (outer === undefined && connection.isDetached) throw detached(connection);
  if (outer === undefined) untilFree(state, options, () => { connection.sql('BEGIN IMMEDIATE').run(); });
  else connection.sql(`SAVEPOINT level_${level}`).run();
  connection.frames.push(frame);
  let result: T;
  try {
    result = body(frame);
    if (frame.isLost) throw lost(connection);
    if (outer === undefined) untilFree(state, options, () => { connection.sql('COMMIT').run(); });
    else connection.sql(`RELEASE level_${level}`).run();
  } catch (error) {
    connection.frames.pop();
    rollBack(connection, level, outer);
    settle(frame.afterRollback);
    throw error;
  }
  connection.frames.pop();
  outer?.afterRollback.push(...frame.afterRollback);
  settle(frame.afterCommit, outer?.afterCommit);
  return result;
}

/** Does what is left to do, or leaves it to the transaction around. */
function settle(actions: Action[], outer?: Action[]): void {
  if (outer !== undefined) outer.push(...actions);
  else for (const action of actions) action();
}

function rollBack(connection: Connection, level: number, outer: Frame | undefined): void {
  if (outer === undefined) {
    connection.rollBack();
    return;
  }
  try {
    connection.sql(`ROLLBACK TO level_${level}`).run();
    connection.sql(`RELEASE level_${level}`).run();
  } catch {
    // SQLite has rolled back everything by itself; without a transaction, more writes would stand alone.
    outer.isLost = true;
  }
}

function lost(connection: Connection): DatabaseError {
  return new DatabaseError(`the database ${connection.file} rolled back the transaction: nothing of it was stored`);
}

function detached(connection: Connection): DatabaseError {
  return new DatabaseError(
    `the database ${connection.file} was removed or replaced since it was opened: nothing was stored; ` +
      'close() all caches on the folder, and the next use opens what is there now',
  );
}

/** A transaction that the user's own function is part of. */
export function transactFunction<T>(state: CacheState, options: RetryOptions, fn: () => T): T {
  return transact(state, options, () => {
    const result = fn();
    if (isThenable(result)) refusePromise(result);
    return result;
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function refusePromise(promise: PromiseLike<unknown>): never {
  // Its failure would be nobody's: the transaction's is the one that is reported.
  promise.then(undefined, () => undefined);
  throw new InvalidOptionError(
    'transact was given a function that returns a promise: what it did so far was taken back, since the database ' +
      'cannot be held while others of this process run. Await first, then transact',
  );
}
