/** Arrays of numbers that are nothing but their elements. */

/** Strides of numbers that lie in row-major order, without gaps. */
export function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elements(shape.slice(axis + 1)));
}

/** How many elements there are. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Is it a Float64Array alone on its memory? */
export function isBareFloats(value: unknown): value is Float64Array {
  return value instanceof Float64Array && isBare(value);
}

/** Is a typed array of a built-in class alone on its memory, without properties of its own? Few elements are listed. */
export function isBare(array: ArrayBufferView & { length: number }): boolean {
  const { buffer, byteLength } = array;
  if (byteLength !== buffer.byteLength || !Object.isExtensible(array)) return false;
  return array.length > 1024 || Reflect.ownKeys(array).length === array.length;
}
