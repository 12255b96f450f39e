/** Looking into objects without running any of their code: descriptors instead of property access. */

/** The value of an own data property; `undefined` where there is none or an accessor. */
export function ownData(object: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

/** The value of a data property of the object or of something it inherits from; `undefined` for an accessor. */
export function inheritedData(object: object, key: PropertyKey): unknown {
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(at, key);
    if (descriptor !== undefined) return descriptor.value;
  }
  return undefined;
}

/** Sets an own property as a literal would, whatever setters or read-only properties the object inherits. */
export function setOwn(object: object, key: PropertyKey, value: unknown): void {
  if (key in object) Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else (object as Record<PropertyKey, unknown>)[key] = value;
}
