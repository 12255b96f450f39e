/** Which parameters an analyzer has, and what else belongs to it. */
import { cacheKey } from '../../key/classes/symbols.js';

/** Reads a parameter of an analyzer. */
export type Read = (analyzer: object) => unknown;

/** Public members are known by their property; private ones, of which each class has its own, by their declaration. */
type Member = string | symbol | object;

/** One parameter of a class. */
export interface Parameter {
  /** As keys show it: `band`, `#band` for a private one, `Symbol(band)`. */
  readonly label: string;
  readonly read: Read;
  /** Does the class note by itself that it is read and set? */
  readonly isSeen: boolean;
}

/** Parameters by the prototype that declares them (legacy) or by the concrete prototype (standard). */
const declared = new WeakMap<object, Map<Member, Parameter>>();

let isAnyDeclared = false;

/** Has any class parameters? */
export function areParametersDeclared(): boolean {
  return isAnyDeclared;
}

/** Notes a parameter of all instances whose chain has the prototype. */
export function declare(prototype: object, member: Member, parameter: Parameter): void {
  isAnyDeclared = true;
  const parameters = declared.get(prototype) ?? new Map<Member, Parameter>();
  declared.set(prototype, parameters.set(member, parameter));
}

/** Strings that look like another kind of name are quoted. */
export function labelOf(name: string | symbol, isPrivate = false): string {
  if (typeof name === 'symbol') return String(name);
  return !isPrivate && /^#|^Symbol\(|~/.test(name) ? `['${name}']` : name;
}

/** Has an object a class with parameters? */
export function hasParameters(object: object): boolean {
  let holder = Object.getPrototypeOf(object) as object | null;
  for (; holder !== null && holder !== Object.prototype; holder = Object.getPrototypeOf(holder) as object | null) {
    if (declared.has(holder)) return true;
  }
  return false;
}

/** Does anything belong to an analyzer beyond its place? */
export function hasOwnKey(analyzer: object): boolean {
  return hasParameters(analyzer) || (cacheKey in analyzer && typeof analyzer[cacheKey] === 'function');
}

/** Every parameter of an analyzer, by its property, or by something unknown for a private one. */
export function parametersOf(analyzer: object): ReadonlyMap<unknown, Parameter> {
  const all = new Map<Member, Parameter>();
  let holder = Object.getPrototypeOf(analyzer) as object | null;
  for (; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    for (const [member, parameter] of declared.get(holder) ?? []) if (!all.has(member)) all.set(member, parameter);
  }
  return all;
}

/** What belongs to an analyzer beyond its place: its parameters and what its `[cacheKey]()` returns, if any. */
export function ownKeyOf(analyzer: object): unknown {
  const parameters = parametersOf(analyzer);
  const method = cacheKey in analyzer ? analyzer[cacheKey] : undefined;
  const hasKey = typeof method === 'function';
  if (parameters.size === 0 && !hasKey) return undefined;
  const key: Record<string, unknown> = {};
  for (const { label, read } of parameters.values()) key[freeLabel(key, label)] = read(analyzer);
  return hasKey ? [key, method.call(analyzer)] : [key];
}

/** Private members of parent and child, and symbols, may share a label. */
function freeLabel(taken: object, label: string): string {
  let free = label;
  for (let place = 2; Object.hasOwn(taken, free); place++) free = `${label}~${place}`;
  return free;
}
