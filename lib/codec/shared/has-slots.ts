import { types } from 'node:util';

/** A built-in object in the disguise of a plain one. */
export function hasSlots(object: object): boolean {
  return (
    types.isArgumentsObject(object) ||
    types.isBoxedPrimitive(object) ||
    types.isNativeError(object) ||
    types.isMap(object) ||
    types.isSet(object) ||
    types.isDate(object) ||
    types.isRegExp(object) ||
    types.isAnyArrayBuffer(object) ||
    ArrayBuffer.isView(object) ||
    types.isPromise(object)
  );
}
