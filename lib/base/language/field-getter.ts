/**
 * Getters that stand in the place of plain fields: a field that is watched becomes an accessor, and is data all the
 * same to code that looks at an object's properties without running the getters of users.
 */

const fields = new WeakMap<object, () => unknown>();

/** Says that `get` stands for a field, and how the field's value is looked at without the getter's being run. */
export function markFieldGetter(get: () => unknown, look: () => unknown): void {
  fields.set(get, look);
}

/** A descriptor as it would be of a plain field, where its getter stands for one; any other stays as it is. */
export function asField(descriptor: PropertyDescriptor): PropertyDescriptor;
export function asField(descriptor: PropertyDescriptor | undefined): PropertyDescriptor | undefined;
export function asField(descriptor: PropertyDescriptor | undefined): PropertyDescriptor | undefined {
  const look = descriptor?.get === undefined ? undefined : fields.get(descriptor.get);
  if (descriptor === undefined || look === undefined) return descriptor;
  const { configurable = false, enumerable = false } = descriptor;
  return { value: look(), configurable, enumerable, writable: true };
}
