import { InvalidOptionError } from '../../base/errors.js';
import { isNative } from '../../key/classes/class-source.js';

/**
 * Every bound function, every built-in one and every Proxy shows `[native code]` in place of a source: two of them under
 * one name would get each other's results, in other processes too.
 * @param option how the user names the function, `funcName` for example
 * @throws InvalidOptionError for such a function that has no name of the user's choice
 */
export function refuseUntold(fn: object, name: string, option: string): void {
  if (!isNative(fn)) return;
  throw new InvalidOptionError(
    `the function ${name} is bound, built in or a proxy, so that its source does not tell it from others: give it a name of its ` +
      `own with ${option}, or an arrow function around it: (...args) => object.method(...args)`,
  );
}
