/**
 * Which caller asks for a lock? A thread runs many calls in turns, so process and thread do not tell:
 *
 * - Code called within a scope, however deep and over however many awaits, is one caller: the scope's. Branches that
 *   begin within it (`Promise.all`) belong to it too. When the scope has ended, code of it that still runs no longer
 *   does.
 * - Outside any scope, code that runs synchronously is one caller from its first acquisition until it has given back
 *   all, or until promises have their turn: what comes after an `await` is another caller.
 * - An asynchronous acquisition outside any scope is a caller of its own each time.
 *
 * `AsyncLocalStorage.enterWith` could tie the code after an `await` to what was acquired before it, but also ties the
 * code that called it, and whatever that begins next: two calls of one synchronous stretch would share their locks.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { isPromise } from 'node:util/types';
import { threadId } from 'node:worker_threads';

/**
 * What the names of all callers of this thread begin with. Python's are `pid-thread`; the random part tells this thread
 * from one of another host or boot, or a later one, that has the same numbers.
 */
const thread = `${process.pid}-${threadId}@${hostname()}/${randomBytes(8).toString('hex')}.`;
let callers = 0;

/** A caller that may own locks, and enter them again. */
export class Caller {
  /** The owner that is stored, `4711-0@tonga/29aa08fe3b4dc1c5.7`: process, thread, host, and what makes it unique. */
  readonly name = `${thread}${++callers}`;
  /** How many acquisitions it has not given back. */
  holds = 0;
}

/** Is an owner as it is stored a caller of this thread? */
export function isOfThisThread(owner: string): boolean {
  return owner.startsWith(thread);
}

interface Scope {
  readonly caller: Caller;
  isOver: boolean;
}

const storage = new AsyncLocalStorage<Scope>();
let openScopes = 0;

/** The caller of the running synchronous stretch, outside any scope. */
let synchronous: Caller | undefined;

/** The caller that the running code is, if it is one already. */
export function currentCaller(): Caller | undefined {
  const scoped = scopedCaller();
  if (scoped !== undefined) return scoped;
  return synchronous !== undefined && synchronous.holds > 0 ? synchronous : undefined;
}

export function isInScope(): boolean {
  return scopedCaller() !== undefined;
}

function scopedCaller(): Caller | undefined {
  const scope = openScopes > 0 ? storage.getStore() : undefined;
  return scope?.isOver === false ? scope.caller : undefined;
}

/** The caller that the running code is until promises have their turn. */
export function synchronousCaller(): Caller {
  const current = currentCaller();
  if (current !== undefined) return current;
  const caller = new Caller();
  synchronous = caller;
  queueMicrotask(() => {
    if (synchronous === caller) synchronous = undefined;
  });
  return caller;
}

/**
 * Runs a function, and what follows its awaits, in a scope.
 * @param caller who it is; where the running code is a caller already, that one
 */
export function inScope<T>(fn: () => T, caller = currentCaller() ?? new Caller()): T {
  const scope: Scope = { caller, isOver: false };
  const leave = (): void => {
    scope.isOver = true;
    // A storage in use slows every await of the process on Node 20 and 22.
    if (--openScopes === 0) storage.disable();
  };
  openScopes++;
  let result: T | undefined;
  try {
    result = storage.run(scope, fn);
    return result;
  } finally {
    if (isPromise(result)) result.then(leave, leave);
    else leave();
  }
}
