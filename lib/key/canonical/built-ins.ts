/** How values of JavaScript's and Node's own classes are taken apart; one row a class. */
import { bytesOf } from '../../base/language/bytes-of.js';
import { inspect, types } from 'node:util';
import { shadowedMember, TYPED_ARRAY_NAMES, type TypedArray } from '../../base/language/brand.js';
import { regExpFlags, regExpSource } from '../../base/language/regexp-flags.js';
import { isNative } from '../classes/class-source.js';
import { elementsOf } from './elements.js';
import { typedArrayKind } from './gather.js';
import { ByteStream } from './many-bytes.js';
import { ownProperties, refuseSymbols } from './own-properties.js';
import { HOLE, Plan, Refusal, Tag } from './plan.js';

/** What an encoding is for. */
export interface Purpose {
  /** The order of properties, Map entries and Set members counts, and so does the stack of an error. */
  readonly ordered: boolean;
}

interface BuiltIn {
  /** Is it one, whatever its prototype says? */
  is(value: object): boolean;
  plan(value: object, purpose: Purpose): Plan;
}

function row<T extends object>(is: (value: object) => boolean, plan: (value: T, purpose: Purpose) => Plan): BuiltIn {
  return { is, plan: plan };
}

const boxed = (is: (value: object) => boolean): BuiltIn =>
  row<{ valueOf(): unknown }>(is, (value) => {
    const primitive = unboxed(value);
    const isOwn = (name: string): boolean =>
      typeof primitive === 'string' && (name === 'length' || isIndex(name, primitive.length));
    return withProperties(value, new Plan(Tag.boxed, [primitive]), isOwn);
  });

const error = row<Error>(types.isNativeError, (value, { ordered }) => {
  const own = (name: string): unknown => {
    const descriptor = Object.getOwnPropertyDescriptor(value, name);
    if (descriptor === undefined) return HOLE;
    if ('value' in descriptor) return descriptor.value;
    throw new Refusal('an accessor property', `.${name}`);
  };
  const className: unknown = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(value), 'name')?.value;
  const stack: unknown = ordered ? stackOf(value) : HOLE;
  const items = [className, own('name'), own('message'), own('cause'), own('errors'), stack];
  return withProperties(value, new Plan(Tag.error, items), (name) => ERROR_FIELDS.has(name));
});
/** From Node 21 on, `stack` is an accessor of the engine, the same for all errors; before, it looks like data. */
const nativeStack = Object.getOwnPropertyDescriptor(new Error(), 'stack')?.get;

function stackOf(value: Error): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(value, 'stack') ?? { value: undefined };
  if ('value' in descriptor) return descriptor.value;
  if (descriptor.get === nativeStack) return value.stack;
  throw new Refusal('an accessor property', '.stack');
}

const ERROR_FIELDS = new Set(['name', 'message', 'cause', 'errors', 'stack']);

const typedArray: BuiltIn = row<TypedArray>(
  (value) => types.isTypedArray(value),
  (value, { ordered }) => {
    // Named properties of typed arrays are not looked for: listing them lists every element.
    refuseSymbols(value);
    refuseShadows(value);
    attached(() => new Uint8Array(value.buffer));
    return new Plan(Tag.typedArray, [arrayKind(value), elementsOf(value, undefined, !ordered)]);
  },
);

/** What Node 20 has and the compiler's library does not know. */
interface ResizableBuffer {
  readonly resizable?: boolean;
  readonly growable?: boolean;
  readonly maxByteLength?: number;
}

const arrayBuffer = (tag: number, is: (value: object) => boolean): BuiltIn =>
  row<ArrayBuffer | SharedArrayBuffer>(is, (value) => {
    refuseShadows(value);
    const { resizable, growable, maxByteLength } = value as ResizableBuffer;
    const room = resizable === true || growable === true ? maxByteLength : undefined;
    const bytes = attached(() => new Uint8Array(value));
    return withProperties(value, new Plan(tag, [room, new ByteStream(bytes.length, () => [bytes])]));
  });

