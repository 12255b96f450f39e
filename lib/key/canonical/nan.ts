/**
 * One NaN for all: JavaScript cannot tell them apart, and which bits an operation gives depends on the processor, so
 * that keys may not depend on them.
 */
import type { TypedArray } from '../../base/language/brand.js';

/** Answers the block itself if it holds no NaN, else a copy in which every NaN has the bits of `NaN`. */
export type NaNCleaner = (block: TypedArray) => TypedArray;

/** By kind of array; integers need none. */
export const NAN_CLEANERS: Readonly<Partial<Record<string, NaNCleaner>>> = {
  Float16Array: (block) => cleaned(block as Float32Array),
  Float32Array: (block) => (maybeNaN32(block as Float32Array) ? cleaned(block as Float32Array) : block),
  Float64Array: (block) => (maybeNaN64(block as Float64Array) ? cleaned(block as Float64Array) : block),
};

// The two below differ in nothing but the kind of array they ever see: sharing the code halves its speed.

/** A sum is NaN if one of its parts is; also where infinities meet, which costs a copy and is no mistake. */
function maybeNaN64(block: Float64Array): boolean {
  const { length } = block;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const sum = (block[i] as number) + (block[i + 1] as number) + ((block[i + 2] as number) + (block[i + 3] as number));
    if (Number.isNaN(sum)) return true;
  }
  for (; i < length; i++) if (Number.isNaN(block[i])) return true;
  return false;
}

function maybeNaN32(block: Float32Array): boolean {
  const { length } = block;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const sum = (block[i] as number) + (block[i + 1] as number) + ((block[i + 2] as number) + (block[i + 3] as number));
    if (Number.isNaN(sum)) return true;
  }
  for (; i < length; i++) if (Number.isNaN(block[i])) return true;
  return false;
}

/** Only a constant is sure to be the canonical NaN: V8 keeps the bits of a NaN that passes through. */
function cleaned<T extends Float32Array | Float64Array>(block: T): T {
  const copy = block.slice() as T;
  for (let i = 0; i < copy.length; i++) if (Number.isNaN(copy[i])) copy[i] = NaN;
  return copy;
}
