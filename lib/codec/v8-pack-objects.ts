/** How each kind of object is recognised and written. The first kind that recognises an object writes it. */
import { inspect, types } from 'node:util';
import { isNdArray } from '../base/brand.js';
import { registeredByInstance } from '../key/class-registry.js';
import { arrowCodec } from './arrow.js';
import { inheritedData, ownData } from './own-properties.js';
import { BOXES, ERRORS, Flag, Level, MAX_DIMENSIONS, Tag, VIEWS } from './v8-format.js';
import type { Packer } from './v8-pack.js';
import { refusedInstance, refusedObject, refusedSubclass } from './v8-refuse.js';

interface Kind {
  is(object: object, prototype: object | null): boolean;
  write(packer: Packer, object: object, prototype: object | null): void;
}

/** Describes one object in code, or refuses it. */
export function writeObject(packer: Packer, object: object): void {
  const refusal = refusedObject(object);
  if (refusal !== undefined) packer.refuse(refusal);
  const prototype = Object.getPrototypeOf(object) as object | null;
  for (const kind of KINDS) {
    if (kind.is(object, prototype)) {
      kind.write(packer, object, prototype);
      return;
    }
  }
  packer.refuse(refusedInstance(object));
}

const slotted: Kind[] = [
  { is: (object) => ArrayBuffer.isView(object), write: writeView },
  { is: types.isMap, write: writeMap },
  { is: types.isSet, write: writeSet },
  { is: types.isDate, write: writeDate },
  { is: types.isRegExp, write: writeRegExp },
  { is: types.isBoxedPrimitive, write: writeBoxed },
  { is: types.isNativeError, write: writeError },
  { is: types.isArrayBuffer, write: writeArrayBuffer },
];

const KINDS: readonly Kind[] = [
  { is: Array.isArray, write: writeArray },
  ...slotted,
  { is: (_, prototype) => prototype === Object.prototype, write: writeProperties(Tag.object) },
  { is: (_, prototype) => prototype === null, write: writeProperties(Tag.nullPrototype) },
  { is: (_, prototype) => prototype === URL.prototype, write: writeUrl },
  { is: (_, prototype) => prototype === URLSearchParams.prototype, write: writeSearchParams },
  { is: (object) => arrowCodec.accepts(object), write: writeArrow },
  { is: looksLikeNdArray, write: writeNdArray },
  { is: (object) => registeredByInstance(object) !== undefined, write: writeInstance },
];

function levelOf(object: object): number {
  if (Object.isExtensible(object)) return Level.open;
  if (Object.isFrozen(object)) return Level.frozen;
  return Object.isSealed(object) ? Level.sealed : Level.nonExtensible;
}

function begin(packer: Packer, tag: number, object: object): number {
  const level = levelOf(object);
  packer.word(tag | (level << 8));
  return level;
}

/** The values of own properties; whatever is not an ordinary data property is refused. */
function dataValues(packer: Packer, object: object, keys: readonly string[], level: number): unknown[] {
  return keys.map((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (descriptor?.get !== undefined || descriptor?.set !== undefined) {
      return packer.refuse(
        { what: 'a getter or setter', advice: 'return an object that holds the value itself' },
        stepOf(object, key),
      );
    }
    if (descriptor?.enumerable !== true) {
      return packer.refuse(
        { what: 'a non-enumerable property', advice: 'return an object with ordinary properties' },
        stepOf(object, key),
      );
    }
    if (descriptor.writable !== level < Level.frozen || descriptor.configurable !== level < Level.sealed) {
      return packer.refuse(
        { what: 'a read-only property', advice: 'freeze the whole object, or return one with ordinary properties' },
        stepOf(object, key),
      );
    }
    return descriptor.value as unknown;
  });
}

function stepOf(object: object, key: string): string | number {
  return Array.isArray(object) && String(Number(key)) === key ? Number(key) : key;
}

/** Own property names; a symbol among the keys is refused. */
function namesOf(packer: Packer, object: object): string[] {
  const keys = Reflect.ownKeys(object);
  const last = keys.at(-1);
  // Symbols come last, whatever the order of definition.
  if (typeof last === 'symbol') {
    packer.refuse({ what: 'a property named by a symbol', advice: 'name it by a string, or leave it out' }, last);
  }
  return keys as string[];
}

/** Refuses what a built-in object carries besides its own state. */
function noExtras(packer: Packer, object: object, names: readonly string[], builtIn: string): void {
  const extra = names[0];
  if (extra === undefined) return;
  packer.refuse(
    { what: `a property added to a ${builtIn}`, advice: `return it beside the ${builtIn}, in an object around both` },
    stepOf(object, extra),
  );
}

