import { hasIdentity, kindOf } from '../../base/language/brand.js';
import { InvalidOptionError } from '../../base/errors.js';

/** @throws InvalidOptionError where `object` is none */
export function checkObject(object: unknown, caller: string): asserts object is object {
  if (!hasIdentity(object)) throw new InvalidOptionError(`${caller} needs an object, not ${kindOf(object)}`);
}
