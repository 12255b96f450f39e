/** What can go wrong with a recipe. */
import { inspect } from 'node:util';
import { StowageError } from '../../base/errors.js';
import { humanSeconds } from '../../base/text/human.js';
import { TimeoutError } from '../../kv/base/errors.js';

/** A key and where it is, for messages: `'report' in /data/cache`. */
export function itemName(key: unknown, directory: string): string {
  return `${inspect(key, { depth: 2, breakLength: Infinity, maxStringLength: 100 })} in ${directory}`;
}

/** Something was to be released that its caller does not hold: never acquired, released already, or lost meanwhile. */
export class NotOwnedError extends StowageError {
  constructor(message: string) {
    super('STOWAGE_NOT_OWNED', message);
  }
}

/** A thread was to sleep until it has a lock that only the same thread could release. */
export class DeadlockError extends StowageError {
  constructor(item: string) {
    super(
      'STOWAGE_DEADLOCK',
      `${item} is held by this thread, which cannot release it while it waits: use acquireAsync or runAsync, which let ` +
        'the thread go on; or give a timeout; or, to enter an RLock again, do so within run, or with { hold }',
    );
  }
}

/** A lock stayed taken for longer than the caller wanted to wait. */
export class LockTimeoutError extends TimeoutError {
  constructor(item: string, seconds: number) {
    super(
      `${item} stayed taken by others for ${humanSeconds(seconds)}: nothing was acquired; try again, or wait longer`,
    );
  }
}

/** The item of a recipe's key is not what the recipe stores. */
export class WrongItemError extends StowageError {
  constructor(item: string, recipe: string, value: unknown) {
    super(
      'STOWAGE_WRONG_ITEM',
      `${item} is ${inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 100 })}, which is not what ${recipe} ` +
        'stores: the key has another use already, so give each its own',
    );
  }
}
