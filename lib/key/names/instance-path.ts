/**
 * Steps of an instance path, `root` + `.byName` + `["tip"]`. Injective for each holder: a property, a Map key, a place
 * in a Set and an element of an array never share a label, nor do two of one kind. Every label is escaped, and no dot
 * stands within its brackets.
 */
import { escapeText } from './path-name.js';

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** How a path starts: `root`, or the name that the user gave to the instance. */
export function rootLabel(name: string): string {
  return escapeText(name);
}

/**
 * `.foo`; `['weird name']` for a name that is no identifier. Map keys have double quotes, so that a Map may have both.
 */
export function propertyLabel(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `['${escapeText(name, /['.]/g)}']`;
}

/** `[3]`, an element of an array. */
export function indexLabel(index: number): string {
  return `[${index}]`;
}

/**
 * `["tip"]` for a string, `[1]`, `[-0]`, `[1n]`, `[true]`, `[null]` for other primitives, `[#3]` for an object, a
 * function or a symbol.
 * @param ordinal the key's place in the Map, from 0
 */
export function mapKeyLabel(key: unknown, ordinal: number): string {
  switch (typeof key) {
    case 'string':
      return `["${escapeText(key, /[".]/g)}"]`;
    case 'number':
      return Object.is(key, -0) ? '[-0]' : `[${escapeText(String(key), /\./g)}]`;
    case 'bigint':
      return `[${key}n]`;
    case 'boolean':
    case 'undefined':
      return `[${String(key)}]`;
    default:
      return key === null ? '[null]' : ordinalLabel(ordinal);
  }
}

/** `[key#3]`: an object that is itself the key of a Map. */
export function mapKeyObjectLabel(ordinal: number): string {
  return `[key#${ordinal}]`;
}

/** `[#3]`: a member of a Set by its place, from 0. */
export function ordinalLabel(ordinal: number): string {
  return `[#${ordinal}]`;
}

/** `.#camera` or `.#3`: what a `[children]()` method names, or lists at a place from 0. */
export function childLabel(nameOrPlace: string | number): string {
  if (typeof nameOrPlace === 'number') return `.#${nameOrPlace}`;
  return IDENTIFIER.test(nameOrPlace) ? `.#${nameOrPlace}` : `.#['${escapeText(nameOrPlace, /['.]/g)}']`;
}