const BUILT_INS: Readonly<Record<string, BuiltIn>> = {
  Array: row<unknown[]>(Array.isArray, (value, purpose) => arrayPlan(value, purpose)),
  Map: row<Map<unknown, unknown>>(types.isMap, (value, { ordered }) => {
    const items: unknown[] = [];
    Map.prototype.forEach.call(value, (item: unknown, key: unknown) => void items.push(key, item));
    return withProperties(value, new Plan(Tag.map, items, ordered ? 0 : 2));
  }),
  Set: row<Set<unknown>>(types.isSet, (value, { ordered }) => {
    const items: unknown[] = [];
    Set.prototype.forEach.call(value, (item: unknown) => void items.push(item));
    return withProperties(value, new Plan(Tag.set, items, ordered ? 0 : 1));
  }),
  Date: row<Date>(types.isDate, (value) =>
    withProperties(value, new Plan(Tag.date, [Date.prototype.getTime.call(value)])),
  ),
  RegExp: row<RegExp>(types.isRegExp, (value) => {
    const items = [regExpSource(value), regExpFlags(value), value.lastIndex];
    return withProperties(value, new Plan(Tag.regexp, items), (name) => name === 'lastIndex');
  }),
  URL: row<URL>(isUrl, (value) => withProperties(value, new Plan(Tag.url, [getter(URL.prototype, 'href', value)]))),
  URLSearchParams: row<URLSearchParams>(isSearchParams, (value) =>
    withProperties(value, new Plan(Tag.searchParams, [URLSearchParams.prototype.toString.call(value)])),
  ),
  Number: boxed(types.isNumberObject),
  String: boxed(types.isStringObject),
  Boolean: boxed(types.isBooleanObject),
  BigInt: boxed(types.isBigIntObject),
  ArrayBuffer: arrayBuffer(Tag.arrayBuffer, types.isArrayBuffer),
  SharedArrayBuffer: arrayBuffer(Tag.sharedArrayBuffer, types.isSharedArrayBuffer),
  DataView: row<DataView>(types.isDataView, (value) => {
    refuseShadows(value);
    const length = attached(() => value.byteLength);
    return withProperties(value, new Plan(Tag.dataView, [new ByteStream(length, () => [bytesOf(value)])]));
  }),
};
const ERRORS = [
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'AggregateError',
];

const BY_NAME = new Map<string, BuiltIn>([
  ...Object.entries(BUILT_INS),
  ...ERRORS.map((name): [string, BuiltIn] => [name, error]),
  ...TYPED_ARRAY_NAMES.map((name): [string, BuiltIn] => [name, typedArray]),
]);
const byPrototype = new Map<object, BuiltIn>();
for (const [name, builtIn] of BY_NAME) {
  const Class = (globalThis as Record<string, unknown>)[name];
  if (typeof Class === 'function') byPrototype.set(Class.prototype as object, builtIn);
}

/** The row of a value by its exact prototype, of this realm or of another; a subclass has none. */
export function planOfBuiltIn(value: object, prototype: object, purpose: Purpose): Plan | undefined {
  const builtIn = byPrototype.get(prototype) ?? foreign(prototype);
  return builtIn?.is(value) === true ? builtIn.plan(value, purpose) : undefined;
}

/** Is it the `Object.prototype` of another realm, a vm context's for example? */
export function isForeignObjectPrototype(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && nativeName(prototype) === 'Object';
}

function foreign(prototype: object): BuiltIn | undefined {
  const name = nativeName(prototype);
  return name === undefined ? undefined : BY_NAME.get(name);
}

function nativeName(prototype: object): string | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof constructor === 'function' && isNative(constructor) ? constructor.name : undefined;
}

/** `'Float64Array'`; a Buffer is a kind of its own. */
export function arrayKind(array: object): string {
  return Object.getPrototypeOf(array) === Buffer.prototype ? 'Buffer' : (typedArrayKind(array) as string);
}

/** With more holes than these, an array is described by the elements that it has: it may have four thousand million. */
const MOST_HOLES = 1 << 16;

