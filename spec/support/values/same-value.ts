/** Strict equality of values for tests: bits, classes, holes, order, frozen state and shared references. */
import { types } from 'node:util';

/**
 * Where two values differ, in words; `undefined` if nowhere. Stricter than `isDeepStrictEqual`: the order of
 * properties and entries counts, so do property attributes, extensibility, and which references are shared, in both
 * directions (buffers of views included). NaNs of different bits are one in numbers and different in typed arrays.
 */
export function difference(a: unknown, b: unknown): string | undefined {
  return new Comparison().compare(a, b, 'value');
}

/** @throws Error that says where the values differ */
export function expectSame(actual: unknown, expected: unknown): void {
  const found = difference(actual, expected);
  if (found !== undefined) throw new Error(`not the same: ${found}`);
}

type Found = string | undefined;

class Comparison {
  readonly #forth = new Map<object, object>();
  readonly #back = new Map<object, object>();
  readonly #pending: [a: unknown, b: unknown, path: string][] = [];

  compare(a: unknown, b: unknown, path: string): Found {
    this.#pending.push([a, b, path]);
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      const found = this.#pair(...next);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #pair(a: unknown, b: unknown, path: string): Found {
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
      return Object.is(a, b) ? undefined : `${path}: ${describe(a)} and ${describe(b)}`;
    }
    if (this.#forth.has(a) || this.#back.has(b)) {
      return this.#forth.get(a) === b && this.#back.get(b) === a
        ? undefined
        : `${path}: references are shared differently`;
    }
    this.#forth.set(a, b);
    this.#back.set(b, a);
    return this.#objects(a, b, path);
  }

  #objects(a: object, b: object, path: string): Found {
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `${path}: classes differ`;
    if (closedness(a) !== closedness(b)) return `${path}: ${closedness(a)} and ${closedness(b)}`;
    if (ArrayBuffer.isView(a)) return this.#views(a, b as ArrayBufferView, path);
    const content = this.#content(a, b, path);
    return content ?? this.#properties(a, b, path);
  }

  #views(a: ArrayBufferView, b: ArrayBufferView, path: string): Found {
    if (a.byteLength !== b.byteLength) return `${path}: ${a.byteLength} and ${b.byteLength} bytes`;
    if (Buffer.compare(bytesOf(a), bytesOf(b)) !== 0) return `${path}: bytes differ`;
    // Which Buffers lie in one piece of Node's pool depends on what was allocated before.
    if (isPooled(a) || isPooled(b)) return this.#besides(a, b, path);
    // The buffers may be of different sizes, but must be shared by the same views.
    const known = this.#forth.get(a.buffer);
    if (known === undefined && !this.#back.has(b.buffer)) {
      this.#forth.set(a.buffer, b.buffer);
      this.#back.set(b.buffer, a.buffer);
    } else if (known !== b.buffer || this.#back.get(b.buffer) !== a.buffer) {
      return `${path}: buffers are shared differently`;
    }
    return this.#besides(a, b, path);
  }

  #besides(a: ArrayBufferView, b: ArrayBufferView, path: string): Found {
    return namesBeside(a) === namesBeside(b) ? undefined : `${path}: properties beside the elements`;
  }

  #content(a: object, b: object, path: string): Found {
    if (types.isMap(a)) return this.#entries(flat(a), flat(b as Map<unknown, unknown>), path);
    if (types.isSet(a)) return this.#entries([...a], [...(b as Set<unknown>)], path);
    if (types.isDate(a)) return this.#pair(a.getTime(), (b as Date).getTime(), path);
    if (types.isRegExp(a)) return this.#pair(a.toString(), (b as RegExp).toString(), path);
    if (types.isBoxedPrimitive(a)) return this.#pair(a.valueOf(), b.valueOf(), path);
    if (types.isAnyArrayBuffer(a)) {
      return Buffer.compare(Buffer.from(a), Buffer.from(b as ArrayBuffer)) === 0 ? undefined : `${path}: bytes differ`;
    }
    if (types.isNativeError(a) !== types.isNativeError(b)) return `${path}: only one is an error`;
    if (a instanceof URL || a instanceof URLSearchParams) return this.#pair(a.toString(), (b as URL).toString(), path);
    return undefined;
  }

  #entries(a: unknown[], b: unknown[], path: string): Found {
    if (a.length !== b.length) return `${path}: ${a.length} and ${b.length} entries`;
    for (const [index, entry] of a.entries()) this.#pending.push([entry, b[index], `${path}{${index}}`]);
    return undefined;
  }

  #properties(a: object, b: object, path: string): Found {
    const keys = Reflect.ownKeys(a);
    const others = Reflect.ownKeys(b);
    if (keys.length !== others.length || keys.some((key, index) => key !== others[index])) {
      return `${path}: properties ${keys.map(String).join()} and ${others.map(String).join()}`;
    }
    for (const key of keys) {
      const one = Object.getOwnPropertyDescriptor(a, key) ?? {};
      const other = Object.getOwnPropertyDescriptor(b, key) ?? {};
      const isStack = key === 'stack' && types.isNativeError(a);
      if (!isStack && attributes(one) !== attributes(other)) return `${path}.${String(key)}: attributes differ`;
      // The stack of an error is an accessor of the engine from Node 21 on.
      const values = isStack ? [a.stack, (b as Error).stack] : [one.value, other.value];
      this.#pending.push([values[0], values[1], `${path}.${String(key)}`]);
    }
    return undefined;
  }
}

/** Keys and values in turn. */
function flat(map: Map<unknown, unknown>): unknown[] {
  const items: unknown[] = [];
  for (const [key, value] of map) items.push(key, value);
  return items;
}

function attributes(descriptor: PropertyDescriptor): string {
  return [descriptor.writable, descriptor.enumerable, descriptor.configurable, typeof descriptor.get].join();
}

function closedness(object: object): string {
  if (Object.isExtensible(object)) return 'open';
  if (Object.isFrozen(object)) return 'frozen';
  return Object.isSealed(object) ? 'sealed' : 'not extensible';
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Names of a view that are none of an element. */
function namesBeside(view: ArrayBufferView): string {
  return Reflect.ownKeys(view)
    .filter((key) => typeof key === 'symbol' || !/^\d+$/.test(key))
    .map(String)
    .join();
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object' : `${typeof value} ${String(value)}`;
}

function isPooled(view: ArrayBufferView): boolean {
  return Buffer.isBuffer(view) && view.buffer.byteLength === Buffer.poolSize;
}
