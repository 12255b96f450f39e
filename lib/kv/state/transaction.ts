/** Transactions, nested on one connection, with the files that come and go with them. */
import { inspect, types } from 'node:util';
import { toSeconds } from '../../base/text/duration.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import { isThenable } from '../../base/run/is-thenable.js';
import { pause } from '../../base/run/pause.js';
import type { CheckOptions, PeekItemOptions, PushOptions, RetryOptions } from './cache-options.js';
import type { CacheState } from './cache-state.js';
import type { Action, Connection, Frame } from '../database/connection.js';
import { DatabaseError, stayedLocked } from '../base/errors.js';
import { BusyError } from '../database/sqlite-error.js';

/** Seconds between two tries, where a call retries: SQLite's own wait is as long as the timeout. */
const RETRY_PAUSE = 0.001;

/** All that a call can be told; what does not concern it does no harm. */
const OPTIONS: ReadonlySet<string> = new Set<OptionName>([
  'retry',
  'timeout',
  'expire',
  'tag',
  'prefix',
  'side',
  'last',
  'fix',
]);

type OptionName = keyof PushOptions | keyof PeekItemOptions | keyof CheckOptions;

/** An unknown option would be ignored: an item that was to expire would stay. */
function checkOptions(options: object): void {
  if (typeof options !== 'object') {
    throw new InvalidOptionError(`options are ${String(options)}, but must be an object: { expire: 60 } for example`);
  }
  for (const name in options) {
    if (OPTIONS.has(name)) continue;
    throw new InvalidOptionError(
      `there is no option ${name}${didYouMean(name, OPTIONS)}: a call has some of ${[...OPTIONS].join(', ')}`,
    );
  }
}

/** Asks again while others hold the database, if `retry`. @throws TimeoutError */
export function untilFree<T>(state: CacheState, options: RetryOptions, action: () => T): T {
  checkOptions(options);
  const { retry = false, timeout } = options;
  const seconds = timeout === undefined ? state.timeout : toSeconds(timeout, 'timeout');
  for (;;) {
    try {
      state.connection.wait(seconds);
      return action();
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
      if (!retry) throw stayedLocked(state.directory, { cause: error });
      pause(RETRY_PAUSE).sync();
    }
  }
}

/**
 * Runs `body` in a transaction, or in a part of the open transaction. Files are removed once the outermost has been
 * committed, never before; files made for a transaction that is rolled back are removed then.
 */
export function transact<T>(state: CacheState, options: RetryOptions, body: (frame: Frame) => T): T {
  checkOptions(options);
  state.refresh();
  const { connection } = state;
  const frame: Frame = { afterCommit: [], afterRollback: [], isLost: false };
  const outer = connection.frames.at(-1);
  if (outer?.isLost === true) throw lost(connection);
  const level = connection.frames.length;
  if (outer === undefined)
    untilFree(state, options, () => {
      connection.sql('BEGIN IMMEDIATE').run();
    });
  else connection.sql(`SAVEPOINT level_${level}`).run();
  connection.frames.push(frame);
  let result: T;
  try {
    result = body(frame);
    if (frame.isLost) throw lost(connection);
    if (outer === undefined)
      untilFree(state, options, () => {
        connection.sql('COMMIT').run();
      });
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

/** Does the actions left to do, or leaves them to the transaction around. */
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

/** A transaction that the user's own function is part of. */
export function transactFunction<T>(state: CacheState, options: RetryOptions, fn: () => T): T {
  refuseLater(fn);
  return transact(state, options, () => {
    const result = fn();
    if (isThenable(result)) refusePromise(result);
    return result;
  });
}

/** What does its work when the transaction is over is refused before anything is done. @throws InvalidOptionError */
export function refuseLater(fn: unknown): void {
  if (typeof fn !== 'function')
    throw new InvalidOptionError(`transact was given ${inspect(fn)}, but takes a function: transact(() => …)`);
  // Of both kinds of generators.
  const kind = types.isGeneratorFunction(fn)
    ? 'a generator'
    : types.isAsyncFunction(fn)
      ? 'an async function'
      : undefined;
  if (kind === undefined) return;
  throw new InvalidOptionError(
    `transact was given ${kind}, which would go on after the transaction; nothing was done: give it a function that is ` +
      'done when it returns, and await before',
  );
}

function refusePromise(promise: PromiseLike<unknown>): never {
  // Its failure would be unhandled: the transaction's failure is reported.
  promise.then(undefined, () => undefined);
  throw new InvalidOptionError(
    'transact was given a function that returns a promise: what it did so far was taken back, since the database ' +
      'cannot be held while others of this process run. Await first, then transact',
  );
}
