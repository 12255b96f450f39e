/** How each kind of object is recognised and written. The first kind that recognises an object writes it. */
import { types } from 'node:util';
import { regExpFlags, regExpSource } from '../../base/language/regexp-flags.js';
import { temporalParts } from '../../base/language/temporal.js';
import { registeredByInstance, type RegisteredClass } from '../../key/classes/class-registry.js';
import { isArrow } from '../arrow/arrow.js';
import { ownData } from '../shared/own-properties.js';
import { BOXES, Level, Tag } from './format.js';
import { writeArrayBuffer, writeView } from './pack-binary.js';
import { libraryClassOf } from '../../library/recognise.js';
import { writeLibraryValue } from './pack-library.js';
import { begin, dataValues, expectClass, levelOf, namesOf, noExtras, stepOf } from './pack-checks.js';
import { writeError } from './pack-error.js';
import { looksLikeNdArray, writeArrow, writeNdArray } from './pack-packages.js';
import type { Packer } from './packer.js';
import { refusedInstance, refusedObject } from '../shared/refuse.js';

interface Kind {
  is(object: object, prototype: object | null): boolean;
  write(packer: Packer, object: object, prototype: object | null): void;
}

/** Describes one object in code, or refuses it. */
export function writeObject(packer: Packer, object: object): void {
  const ofLibrary = libraryClassOf(object);
  const isOwn = ofLibrary !== undefined && registeredByInstance(object) === undefined;
  if (isOwn) {
    writeLibraryValue(packer, object, ofLibrary);
    return;
  }
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

const SLOTTED: Kind[] = [
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
  ...SLOTTED,
  { is: (_, prototype) => prototype === Object.prototype, write: writeProperties(Tag.object) },
  { is: (_, prototype) => prototype === null, write: writeProperties(Tag.nullPrototype) },
  { is: (_, prototype) => prototype === URL.prototype, write: writeUrl },
  { is: (_, prototype) => prototype === URLSearchParams.prototype, write: writeSearchParams },
  { is: (object) => temporalParts(object) !== undefined, write: writeTemporal },
  // Before the values that are recognised by their shape.
  { is: (object) => registeredByInstance(object) !== undefined, write: writeInstance },
  { is: isArrow, write: writeArrow },
  { is: looksLikeNdArray, write: writeNdArray },
];

function writeProperties(tag: number): Kind['write'] {
  return (packer, object) => {
    const level = begin(packer, tag, object);
    const names = namesOf(packer, object);
    packer.shape(names);
    packer.list(dataValues(packer, object, names, level), (index) => names[index] as string);
  };
}

function writeInstance(packer: Packer, object: object): void {
  const { name } = registeredByInstance(object) as RegisteredClass;
  const level = begin(packer, Tag.instance, object);
  packer.value(name);
  const names = namesOf(packer, object);
  packer.shape(names);
  packer.list(dataValues(packer, object, names, level), (index) => names[index] as string);
}

function writeArray(packer: Packer, object: object, prototype: object | null): void {
  expectClass(packer, object, prototype, Array.prototype, 'Array');
  const array = object as unknown[];
  const level = levelOf(array);
  const names = namesOf(packer, array);
  const lengthAt = lengthPosition(names, array.length);
  if (Object.getOwnPropertyDescriptor(array, 'length')?.writable !== level < Level.frozen) {
    packer.refuse(
      { what: 'a read-only length', advice: 'freeze the whole array, or return an ordinary one' },
      'length',
    );
  }
  const dense = lengthAt === array.length && names.length === array.length + 1;
  names.splice(lengthAt, 1);
  packer.word((dense ? Tag.array : Tag.sparseArray) | (level << 8));
  packer.word(array.length);
  if (!dense) packer.shape(names);
  packer.list(dataValues(packer, array, names, level), (index) => stepOf(array, names[index] as string));
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

function writeRegExp(packer: Packer, object: object, prototype: object | null): void {
  expectClass(packer, object, prototype, RegExp.prototype, 'RegExp');
  const extras = namesOf(packer, object).filter((name) => name !== 'lastIndex');
  noExtras(packer, object, extras, 'RegExp');
  const level = begin(packer, Tag.regExp, object);
  if (Object.getOwnPropertyDescriptor(object, 'lastIndex')?.writable !== level < Level.frozen) {
    packer.refuse({ what: 'a read-only property', advice: 'freeze the whole RegExp' }, 'lastIndex');
  }
  packer.value(regExpSource(object));
  packer.value(regExpFlags(object));
  packer.list([ownData(object, 'lastIndex')], () => 'lastIndex');
}

function writeBoxed(packer: Packer, object: object, prototype: object | null): void {
  const box = BOXES.find((known) => known.is(object)) as (typeof BOXES)[number];
  expectClass(packer, object, prototype, box.prototype, box.name);
  const value = box.open(object);
  const own = typeof value === 'string' ? value.length + 1 : 0;
  const names = namesOf(packer, object);
  // A String's own names are its indices and `length`.
  const isOwn = (name: string): boolean =>
    own > 0 && (name === 'length' || (/^\d+$/.test(name) && Number(name) < own - 1));
  const extras = names.length === own ? [] : names.filter((name) => !isOwn(name));
  noExtras(packer, object, extras, box.name);
  begin(packer, Tag.boxed, object);
  packer.word(BOXES.indexOf(box));
  packer.value(value);
}

/** A URL and its parameters alter each other; that would be lost. */
const LINKED = {
  what: 'part of a URL and its own searchParams, which are in the value both',
  advice: 'return the URL alone, or a copy of the parameters: new URLSearchParams(url.searchParams)',
};

const hrefOf = Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get as (this: object) => string;
const searchParamsOf = Object.getOwnPropertyDescriptor(URL.prototype, 'searchParams')?.get as (this: object) => object;

/** What a getter or a method answers; `undefined` for an object that only inherits from the class. */
function ask(object: object, get: (this: object) => string): string | undefined {
  try {
    return get.call(object);
  } catch {
    return undefined;
  }
}

function writeUrl(packer: Packer, object: object): void {
  noExtras(packer, object, namesOf(packer, object), 'URL');
  const href = ask(object, hrefOf);
  if (href === undefined) return packer.refuse(refusedInstance(object));
  if (packer.urls.addUrl(() => searchParamsOf.call(object))) packer.refuse(LINKED);
  begin(packer, Tag.url, object);
  packer.value(href);
}

function writeTemporal(packer: Packer, object: object): void {
  const { name, text } = temporalParts(object) as { name: string; text: string };
  noExtras(packer, object, namesOf(packer, object), name);
  begin(packer, Tag.temporal, object);
  packer.value(name);
  packer.value(text);
}

function writeSearchParams(packer: Packer, object: object): void {
  noExtras(packer, object, namesOf(packer, object), 'URLSearchParams');
  const text = ask(object, URLSearchParams.prototype.toString);
  if (text === undefined) return packer.refuse(refusedInstance(object));
  if (packer.urls.addParams(object)) packer.refuse(LINKED);
  begin(packer, Tag.searchParams, object);
  packer.value(text);
}
