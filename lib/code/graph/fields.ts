/**
 * What the fields of an object bring to the code of its methods: functions, and classes of helpers that it holds. What else is
 * in fields is state. No getter is run.
 */
import { types } from 'node:util';
import { hasIdentity } from '../../base/language/brand.js';
import { builtinName } from '../sight/builtins.js';
import { textOf } from '../text/function-text.js';
import { chainOf, classOf, methodAt } from './class-members.js';
import { follow } from './reach.js';

/** Code that is reached through a field. */
export interface Reached {
  /** As the code that reaches it calls it, without `this`. */
  readonly name: string;
  /** A function or a class. */
  readonly fn: object;
  /** Whose method it is. */
  readonly self: object | undefined;
}

/** More members than this are not looked at. */
const MOST_MEMBERS = 1000;

/** What a path of members leads to from an object. @param isCached is a function traced on its own? */
export function reachedFrom(self: object, path: readonly string[], isCached: (fn: object) => boolean): Reached[] {
  const [first] = path;
  // What the class has is followed already.
  if (types.isProxy(self) || (first !== undefined && (!Object.hasOwn(self, first) || isSetLater(self, first))))
    return [];
  const { value, members, home } = follow(self, path, () => undefined);
  if (typeof value === 'function' && path.length > 0)
    return isCached(value) ? [] : [{ name: path.slice(0, members).join('.'), fn: value, self: home }];
  if (path.length > 0) return held(path.slice(0, members).join('.'), value, isCached);
  // Whoever has all of it may use all that it holds; but what analyzers do below it is traced, and where they stand.
  return Object.keys(self)
    .filter((name) => !isSetLater(self, name))
    .flatMap((name) => held(name, memberOf(self, name), isCached))
    .filter((each) => each.self === undefined);
}

/** The functions and classes in a value. */
function held(name: string, value: unknown, isCached: (fn: object) => boolean): Reached[] {
  const found = new Map<object, Reached>();
  const open: unknown[] = [value];
  const met = new Set<unknown>();
  for (const each of open) {
    if (met.size >= MOST_MEMBERS) break;
    if (!hasIdentity(each) || types.isProxy(each) || met.has(each)) continue;
    met.add(each);
    if (typeof each === 'function') {
      if (builtinName(each) === undefined && !isCached(each)) found.set(each, { name, fn: each, self: undefined });
    } else if (isContainer(each)) open.push(...contentsOf(each));
    else for (const one of ofInstance(name, each, isCached)) if (!found.has(one.fn)) found.set(one.fn, one);
  }
  return [...found.values()];
}

/** The class of an instance; of one with cached methods, which are traced on their own, the methods that are not. */
function ofInstance(name: string, instance: object, isCached: (fn: object) => boolean): Reached[] {
  const chain = chainOf(Object.getPrototypeOf(instance) as object);
  const methods = chain.flatMap((holder) =>
    Reflect.ownKeys(holder).flatMap((key) => {
      const fn = methodAt(holder, key);
      return typeof fn === 'function' && key !== 'constructor' ? [{ name: `${name}.${String(key)}`, fn }] : [];
    }),
  );
  const Class = chain.length === 0 ? undefined : classOf(chain[0] as object);
  if (methods.some(({ fn }) => isCached(fn)))
    return methods.filter(({ fn }) => !isCached(fn)).map((method) => ({ ...method, self: instance }));
  return Class === undefined ? [] : [{ name, fn: Class, self: undefined }];
}

function isContainer(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return (
    Array.isArray(value) ||
    types.isMap(value) ||
    types.isSet(value) ||
    prototype === null ||
    prototype === Object.prototype
  );
}

const eachOfMap = Map.prototype.forEach;
const eachOfSet = Set.prototype.forEach;

function contentsOf(value: object): unknown[] {
  const items: unknown[] = [];
  const add = (item: unknown): void => {
    if (items.length < MOST_MEMBERS) items.push(item);
  };
  if (types.isMap(value)) Reflect.apply(eachOfMap, value, [add]);
  else if (types.isSet(value)) Reflect.apply(eachOfSet, value, [add]);
  else for (const key of Object.keys(value).slice(0, MOST_MEMBERS)) add(memberOf(value, key));
  return items;
}

function memberOf(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

const later = new WeakMap<object, Map<string, boolean>>();

/** Does a method set it, other than the constructor? What changes as the program runs is no code. */
function isSetLater(self: object, name: string): boolean {
  const home = (typeof self === 'function' ? self : Object.getPrototypeOf(self)) as object | null;
  if (home === null) return false;
  const known = later.get(home) ?? new Map<string, boolean>();
  later.set(home, known);
  let answer = known.get(name);
  if (answer === undefined) known.set(name, (answer = chainOf(home).some((holder) => sets(holder, name))));
  return answer;
}

function sets(holder: object, name: string): boolean {
  const Class = classOf(holder);
  if (Class === undefined) return false;
  const assignment = new RegExp(`\\bthis\\s*\\.\\s*${name.replaceAll('$', '\\$')}\\s*(?:[?&|]{2})?=(?![=>])`);
  return (textOf(Class)?.members ?? []).some(
    (member) => !member.isField && member.name !== 'constructor' && assignment.test(member.source),
  );
}
