/** Small values that JSON brings back exactly; they live in the record itself. */
import { types } from 'node:util';
import { textBytes } from '../../base/text/text-bytes.js';
import { FormatError, UncacheableValueError } from '../../base/errors.js';
import { classNameOf } from '../../key/canonical/own-properties.js';
import type { Codec } from '../shared/codec.js';
import { hasSlots } from '../shared/has-slots.js';
import { stepText } from '../shared/value-path.js';

/** The longest text that is kept in a record, in bytes of UTF-8. */
export const MAX_JSON_BYTES = 4096;

/**
 * Takes null, booleans, finite numbers other than -0, strings, and plain objects and arrays of those, up to 4 KiB of
 * text. Trees only: JSON would write a shared object twice.
 */
export const jsonCodec: Codec = jsonCodecUpTo(MAX_JSON_BYTES);

/** The same format for texts of other lengths: what one of these codecs writes, each of them reads. */
export function jsonCodecUpTo(maxBytes: number): Codec {
  return {
    name: 'json',
    sample: { strehl: 0.87, modes: [1, 2.5, null, true, 'tip \u{1F52D}'], 'weird key': {} },
    accepts: (value) => textOf(value, maxBytes) !== undefined,
    encode(value) {
      const text = textOf(value, maxBytes);
      if (text !== undefined) return { type: typeName(value), chunks: [textBytes(text)] };
      const part = inexactPart(value);
      if (part === undefined) {
        throw new UncacheableValueError(
          'result',
          'a value',
          `JSON of up to ${maxBytes} bytes cannot hold it; use the codec v8`,
        );
      }
      throw new UncacheableValueError(part.path, whatIs(part.value), 'JSON cannot bring it back; use the codec v8');
    },
    decode(body, notes) {
      let value: unknown;
      try {
        value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
      } catch (cause) {
        throw new FormatError('the inline value of a record is not JSON', { cause });
      }
      if (typeName(value) !== notes.type) {
        throw new FormatError(`the inline value of a record is of type ${typeName(value)}, not ${notes.type}`);
      }
      return value;
    },
  };
}

/** How a message calls it. */
function whatIs(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const prototype = types.isProxy(value) ? null : (Object.getPrototypeOf(value) as object | null);
    const name = prototype === Object.prototype || prototype === Array.prototype ? '' : classNameOf(prototype);
    return name === '' ? 'an object that is met twice, closed, or not plain' : `an instance of ${name}`;
  }
  return typeof value === 'function' ? 'a function' : Object.is(value, -0) ? '-0' : String(value);
}

/** The first part that JSON cannot bring back exactly; `undefined` where it is only the length. */
function inexactPart(root: unknown): { value: unknown; path: string } | undefined {
  const seen = new Set<object>();
  const pending: [value: unknown, path: string][] = [[root, 'result']];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, path] = next;
    if (typeof value !== 'object' || value === null) {
      if (primitiveSize(value) === undefined) return { value, path };
      continue;
    }
    const children: unknown[] = [];
    if (seen.has(value) || pushChildren(value, children, Infinity) === undefined) return { value, path };
    seen.add(value);
    const steps = Array.isArray(value) ? children.keys() : Object.keys(value).values();
    for (const child of children) pending.push([child, path + stepText(steps.next().value as string | number)]);
  }
  return undefined;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return Array.isArray(value) ? 'Array' : 'Object';
}

/** The JSON text, if it is short enough and JSON.parse makes the same value of it. */
function textOf(value: unknown, maxBytes: number): string | undefined {
  if (!isSmallTree(value, maxBytes) || changesUnderJson()) return undefined;
  try {
    const text = JSON.stringify(value);
    return Buffer.byteLength(text) <= maxBytes ? text : undefined;
  } catch {
    // Nested so deeply that JSON.stringify runs out of stack.
    return undefined;
  }
}

/** The program may have given all objects a `toJSON`. */
function changesUnderJson(): boolean {
  return 'toJSON' in Object.prototype || 'toJSON' in Array.prototype;
}

/** Walks until something is not exact in JSON, or until the text must be too long. */
function isSmallTree(root: unknown, maxBytes: number): boolean {
  const seen = new Set<object>();
  const pending: unknown[] = [root];
  let room = maxBytes;
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'object' && value !== null) {
      if (seen.has(value)) return false;
      seen.add(value);
      const size = pushChildren(value, pending, room);
      if (size === undefined) return false;
      room -= size;
    } else {
      const size = primitiveSize(value);
      if (size === undefined) return false;
      room -= size;
    }
    if (room < 0) return false;
  }
  return true;
}

/** At least as many bytes as the text of a primitive takes; `undefined` where JSON has no exact text. */
function primitiveSize(value: unknown): number | undefined {
  switch (typeof value) {
    case 'string':
      return value.length + 2;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? 1 : undefined;
    case 'boolean':
      return 4;
    default:
      return value === null ? 4 : undefined;
  }
}

/** Puts what an object holds on the stack and says how long its names and brackets are at least. */
function pushChildren(object: object, pending: unknown[], room: number): number | undefined {
  if (types.isProxy(object) || !Object.isExtensible(object)) return undefined;
  const isArray = Array.isArray(object);
  if (Object.getPrototypeOf(object) !== (isArray ? Array.prototype : Object.prototype)) return undefined;
  if (isArray ? object.length * 2 > room : hasSlots(object)) return undefined;
  const keys = Reflect.ownKeys(object);
  // Indices come first: were one missing or a name added, `length` would not be the last key, right after them.
  if (isArray && (keys.length !== object.length + 1 || keys[object.length] !== 'length')) return undefined;
  let size = 2;
  for (const key of keys) {
    if (isArray && key === 'length') continue;
    if (typeof key === 'symbol' || key === '__proto__') return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (descriptor?.enumerable !== true || descriptor.writable !== true || descriptor.configurable !== true)
      return undefined;
    pending.push(descriptor.value);
    size += isArray ? 1 : key.length + 4;
    if (size > room + 2) return undefined;
  }
  return size;
}