function expectClass(packer: Packer, object: object, prototype: object | null, builtIn: object, name: string): void {
  if (prototype !== builtIn) packer.refuse(refusedSubclass(object, name));
}

function writeProperties(tag: number): Kind['write'] {
  return (packer, object) => {
    const level = begin(packer, tag, object);
    const names = namesOf(packer, object);
    packer.shape(names);
    packer.list(dataValues(packer, object, names, level), (index) => names[index] ?? '');
  };
}

function writeInstance(packer: Packer, object: object): void {
  const found = registeredByInstance(object);
  if (found === undefined) return packer.refuse(refusedInstance(object));
  const level = begin(packer, Tag.instance, object);
  packer.value(found.name);
  const names = namesOf(packer, object);
  packer.shape(names);
  packer.list(dataValues(packer, object, names, level), (index) => names[index] ?? '');
}

function writeArray(packer: Packer, object: object, prototype: object | null): void {
  expectClass(packer, object, prototype, Array.prototype, 'Array');
  const array = object as unknown[];
  const level = levelOf(array);
  const names = namesOf(packer, array);
  const lengthAt = lengthPosition(names, array.length);
  if (Object.getOwnPropertyDescriptor(array, 'length')?.writable !== level < Level.frozen) {
    packer.refuse({ what: 'a read-only length', advice: 'freeze the whole array, or return an ordinary one' }, 'length');
  }
  const dense = lengthAt === array.length && names.length === array.length + 1;
  names.splice(lengthAt, 1);
  packer.word((dense ? Tag.array : Tag.sparseArray) | (level << 8));
  packer.word(array.length);
  if (!dense) packer.shape(names);
  packer.list(dataValues(packer, array, names, level), (index) => stepOf(array, names[index] ?? ''));
}

/** Where `length` stands among an array's own names: after the indices, before what was added. */
function lengthPosition(names: readonly string[], length: number): number {
  return names[length] === 'length' ? length : names.indexOf('length');
}

function writeMap(packer: Packer, object: object, prototype: object | null): void {
  expectClass(packer, object, prototype, Map.prototype, 'Map');
  noExtras(packer, object, namesOf(packer, object), 'Map');
  begin(packer, Tag.map, object);
  const items: unknown[] = [];
  Map.prototype.forEach.call(object, (value: unknown, key: unknown) => items.push(key, value));
  packer.word(items.length / 2);
  packer.list(items, (index) => [index >>> 1, index % 2 === 0 ? 'key' : 'value']);
}

function writeSet(packer: Packer, object: object, prototype: object | null): void {
  expectClass(packer, object, prototype, Set.prototype, 'Set');
  noExtras(packer, object, namesOf(packer, object), 'Set');
  begin(packer, Tag.set, object);
  const items: unknown[] = [];
  Set.prototype.forEach.call(object, (value: unknown) => items.push(value));
  packer.word(items.length);
  packer.list(items, (index) => index);
}

function writeDate(packer: Packer, object: object, prototype: object | null): void {
  expectClass(packer, object, prototype, Date.prototype, 'Date');
  noExtras(packer, object, namesOf(packer, object), 'Date');
  begin(packer, Tag.date, object);
  packer.value(Date.prototype.getTime.call(object));
}

const sourceOf = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source')?.get as (this: object) => string;
/** Flags by the getters of single ones: the getter `flags` would ask the object itself, which may have been altered. */
const FLAG_GETTERS: readonly [flag: string, get: (this: object) => boolean][] = (
  [
    ['d', 'hasIndices'],
    ['g', 'global'],
    ['i', 'ignoreCase'],
    ['m', 'multiline'],
    ['s', 'dotAll'],
    ['u', 'unicode'],
    ['v', 'unicodeSets'],
    ['y', 'sticky'],
  ] as const
).map(([flag, name]) => [flag, Object.getOwnPropertyDescriptor(RegExp.prototype, name)?.get as (this: object) => boolean]);

