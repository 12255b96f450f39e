/** A value as a tree of what MessagePack has, with extensions in the places of what it lacks. */
import { textBytes } from '../../base/text/text-bytes.js';
import { bytesOf } from '../../base/language/bytes-of.js';
import { types } from 'node:util';
import type { ExtData } from '@msgpack/msgpack';
import { UncacheableValueError } from '../../base/errors.js';
import { classNameOf } from '../../key/canonical/own-properties.js';
import { hasSlots } from '../shared/has-slots.js';
import { encodeView, Extension, isPlainBytes, type Encode } from './extensions.js';
import { refusedObject, refusedPrimitive } from '../shared/refuse.js';
import { stepText, type Step } from '../shared/value-path.js';

const ADVICE = 'use the codec v8, or plain data';
const HALF_PAIR = /\p{Surrogate}/u;

export class Lowering {
  private readonly seen = new Set<object>();
  /** What of each buffer its views have shown: small Buffers share one, and each is another part of it. */
  private readonly shown = new Map<ArrayBufferLike, [start: number, end: number][]>();

  /**
   * @param encode what an extension holds
   * @param extension makes one of the package's extension objects
   */
  constructor(
    private readonly encode: Encode,
    private readonly extension: (type: number, data: Uint8Array) => ExtData,
  ) {}

  /** @throws UncacheableValueError naming the part that cannot be brought back exactly */
  lower(value: unknown, path = 'result'): unknown {
    switch (typeof value) {
      case 'object':
        return value === null ? null : this.object(value, path);
      case 'undefined':
        return this.extension(Extension.undefined, new Uint8Array(0));
      case 'number':
        return Object.is(value, -0) ? this.extension(Extension.negativeZero, new Uint8Array(0)) : value;
      case 'bigint':
        return this.extension(Extension.bigint, textBytes(String(value), 'latin1'));
      case 'string':
        return HALF_PAIR.test(value) ? this.extension(Extension.string16, textBytes(value, 'utf16le')) : value;
      case 'function':
      case 'symbol':
        return refuse(path, refusedPrimitive(value)?.what ?? typeof value);
      default:
        return value;
    }
  }

  private object(value: object, path: string): unknown {
    const refusal = refusedObject(value);
    if (refusal !== undefined) refuse(path, refusal.what);
    this.enter(value, path);
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (ArrayBuffer.isView(value)) return this.view(value, prototype, path);
    if (!Object.isExtensible(value)) refuse(path, 'frozen, sealed or not extensible');
    if (Array.isArray(value) && prototype === Array.prototype) return this.array(value, path);
    if (prototype === Object.prototype && !hasSlots(value)) return this.plain(value, path);
    return this.builtIn(value, prototype, path);
  }

  /** A tree is all that MessagePack can say. */
  private enter(value: object, path: string): void {
    if (this.seen.has(value)) refuse(path, 'an object that the value holds more than once');
    this.seen.add(value);
  }

  private view(view: ArrayBufferView, prototype: object | null, path: string): unknown {
    this.show(view.buffer, view.byteOffset, view.byteLength, path);
    if (prototype === Uint8Array.prototype && isPlainBytes(view)) return bytesOf(view);
    const data = encodeView(view);
    return data === undefined ? refuse(path, 'a view of an unusual kind') : this.extension(Extension.view, data);
  }

  private show(buffer: ArrayBufferLike, start: number, length: number, path: string): void {
    const ranges = this.shown.get(buffer) ?? [];
    if (ranges.some(([from, to]) => start < to && from < start + length))
      refuse(path, 'memory that the value holds more than once');
    this.shown.set(buffer, [...ranges, [start, start + length]]);
  }

  private array(array: unknown[], path: string): unknown[] {
    const keys = Reflect.ownKeys(array);
    // Indices come first: were one missing or a name added, `length` would not be the last key, right after them.
    if (keys.length !== array.length + 1 || keys[array.length] !== 'length')
      refuse(path, 'an array with holes, or with properties');
    return array.map((_, index) => this.property(array, index, path));
  }

  private plain(object: object, path: string): object {
    const lowered: Record<string, unknown> = {};
    for (const key of Reflect.ownKeys(object)) {
      if (typeof key === 'symbol' || key === '__proto__' || HALF_PAIR.test(key))
        refuse(path + stepText(key), 'a property of that name');
      lowered[key] = this.property(object, key, path);
    }
    return lowered;
  }

  private property(holder: object, key: string | number, path: string): unknown {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    const inside = path + stepText(key);
    if (descriptor?.enumerable !== true || descriptor.writable !== true || descriptor.configurable !== true) {
      return refuse(inside, 'no plain property');
    }
    return this.lower(descriptor.value, inside);
  }

  private builtIn(value: object, prototype: object | null, path: string): unknown {
    const hasMore = Reflect.ownKeys(value).length > 0;
    const list = (items: readonly unknown[], step: (index: number) => Step): unknown[] =>
      items.map((item, index) => this.lower(item, path + stepText(step(index))));
    if (!hasMore && types.isMap(value) && prototype === Map.prototype) {
      const keys = list([...value.keys()], (index) => [index, 'key']);
      const values = list([...value.values()], (index) => [index, 'value']);
      return this.extension(Extension.map, this.encode(keys.map((key, index) => [key, values[index]])));
    }
    if (!hasMore && types.isSet(value) && prototype === Set.prototype) {
      return this.extension(Extension.set, this.encode(list([...value], (index) => index)));
    }
    if (!hasMore && types.isDate(value) && prototype === Date.prototype) {
      return Number.isNaN(value.getTime())
        ? this.extension(Extension.invalidDate, new Uint8Array(0))
        : new Date(value.getTime());
    }
    if (!hasMore && types.isArrayBuffer(value) && prototype === ArrayBuffer.prototype && isPlainBytes(value)) {
      this.show(value, 0, value.byteLength, path);
      return this.extension(Extension.arrayBuffer, new Uint8Array(value));
    }
    const name = classNameOf(prototype);
    return refuse(path, name === '' ? 'an object of an unusual kind' : `an instance of ${name}`);
  }
}

function refuse(path: string, what: string): never {
  throw new UncacheableValueError(path, what, `MessagePack cannot bring it back exactly; ${ADVICE}`);
}
