/** Telling the typed arrays that are nothing but their elements from those whose copy would lack something. */
import { inspect, types } from 'node:util';
import { shadowedMember, type TypedArray } from '../../base/language/brand.js';

/** Shows each own property of an array, but neither its elements nor what the properties hold; calls no getter. */
const PROPERTIES_ALONE = {
  showHidden: true,
  customInspect: false,
  getters: false,
  depth: 0,
  maxArrayLength: 0,
  maxStringLength: 0,
  breakLength: Infinity,
} as const;

const ADDED = 'a typed array with properties of its own beside its elements';

/**
 * What a typed array is, beside its elements: `undefined` where it is nothing else, or what a copy would lack.
 * The cost does not grow with the array (`Object.keys` would name each element).
 */
export function beyondElements(array: TypedArray): string | undefined {
  if (shadowedMember(array) !== undefined) return ADDED;
  const { buffer } = array;
  if (types.isSharedArrayBuffer(buffer)) return 'an array on a SharedArrayBuffer';
  if ((buffer as ArrayBuffer & { resizable?: boolean }).resizable === true) {
    return 'an array on a resizable ArrayBuffer';
  }
  try {
    return inspect(array, PROPERTIES_ALONE) === inspect(bareView(array), PROPERTIES_ALONE) ? undefined : ADDED;
  } catch {
    return 'an array whose memory was transferred away';
  }
}

/** A new view of the same memory, so what it does not show is the array's own. */
function bareView(array: TypedArray): TypedArray {
  const { buffer, byteOffset, length } = array;
  if (Buffer.isBuffer(array)) return Buffer.from(buffer, byteOffset, length);
  const prototype = Object.getPrototypeOf(array) as { constructor: new (...args: unknown[]) => TypedArray };
  return new prototype.constructor(buffer, byteOffset, length);
}