function writeRegExp(packer: Packer, object: object, prototype: object | null): void {
  expectClass(packer, object, prototype, RegExp.prototype, 'RegExp');
  const extras = namesOf(packer, object).filter((name) => name !== 'lastIndex');
  noExtras(packer, object, extras, 'RegExp');
  const level = begin(packer, Tag.regExp, object);
  if (Object.getOwnPropertyDescriptor(object, 'lastIndex')?.writable !== level < Level.frozen) {
    packer.refuse({ what: 'a read-only property', advice: 'freeze the whole RegExp' }, 'lastIndex');
  }
  packer.value(sourceOf.call(object));
  packer.value(FLAG_GETTERS.flatMap(([flag, get]) => (get.call(object) ? [flag] : [])).join(''));
  packer.list([ownData(object, 'lastIndex')], () => 'lastIndex');
}

function writeBoxed(packer: Packer, object: object, prototype: object | null): void {
  const number = BOXES.findIndex((box) => box.is(object));
  const box = BOXES[number];
  if (box === undefined) return packer.refuse(refusedInstance(object));
  expectClass(packer, object, prototype, box.prototype, box.name);
  const value = box.open(object);
  const own = typeof value === 'string' ? value.length + 1 : 0;
  const names = namesOf(packer, object);
  // A String's own names are its indices and `length`; an index beyond may have been added among them.
  const extras = names.length === own ? [] : names.filter((name) => name !== 'length' && !(Number(name) < own - 1));
  noExtras(packer, object, extras, box.name);
  begin(packer, Tag.boxed, object);
  packer.word(number);
  packer.value(value);
}

const nativeStack = Object.getOwnPropertyDescriptor(new Error(), 'stack')?.get;

function writeError(packer: Packer, object: object, prototype: object | null): void {
  const name = [...ERRORS].find(([, known]) => known.prototype === prototype)?.[0];
  if (name === undefined) return packer.refuse(refusedSubclass(object, 'Error'));
  const names = namesOf(packer, object);
  const flags: number[] = [];
  const values = names.map((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    // From Node 21 on, `stack` is an accessor of the engine, which keeps the text; before, it looks like data.
    if (key === 'stack' && descriptor?.get !== undefined && descriptor.get === nativeStack) {
      flags.push(Flag.writable | (descriptor.configurable === true ? Flag.configurable : 0) | (descriptor.enumerable === true ? Flag.enumerable : 0));
      return descriptor.get.call(object) as unknown;
    }
    if (descriptor?.get !== undefined || descriptor?.set !== undefined) {
      return packer.refuse(
        { what: 'a getter or setter', advice: 'return an error that holds the value itself' },
        key,
      );
    }
    flags.push(
      (descriptor?.writable === true ? Flag.writable : 0) |
        (descriptor?.enumerable === true ? Flag.enumerable : 0) |
        (descriptor?.configurable === true ? Flag.configurable : 0),
    );
    return descriptor?.value as unknown;
  });
  begin(packer, Tag.error, object);
  packer.value(name);
  packer.shape(names);
  for (const flag of flags) packer.word(flag);
  packer.list(values, (index) => names[index] ?? '');
}

/** A buffer whose bytes can be copied and whose length stays. */
function expectOrdinaryBuffer(packer: Packer, buffer: ArrayBufferLike): asserts buffer is ArrayBuffer {
  const advice = 'return a copy in an ordinary ArrayBuffer';
  if (types.isSharedArrayBuffer(buffer)) packer.refuse({ what: 'a view of a SharedArrayBuffer', advice });
  const { resizable, immutable, detached } = buffer as ArrayBuffer & { resizable?: boolean; immutable?: boolean; detached?: boolean };
  if (resizable === true) packer.refuse({ what: 'a resizable ArrayBuffer', advice });
  if (immutable === true) packer.refuse({ what: 'an immutable ArrayBuffer', advice });
  if (detached === true || isDetached(buffer as ArrayBuffer)) {
    packer.refuse({ what: 'a detached ArrayBuffer', advice: 'return it before its bytes are transferred' });
  }
}

