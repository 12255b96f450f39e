/** The errors that end a command with exit code 1 or 2. */
import { StowageError } from '../../base/errors.js';

/** The command line makes no sense: said with a usage line, exit code 2. */
export class UsageError extends StowageError {
  constructor(message: string) {
    super('STOWAGE_USAGE', message);
  }
}

/** What was asked for is not there, or cannot be done: exit code 1. */
export class CommandError extends StowageError {
  constructor(message: string, options?: ErrorOptions) {
    super('STOWAGE_COMMAND', message, options);
  }
}
