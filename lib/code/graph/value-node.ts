/** Values that code reaches: constants, and data that is taken apart within bounds. No getter and no trap is run. */
import { hash } from 'node:crypto';
import { types } from 'node:util';
import { functionName, hasIdentity } from '../../base/language/brand.js';
import { isExternal } from '../../base/language/is-external.js';
import { regExpFlags, regExpSource } from '../../base/language/regexp-flags.js';
import { builtinName } from '../sight/builtins.js';
import { builtinState } from '../sight/builtin-state.js';
import { isModuleLike } from '../sight/property.js';
import type { Piece } from '../text/canonical.js';
import { primitiveText } from '../text/literal.js';
import { CodeNode, type Edge } from './node.js';

/** An object with more properties, or an array with more elements, counts as state rather than as a constant. */
const MOST_MEMBERS = 10_000;
const MOST_BYTES = 4 * 2 ** 20;
const LONGEST_VALUE = 60;

/** Asks for the edge to a member of an object. */
export type ToEdge = (name: string, value: unknown) => Edge;

export function constantNode(value: unknown): CodeNode {
  const text = primitiveText(value);
  const shown = shownAs(value);
  const node = CodeNode.leaf(
    'constant',
    text,
    shown.length > LONGEST_VALUE ? `${shown.slice(0, LONGEST_VALUE)}…` : shown,
  );
  node.literal = text;
  return node;
}

function shownAs(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** Kinds of objects whose state is hidden, or not a constant. */
const HIDDEN: readonly [is: (value: object) => boolean, name: string][] = [
  [types.isProxy, 'a proxy'],
  [types.isPromise, 'a promise'],
  [types.isWeakMap, 'a WeakMap'],
  [types.isWeakSet, 'a WeakSet'],
  [types.isNativeError, 'an error'],
  [isExternal, 'a native object'],
  [types.isGeneratorObject, 'a generator'],
  [types.isSharedArrayBuffer, 'shared memory'],
  [types.isArgumentsObject, 'the arguments of a call'],
];

/** Settles the node of an object. */
export function settleObject(node: CodeNode, value: object, toEdge: ToEdge): void {
  const name = types.isProxy(value) ? undefined : builtinName(value);
  if (name !== undefined) {
    node.become('builtin', `builtin ${name}`, name);
    return;
  }
  const state = builtinState(value);
  if (state !== undefined) {
    node.settle([state]);
    return;
  }
  const hidden = HIDDEN.find(([is]) => is(value));
  const Class = hidden === undefined ? classOfInstance(value) : undefined;
  if (Class !== undefined) {
    node.become('unseen', '', `the state of an instance of ${functionName(Class)}`);
    node.settle(['an instance of ', { outside: toEdge(functionName(Class), Class) }]);
    return;
  }
  const pieces = hidden === undefined ? piecesOf(value, toEdge) : undefined;
  if (pieces === undefined) node.become('unseen', 'unseen', hidden?.[1] ?? 'too large');
  else node.settle(pieces);
}

/** The class of what is more than data: its state belongs to the program as it runs. */
function classOfInstance(value: object): object | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || types.isProxy(prototype) || builtinName(prototype) !== undefined) return undefined;
  const Class: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof Class === 'function' && !types.isProxy(Class) && builtinName(Class) !== 'Object' ? Class : undefined;
}

