/** Values → code, primitives and segments, as `format.ts` describes. No code of the value's owner is run. */
import { writeObject } from './pack-objects.js';
import { Packer, type Packed } from './packer.js';

/** @throws UncacheableValueError naming the path of what cannot be brought back exactly */
export function pack(value: unknown): Packed {
  return new Packer(value).pack(writeObject);
}
