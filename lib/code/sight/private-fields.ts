/** What objects hold behind `#private` fields, which nothing but the inspector shows. */
import { isProxy } from 'node:util/types';
import { hasIdentity } from '../../base/language/brand.js';
import { sourceOf } from '../../key/classes/class-source.js';
import { inBox, propertiesOf } from './box.js';

/** `#name`, in a class; a text or a comment may have it as well, which costs a look. */
const PRIVATE_NAME = /#[\p{ID_Start}$_]/u;

const declaring = new WeakMap<object, boolean>();

/** May the class of an object, or one that it extends, declare `#private` fields? Asks no proxy. */
export function mayHavePrivateFields(object: object): boolean {
  if (isProxy(object)) return false;
  let holder = Object.getPrototypeOf(object) as object | null;
  for (; holder !== null && holder !== Object.prototype; holder = Object.getPrototypeOf(holder) as object | null) {
    if (isProxy(holder)) return false;
    if (declares(holder)) return true;
  }
  return false;
}

function declares(prototype: object): boolean {
  let known = declaring.get(prototype);
  if (known === undefined) {
    const Class: unknown = Reflect.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    known = typeof Class === 'function' && !isProxy(Class) && PRIVATE_NAME.test(sourceOf(Class));
    declaring.set(prototype, known);
  }
  return known;
}

/** The objects in the `#private` fields of objects, all together. @throws NoInspector */
export function inPrivateFields(objects: readonly object[]): object[] {
  if (objects.length === 0) return [];
  return inBox(objects, (box) => {
    const fields = box.handles().flatMap((id) => propertiesOf(id).privateProperties ?? []);
    const held = fields.flatMap(({ value }) => (value?.objectId === undefined ? [] : [value]));
    return box.valuesOf(held).filter(hasIdentity);
  });
}
