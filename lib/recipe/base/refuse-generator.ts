import { types } from 'node:util';
import { InvalidOptionError } from '../../base/errors.js';

/** A generator does its work when its values are asked for, after what was to be held has been given back. */
export function refuseGenerator(fn: unknown, recipe: string): void {
  if (!types.isGeneratorFunction(fn)) return;
  throw new InvalidOptionError(
    `${recipe} was given a generator, whose work is done when its values are asked for, with nothing held any more: give it ` +
      'a function that is done when it returns, or when its promise is settled',
  );
}
