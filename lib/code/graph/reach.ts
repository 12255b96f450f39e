/** From the use of a name to the value it leads to, as far as that can be followed without running anything. */
import { types } from 'node:util';
import { hasIdentity } from '../../base/language/brand.js';
import { isNative } from '../../key/classes/class-source.js';
import { builtinName, isOfLanguage } from '../sight/builtins.js';
import { hidesState } from '../sight/builtin-state.js';
import type { Seen, SeenScope } from '../sight/look.js';
import { findProperty, isModuleLike } from '../sight/property.js';
import type { Change } from '../text/use.js';

type AliasOf = (getter: object) => unknown;

/** A variable, or another place where something starts that is then followed through members. */
export interface Start {
  readonly value: unknown;
  /** Has it no value yet? */
  readonly unset: boolean;
  /** Does a script declare it? Others belong to all of the program. */
  readonly declared: boolean;
  /** The scopes that it sees, from its own on. */
  readonly scopes: readonly SeenScope[];
}

/** Where a use leads. */
export interface Reached {
  readonly value: unknown;
  /** How many members of the use were followed, and how many of these were names of exports. */
  readonly members: number;
  readonly exports: number;
  /** What a method found on the way would have as its `this`. */
  readonly home: object | undefined;
  /** Is it a getter, which stands for its value? */
  readonly getter: boolean;
}

/** Node 20 shows variables that are not set yet as undefined; later versions tell. */
const undefinedMayBeUnset = Number(process.versions.node.split('.')[0]) < 22;

/** A variable, as the scopes show it; `undefined` for one that is global and came with the engine, or is not there. */
export function lookUp(name: string, { scopes }: Seen): Start | undefined {
  for (const [at, { description, object }] of scopes.entries()) {
    const declared = description !== 'Global';
    const found = (value: unknown, unset = false): Start => ({ value, unset, declared, scopes: scopes.slice(at) });
    if (types.isProxy(object)) return found(object);
    let descriptor: PropertyDescriptor | undefined;
    try {
      descriptor = Object.getOwnPropertyDescriptor(object, name);
    } catch {
      return found(undefined, true);
    }
    if (descriptor === undefined) continue;
    const { get, set, writable } = descriptor;
    const value: unknown = descriptor.value;
    if (get !== undefined || set !== undefined) return declared ? found(get) : undefined;
    if (!declared && (writable === false || (hasIdentity(value) && builtinName(value) !== undefined))) return undefined;
    return found(value, value === undefined && undefinedMayBeUnset);
  }
  return undefined;
}

/** What a program has put among what came with the engine, and how many names lead there. */
export interface Added {
  readonly value: unknown;
  readonly home: object;
  readonly names: number;
}

/**
 * `globalThis.GAIN`, `Math.clamp`: functions and single values, since objects are there to be filled as the program runs.
 * What is no function and stands in an object of the engine comes with it.
 */
export function addedToEngine(names: readonly string[], { scopes }: Seen): Added | undefined {
  const scope = scopes.at(-1);
  if (scope?.description !== 'Global') return undefined;
  let home = scope.object;
  for (let at = 0; at < names.length && !types.isProxy(home); at++) {
    const descriptor = findProperty(home, names[at] as string);
    const value: unknown = descriptor?.value;
    if (descriptor === undefined || value === undefined) return undefined;
    if (hasIdentity(value) && (value === scope.object || isOfLanguage(value))) {
      home = value;
      continue;
    }
    if (typeof value === 'function' ? types.isProxy(value) || isNative(value) : hasIdentity(value)) return undefined;
    return typeof value === 'function' || home === scope.object ? { value, home, names: at + 1 } : undefined;
  }
  return undefined;
}

/** Follows members from where they start. */
export function follow(start: unknown, members: readonly string[], aliasOf: AliasOf): Reached {
  let value = start;
  let home: object | undefined;
  let getter = false;
  let exports = 0;
  let at = 0;
  for (; at < members.length && hasIdentity(value) && !types.isProxy(value) && !getter; at++) {
    if (typeof value === 'function' ? builtinName(value) !== undefined : hidesState(value)) break;
    const next = step(value, members[at] as string, aliasOf);
    if (next === undefined) break;
    if (!isModuleLike(value)) home = value;
    else {
      home = undefined;
      if (exports === at) exports++;
    }
    ({ value, getter } = next);
  }
  return { value, members: at, exports, home, getter };
}

function step(value: object, member: string, aliasOf: AliasOf): { value: unknown; getter: boolean } | undefined {
  try {
    const found = findProperty(value, member);
    if (found === undefined) return undefined;
    const { get, set, value: next } = found as { get?: object; set?: object; value?: unknown };
    if (get === undefined) return set === undefined ? { value: next, getter: false } : undefined;
    const alias = aliasOf(get);
    return alias === undefined ? { value: get, getter: true } : { value: alias, getter: false };
  } catch {
    return undefined; // an export that is not set yet
  }
}

/** Is what a path leads to changed by one of these, or a part of it, where it is data? */
export function isChanged(
  changes: readonly Change[],
  start: unknown,
  path: readonly string[],
  reached: Reached,
  aliasOf: AliasOf,
): boolean {
  const read = path.slice(0, reached.members);
  return changes.some((change) => {
    const common = Math.min(change.path.length, read.length);
    if (change.path.slice(0, common).some((name, at) => name !== read[at])) return false;
    if (change.path.length > read.length && typeof reached.value === 'function') return false;
    if (!change.byMethod) return true;
    const target = follow(start, change.path, aliasOf);
    return target.members === change.path.length && isContainer(target.value);
  });
}

/** Does it have the methods of the language that change what they are called on? */
function isContainer(value: unknown): boolean {
  return Array.isArray(value) || types.isMap(value) || types.isSet(value) || types.isTypedArray(value);
}
