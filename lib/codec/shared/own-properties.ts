/** Looking into objects without running any of their code: descriptors instead of property access. */

/** The value of an own data property; `undefined` where there is none or an accessor. */
export function ownData(object: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

/** Sets an own property as a literal would, whatever setters or read-only properties the object inherits. */
export function setOwn(object: object, key: PropertyKey, value: unknown): void {
  if (key in object)
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else (object as Record<PropertyKey, unknown>)[key] = value;
}
