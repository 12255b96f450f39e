/** What the writers of all kinds check before they write: nothing of an object may get lost. */
import { Level } from './format.js';
import type { Packer } from './packer.js';
import { refusedSubclass } from '../shared/refuse.js';

/** How far an object is closed to change. */
export function levelOf(object: object): number {
  if (Object.isExtensible(object)) return Level.open;
  // Engines disagree on whether elements of a closed typed array are sealed, and none seals them.
  if (ArrayBuffer.isView(object)) return Level.nonExtensible;
  if (Object.isFrozen(object)) return Level.frozen;
  return Object.isSealed(object) ? Level.sealed : Level.nonExtensible;
}

/** Starts the description of an object; answers its level. */
export function begin(packer: Packer, tag: number, object: object): number {
  const level = levelOf(object);
  packer.word(tag | (level << 8));
  return level;
}

/** The values of own properties; whatever is not an ordinary data property is refused. */
export function dataValues(packer: Packer, object: object, keys: readonly string[], level: number): unknown[] {
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

/** The step to a property; that to an element is its index. */
export function stepOf(object: object, key: string): string | number {
  return Array.isArray(object) && String(Number(key)) === key ? Number(key) : key;
}

/** Own property names; a symbol among the keys is refused. */
export function namesOf(packer: Packer, object: object): string[] {
  const keys = Reflect.ownKeys(object);
  const last = keys.at(-1);
  // Symbols come last, whatever the order of definition.
  if (typeof last === 'symbol') {
    packer.refuse({ what: 'a property named by a symbol', advice: 'name it by a string, or leave it out' }, last);
  }
  return keys as string[];
}

/** Refuses what a built-in object carries besides its own state. */
export function noExtras(packer: Packer, object: object, names: readonly string[], builtIn: string): void {
  const extra = names[0];
  if (extra === undefined) return;
  packer.refuse(
    { what: `a property added to a ${builtIn}`, advice: `return it beside the ${builtIn}, in an object around both` },
    stepOf(object, extra),
  );
}

/** Refuses an instance of a subclass, or of the class of another realm. */
export function expectClass(
  packer: Packer,
  object: object,
  prototype: object | null,
  builtIn: object,
  name: string,
): void {
  if (prototype !== builtIn) packer.refuse(refusedSubclass(object, name));
}
