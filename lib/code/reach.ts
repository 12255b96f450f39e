/** From the use of a name to the value it leads to, as far as that can be followed without running anything. */
import { types } from 'node:util';
import { hasIdentity } from '../base/brand.js';
import { builtinName } from './builtins.js';
import type { Seen } from './inspector.js';
import type { Use } from './names.js';
import { findProperty, isModuleLike } from './property.js';

/** Where a use leads. */
export interface Reached {
  readonly value: unknown;
  /** How many members of the use were followed, and how many of these were names of exports. */
  readonly members: number;
  readonly exports: number;
  /** What a method found on the way would have as its `this`. */
  readonly home: object | undefined;
  /** See `Edge.through`. */
  readonly through: readonly string[];
  /** Is it a variable that has no value yet? */
  readonly unset: boolean;
  /** Is it a getter, which stands for its value? */
  readonly getter: boolean;
}

/** Where something starts that is then followed through members. */
export interface Start {
  readonly value: unknown;
  readonly key?: string;
  readonly unset?: boolean;
}

let lastId = 0;
const ids = new WeakMap<object, number>();

/** Tells objects apart within this process. */
export function idOf(object: object): number {
  let id = ids.get(object);
  if (id === undefined) ids.set(object, (id = ++lastId));
  return id;
}

export function propertyKey(holder: object, member: string): string {
  return `property ${idOf(holder)} ${member}`;
}

/** An object as a whole changes with any of its properties. */
export function wholeKey(object: object): string {
  return `whole ${idOf(object)}`;
}

/** A change that may concern any property. */
function anyKey(object: object): string {
  return `any ${idOf(object)}`;
}

/** A variable, as the scopes show it; `undefined` for one that is global and came with the engine, or is not there. */
export function lookUp(name: string, { scopes, script }: Seen): Start | undefined {
  for (const [at, { description, object }] of scopes.entries()) {
    if (types.isProxy(object)) return { value: object };
    let descriptor: PropertyDescriptor | undefined;
    try {
      descriptor = Object.getOwnPropertyDescriptor(object, name);
    } catch {
      return { value: undefined, unset: true };
    }
    if (descriptor === undefined) continue;
    const isGlobal = description === 'Global';
    if (descriptor.get !== undefined || descriptor.set !== undefined) return isGlobal ? undefined : { value: descriptor.get };
    const value: unknown = descriptor.value;
    if (isGlobal && (descriptor.writable === false || (hasIdentity(value) && builtinName(value) !== undefined))) return undefined;
    const key = `variable ${script ?? ''} ${scopes.length - at} ${name}`;
    return { value, key, unset: value === undefined && undefinedMayBeUnset };
  }
  return undefined;
}
/** Node 20 shows variables that are not set yet as undefined; later versions tell. */
const undefinedMayBeUnset = Number(process.versions.node.split('.')[0]) < 22;

/** Follows the members of a use from where it starts. */
export function follow(start: Start, use: Use, aliasOf: (getter: object) => unknown): Reached {
  let { value } = start;
  let home: object | undefined;
  let getter = false;
  let exports = 0;
  let at = 0;
  const through = start.key === undefined ? [] : [start.key];
  for (; at < use.members.length && hasIdentity(value) && !types.isProxy(value) && !getter; at++) {
    const member = use.members[at] as string;
    if (builtinName(value) !== undefined && typeof value === 'function') break;
    const next = step(value, member, aliasOf);
    if (next === undefined) break;
    if (isModuleLike(value)) {
      home = undefined;
      if (exports === at) exports++;
    } else {
      home = value;
      through.push(propertyKey(value, member), anyKey(value));
    }
    ({ value, getter } = next);
  }
  if (hasIdentity(value)) through.push(wholeKey(value));
  return { value, members: at, exports, home, through, unset: start.unset === true && at === 0, getter };
}

function step(value: object, member: string, aliasOf: (getter: object) => unknown): { value: unknown; getter: boolean } | undefined {
  try {
    const found = findProperty(value, member);
    if (found === undefined) return undefined;
    const { get, set, value: next } = found.descriptor as { get?: object; set?: object; value?: unknown };
    if (get === undefined) return set === undefined ? { value: next, getter: false } : undefined;
    // What a module re-exports, tools write as a getter that returns it.
    const alias = aliasOf(get);
    return alias === undefined ? { value: get, getter: true } : { value: alias, getter: false };
  } catch {
    return undefined; // an export that is not set yet
  }
}

/** Keys of what a use changes, given where it starts. */
export function changesOf(start: Start, use: Use, aliasOf: (getter: object) => unknown): string[] {
  const { changedAt } = use;
  if (changedAt === undefined) return [];
  if (changedAt < 0) return start.key === undefined ? [] : [start.key];
  const reached = follow(start, { ...use, members: use.members.slice(0, changedAt) }, aliasOf);
  if (reached.members < changedAt || !hasIdentity(reached.value)) return [];
  const { value } = reached;
  const named = use.members[changedAt];
  const isCall = named !== undefined && use.changedByCall;
  return [wholeKey(value), named === undefined || isCall ? anyKey(value) : propertyKey(value, named)];
}