function sparsePlan(value: unknown[], { ordered }: Purpose): Plan {
  const isLength = (name: string): boolean => name === 'length';
  return new Plan(Tag.sparseArray, [value.length, new Plan(Tag.object, ownProperties(value, !ordered, isLength))]);
}

function arrayPlan(value: unknown[], purpose: Purpose): Plan {
  const { length } = value;
  let present = 0;
  const items: unknown[] = [];
  for (let i = 0; i < length; i++) {
    const element = elementAt(value, i);
    if (element === HOLE && i - present >= MOST_HOLES) return sparsePlan(value, purpose);
    if (element !== HOLE) present++;
    items.push(element);
  }
  const plan = new Plan(Tag.array, items, 0, true);
  if (hasElementsOnly(value, present)) return plan;
  const isElement = (name: string): boolean => name === 'length' || isIndex(name, length);
  const own = ownProperties(value, !purpose.ordered, isElement);
  return own.length === 0 ? plan : new Plan(Tag.withProperties, [plan, new Plan(Tag.object, own)]);
}

/** Of `Object.prototype`, and there in every engine that runs this. */
const { __lookupGetter__: lookupGetter } = Object.prototype as unknown as {
  __lookupGetter__: (this: object, name: number) => unknown;
};

/** Runs no getter. To ask for the getter alone takes half the time of a descriptor; only `undefined` may have a setter without one. */
function elementAt(value: unknown[], index: number): unknown {
  if (!Object.hasOwn(value, index)) return HOLE;
  if (lookupGetter.call(value, index) === undefined && value[index] !== undefined) return value[index];
  const descriptor = Object.getOwnPropertyDescriptor(value, index);
  if (descriptor === undefined || 'value' in descriptor) return descriptor?.value;
  throw new Refusal('an accessor property', `[${index}]`);
}

/** Listing the names of a long array takes longer than all else, so it is done only if there is something to find. */
function hasElementsOnly(value: unknown[], present: number): boolean {
  if (value.length <= 100) return Reflect.ownKeys(value).length === present + 1;
  refuseSymbols(value);
  if (inspect(value, BRIEFLY) === inspect(new Array(value.length), BRIEFLY)) return true;
  return Object.getOwnPropertyNames(value).length === present + 1;
}

/** No elements, only the other properties, hidden ones too; runs no getter. */
const BRIEFLY = { maxArrayLength: 0, showHidden: true, depth: 0, customInspect: false, compact: true };

function isIndex(name: string, length: number): boolean {
  const index = Number(name);
  return Number.isInteger(index) && index >= 0 && index < length && String(index) === name;
}

/** Adds the properties that a program gave a built-in; mostly none. */
function withProperties(value: object, plan: Plan, skip?: (name: string) => boolean): Plan {
  const extra = ownProperties(value, true, skip);
  return extra.length === 0 ? plan : new Plan(Tag.withProperties, [plan, new Plan(Tag.object, extra)]);
}

/** A member that hides the class's own would be asked for in its place, and might run code. */
function refuseShadows(value: ArrayBufferView | ArrayBufferLike): void {
  const name = shadowedMember(value);
  if (name !== undefined) throw new Refusal(`a property that hides the ${name} of its class`, `.${name}`);
}

function unboxed(value: object): unknown {
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value);
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value);
  return BigInt.prototype.valueOf.call(value as unknown as bigint);
}

function attached<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new Refusal('a buffer whose memory was transferred away');
  }
}

/** Asks the class's own getter, since a property of the value may hide it. */
function getter(prototype: object, name: string, value: object): unknown {
  return Reflect.get(prototype, name, value);
}

function isUrl(value: object): boolean {
  return answers(() => getter(URL.prototype, 'href', value));
}

function isSearchParams(value: object): boolean {
  return answers(() => getter(URLSearchParams.prototype, 'size', value));
}

function answers(ask: () => unknown): boolean {
  try {
    ask();
    return true;
  } catch {
    return false;
  }
}
