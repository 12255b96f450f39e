/** Whose result it is. */
import { entryStem } from '../../key/names/path-name.js';

/** What makes two calls the same call. Records are used or replaced only where all of it is equal. */
export interface Identity {
  prefix: string;
  tag: string;
  /** Instance path: how the root reaches the analyzer; empty for a managed cache. */
  instance: string;
  /** Concrete class of the root. */
  rootClass: string;
  /** Concrete class of the analyzer; absent where the option `name` replaces it. */
  class?: string;
  /** Method id: `Class.method` with the class that defines the method, or the option `name`; or the name of a managed cache. */
  method: string;
  /** Call key: 64 hexadecimal digits; absent for a plain call. */
  key?: string;
  /** The option `version`. */
  version?: string;
  /**
   * What the entry's file is named after, where its owner chooses the name, and the folder with it: a function cache. The
   * key is then no part of the place, so that two keys under one name are seen to collide.
   */
  name?: string;
  /**
   * Adopted by its file's name alone: the result of any call that asks for that name without a `version`. The classes, and
   * where the instance path ends, are guesses.
   */
  byName?: true;
}

const IDENTITY_FIELDS = [
  'prefix',
  'tag',
  'instance',
  'rootClass',
  'class',
  'method',
  'key',
  'version',
] as const satisfies (keyof Identity)[];

/** One text for one identity: no two identities share it. */
export function identityText(identity: Identity): string {
  const values = IDENTITY_FIELDS.map((field) => identity[field] ?? null);
  // Last, and only where there is one: the text of all others stays what it was before there were names.
  return JSON.stringify(identity.name === undefined ? values : [...values, identity.name]);
}

/** The identity that a text of {@link identityText} stands for. */
export function identityOfText(text: string): Identity {
  const values = JSON.parse(text) as (string | null)[];
  const pairs = [...IDENTITY_FIELDS, 'name'].map((field, i) => [field, values[i] ?? undefined] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as unknown as Identity;
}

/** Are two identities equal in every part? One that was adopted by its name has only that, and its folder. */
export function sameIdentity(one: Identity, other: Identity): boolean {
  if (one.byName !== true && other.byName !== true) {
    return IDENTITY_FIELDS.every((field) => one[field] === other[field]) && one.name === other.name;
  }
  return (
    one.prefix + one.tag === other.prefix + other.tag &&
    entryStem(one.instance, one.method) === entryStem(other.instance, other.method) &&
    one.key === other.key &&
    one.version === other.version
  );
}

/** Is it one method of one analyzer, whatever the arguments and the version? */
export function sameMethod(one: Identity, other: Identity): boolean {
  const alone = ({ key: _, version: __, ...identity }: Identity): Identity => identity;
  return sameIdentity(alone(one), alone(other));
}

/** Does an entry belong to the roots of one class in one dataset? */
export function isOfRoot(identity: Identity, root: { prefix: string; tag: string; rootClass: string }): boolean {
  if (identity.byName === true) return identity.prefix + identity.tag === root.prefix + root.tag;
  return identity.prefix === root.prefix && identity.tag === root.tag && identity.rootClass === root.rootClass;
}

/** What stands for an entry's place among instance paths. */
export function pathOf({ instance, method, byName }: Identity): string {
  return byName === true ? `${instance}.${method}` : instance;
}
