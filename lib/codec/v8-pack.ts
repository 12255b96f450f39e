/** Values → code, primitives and segments, as `v8-format.ts` describes. No code of the value's owner is run. */
import { writeObject } from './v8-pack-objects.js';
import { Packer, type Packed } from './v8-packer.js';

/** @throws UncacheableValueError naming the path of what cannot be brought back exactly */
export function pack(value: unknown): Packed {
  return new Packer(value).pack(writeObject);
}