function isDetached(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

function writeArrayBuffer(packer: Packer, object: object, prototype: object | null): void {
  expectClass(packer, object, prototype, ArrayBuffer.prototype, 'ArrayBuffer');
  noExtras(packer, object, namesOf(packer, object), 'ArrayBuffer');
  const buffer = object as ArrayBuffer;
  expectOrdinaryBuffer(packer, buffer);
  begin(packer, Tag.arrayBuffer, object);
  packer.word(packer.segments.whole(buffer));
}

/** Getters of views, which an own property of the same name cannot hide. */
const viewGetters = [Object.getPrototypeOf(Uint8Array.prototype) as object, DataView.prototype].map((prototype) => {
  const get = <T>(name: string): ((view: object) => T) => {
    const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get as (this: object) => T;
    return (view) => getter.call(view);
  };
  return {
    buffer: get<ArrayBufferLike>('buffer'),
    byteOffset: get<number>('byteOffset'),
    byteLength: get<number>('byteLength'),
  };
});

function writeView(packer: Packer, object: object, prototype: object | null): void {
  const known = [...VIEWS].find(([, view]) => view.prototype === prototype);
  if (known === undefined) return packer.refuse(refusedSubclass(object, 'typed array'));
  const [name, { align }] = known;
  const getters = viewGetters[types.isTypedArray(object) ? 0 : 1] as (typeof viewGetters)[number];
  const buffer = getters.buffer(object);
  expectOrdinaryBuffer(packer, buffer);
  if (Object.getPrototypeOf(buffer) !== ArrayBuffer.prototype) packer.refuse(refusedSubclass(buffer, 'ArrayBuffer'));
  const byteLength = getters.byteLength(object);
  if (addsProperties(object, byteLength / align)) {
    noExtras(packer, object, namesOf(packer, object).filter((key) => String(Number(key)) !== key), name);
  }
  begin(packer, Tag.view, object);
  packer.value(name);
  packer.value(byteLength / align);
  packer.view({ buffer, byteOffset: getters.byteOffset(object), byteLength }, align);
}

/** Names of few elements are listed; of many, the engine is asked for the other ones only, by way of `inspect`. */
const LISTED = 64;

function addsProperties(view: object, length: number): boolean {
  if (!types.isTypedArray(view)) return Reflect.ownKeys(view).length > 0;
  if (length <= LISTED) return Reflect.ownKeys(view).length > length;
  if (Object.getOwnPropertySymbols(view).length > 0) return true;
  const text = inspect(view, { maxArrayLength: 0, depth: 0, customInspect: false, maxStringLength: 1, compact: true });
  return !text.endsWith(' more items ]');
}

/** The brand check reads properties, which must not run a getter; so their descriptors are looked at before. */
function looksLikeNdArray(object: object): boolean {
  return (
    Object.hasOwn(object, 'data') &&
    typeof ownData(object, 'data') === 'object' &&
    ['shape', 'stride'].every((key) => Array.isArray(inheritedData(object, key))) &&
    typeof inheritedData(object, 'dtype') === 'string' &&
    ['get', 'pick'].every((key) => typeof inheritedData(object, key) === 'function') &&
    isNdArrayOrTrivial(object)
  );
}

/** `ndarray` writes an array without dimensions and without elements as one with `dimension` -1 and no offset. */
function isNdArrayOrTrivial(object: object): boolean {
  return isNdArray(object) || inheritedData(object, 'dimension') === -1;
}

/** The own properties of an ndarray, in the order in which its constructor makes them. */
export function ndarrayNames(dimension: number): string[] {
  if (dimension < 0) return ['data'];
  return dimension === 0 ? ['data', 'offset'] : ['data', 'shape', 'stride', 'offset'];
}

function writeNdArray(packer: Packer, object: object, prototype: object | null): void {
  const dimension = prototype === null ? undefined : ownData(prototype, 'dimension');
  const dtype = prototype === null ? undefined : ownData(prototype, 'dtype');
  const names = namesOf(packer, object);
  if (typeof dtype !== 'string' || typeof dimension !== 'number' || dimension > MAX_DIMENSIONS) {
    return packer.refuse(refusedSubclass(object, 'ndarray'));
  }
  if (names.join() !== ndarrayNames(dimension).join()) {
    return noExtras(packer, object, names.filter((name) => !ndarrayNames(dimension).includes(name)).concat('data'), 'ndarray');
  }
  const level = begin(packer, Tag.ndarray, object);
  packer.value(dtype);
  packer.value(dimension);
  packer.list(dataValues(packer, object, names, level), (index) => names[index] ?? '');
}

function writeArrow(packer: Packer, object: object): void {
  const { type, chunks } = arrowCodec.encode(object);
  begin(packer, Tag.arrow, object);
  packer.value(type);
  packer.opaque(chunks);
}

function writeUrl(packer: Packer, object: object): void {
  noExtras(packer, object, namesOf(packer, object), 'URL');
  begin(packer, Tag.url, object);
  packer.value(hrefOf.call(object));
}

function writeSearchParams(packer: Packer, object: object): void {
  noExtras(packer, object, namesOf(packer, object), 'URLSearchParams');
  begin(packer, Tag.searchParams, object);
  packer.value(URLSearchParams.prototype.toString.call(object));
}

const hrefOf = Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get as (this: object) => string;
