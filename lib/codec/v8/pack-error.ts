/** Errors on their way into a v8 blob. */
import { begin, namesOf } from './pack-checks.js';
import { ERRORS, Flag, Tag } from './format.js';
import type { Packer } from './packer.js';
import { refusedSubclass } from '../shared/refuse.js';

const nativeStack = Object.getOwnPropertyDescriptor(new Error(), 'stack')?.get;

/** Describes an error with its own properties, their attributes included. */
export function writeError(packer: Packer, object: object, prototype: object | null): void {
  const name = [...ERRORS].find(([, known]) => known.prototype === prototype)?.[0];
  if (name === undefined) return packer.refuse(refusedSubclass(object, 'Error'));
  const names = namesOf(packer, object);
  const flags: number[] = [];
  const values = names.map((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(object, key) as PropertyDescriptor;
    // From Node 21 on, `stack` is an accessor of the engine, which keeps the text; before, it looks like data.
    if (key === 'stack' && descriptor.get !== undefined && descriptor.get === nativeStack) {
      flags.push(flagsOf({ ...descriptor, writable: !Object.isFrozen(object) }));
      return descriptor.get.call(object) as unknown;
    }
    if (descriptor.get !== undefined || descriptor.set !== undefined) {
      return packer.refuse({ what: 'a getter or setter', advice: 'return an error that holds the value itself' }, key);
    }
    flags.push(flagsOf(descriptor));
    return descriptor.value as unknown;
  });
  begin(packer, Tag.error, object);
  packer.value(name);
  packer.shape(names);
  for (const flag of flags) packer.word(flag);
  packer.list(values, (index) => names[index] as string);
}

function flagsOf({ writable, enumerable, configurable }: PropertyDescriptor): number {
  return (
    (writable === true ? Flag.writable : 0) |
    (enumerable === true ? Flag.enumerable : 0) |
    (configurable === true ? Flag.configurable : 0)
  );
}
