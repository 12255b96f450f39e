/** Errors about pickles, and about values that cannot become pickles. */
import { StowageError } from '../../base/errors.js';

/** A pickle is damaged or holds more than plain data, or a key has no counterpart in Python. */
export class PickleError extends StowageError {
  constructor(message: string, options?: ErrorOptions) {
    super('STOWAGE_PICKLE', message, options);
  }
}
