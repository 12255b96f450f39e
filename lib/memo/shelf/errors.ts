/** Errors of the function caches. */
import { StowageError } from '../../base/errors.js';

/** Two keys have one `hash`: a stored result is another call's, and is not given away as this one's. */
export class HashCollisionError extends StowageError {
  /** The key of the stored result, where it is known: with `storeKey` or `unhash`. */
  readonly storedKey: unknown;
  /** The key that was asked for. */
  readonly key: unknown;

  constructor(message: string, keys: { storedKey: unknown; key: unknown }) {
    super('STOWAGE_HASH_COLLISION', message);
    this.storedKey = keys.storedKey;
    this.key = keys.key;
  }
}

/** A function changed its arguments, or the instance that it belongs to: what it returned is stored under no key. */
export class MutatedInputError extends StowageError {
  constructor(message: string) {
    super('STOWAGE_MUTATED_INPUT', message);
  }
}