function piecesOf(value: object, toEdge: ToEdge): Piece<Edge>[] | undefined {
  if (types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value)) return bytesOf(value);
  if (types.isDate(value)) return [`date ${Reflect.apply(getTime, value, [])}`];
  if (types.isRegExp(value)) return [`regex ${JSON.stringify([regExpSource(value), regExpFlags(value)])}`];
  if (types.isBoxedPrimitive(value)) return [`boxed ${primitiveText(Reflect.apply(valueOfBoxed(value), value, []))}`];
  const keys = keysOf(value);
  if (keys.length > MOST_MEMBERS) return undefined;
  const pieces: Piece<Edge>[] = [];
  // Only what has parts of its own is worth a node.
  const add = (name: string, item: unknown): void => {
    pieces.push(hasIdentity(item) ? { outside: toEdge(name, item) } : primitiveText(item));
  };
  if (Array.isArray(value)) pieces.push(`array ${value.length}`);
  else {
    pieces.push('object');
    keys.sort();
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype !== null && (types.isProxy(prototype) || builtinName(prototype) === undefined))
      pieces.push(' of ', { outside: toEdge('its prototype', prototype) });
  }
  const contents = types.isMap(value) || types.isSet(value) ? entriesOf(value) : undefined;
  if (contents !== undefined) {
    if (contents.length > MOST_MEMBERS) return undefined;
    pieces.push(types.isMap(value) ? ' map' : ' set');
    for (const [at, item] of contents.entries()) {
      pieces.push(' ');
      add(`[${at}]`, item);
    }
  }
  for (const key of keys) {
    pieces.push(` ${JSON.stringify(key)}:`);
    add(key, memberOf(value, key));
  }
  for (const symbol of isModuleLike(value) ? [] : Object.getOwnPropertySymbols(value)) {
    pieces.push(` ${String(symbol)}:`);
    add(String(symbol), memberOf(value, symbol));
  }
  return pieces;
}

/** What a module exports is what can be listed; tools mark it in ways of their own. */
function keysOf(value: object): string[] {
  return isModuleLike(value) || Array.isArray(value) ? Object.keys(value) : Object.getOwnPropertyNames(value);
}

/** An accessor counts as the code of its getter, an export that is not set yet as nothing. */
function memberOf(value: object, key: PropertyKey): unknown {
  try {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    return descriptor?.get ?? descriptor?.value;
  } catch {
    return undefined;
  }
}

const getTime = Date.prototype.getTime;
const eachOfMap = Map.prototype.forEach;
const eachOfSet = Set.prototype.forEach;

function valueOfBoxed(value: object): () => unknown {
  if (types.isNumberObject(value)) return Number.prototype.valueOf;
  if (types.isStringObject(value)) return String.prototype.valueOf;
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf;
  return types.isBigIntObject(value) ? BigInt.prototype.valueOf : () => 'symbol';
}

function entriesOf(value: object): unknown[] {
  const items: unknown[] = [];
  if (types.isMap(value))
    Reflect.apply(eachOfMap, value, [(item: unknown, key: unknown): void => void items.push(key, item)]);
  else Reflect.apply(eachOfSet, value, [(item: unknown): void => void items.push(item)]);
  return items;
}

const TypedArray = Object.getPrototypeOf(Uint8Array) as object;
const getters = (prototype: object, names: readonly PropertyKey[]): ((value: object) => unknown[]) => {
  const found = names.map((name) => Object.getOwnPropertyDescriptor(prototype, name)?.get as () => unknown);
  return (value) => found.map((get) => Reflect.apply(get, value, []));
};
const placeOfView = getters((TypedArray as { prototype: object }).prototype, ['buffer', 'byteOffset', 'byteLength']);
const placeOfDataView = getters(DataView.prototype, ['buffer', 'byteOffset', 'byteLength']);
const kindOfView = getters((TypedArray as { prototype: object }).prototype, [Symbol.toStringTag]);
const lengthOfBuffer = getters(ArrayBuffer.prototype, ['byteLength']);

/** `undefined` for a lot of memory, or one that is shared or gone. */
function bytesOf(value: ArrayBufferView | ArrayBufferLike): string[] | undefined {
  try {
    const [buffer, offset, length] = types.isTypedArray(value)
      ? placeOfView(value)
      : types.isDataView(value)
        ? placeOfDataView(value)
        : [value, 0, ...lengthOfBuffer(value)];
    if (types.isSharedArrayBuffer(buffer) || (length as number) > MOST_BYTES) return undefined;
    const bytes = new Uint8Array(buffer as ArrayBuffer, offset as number, length as number);
    return [`bytes ${String(kindOfView(value)[0])} ${hash('sha256', bytes, 'hex')}`];
  } catch {
    return undefined;
  }
}
