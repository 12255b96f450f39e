/** What JSON brings back exactly: plain values of text, numbers, truth and null. */
export function isJsonExact(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || !Object.isExtensible(value)) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  const isList = Array.isArray(value);
  if (prototype !== (isList ? Array.prototype : Object.prototype) || Object.hasOwn(value, '__proto__')) return false;
  const entries = Object.values(value) as unknown[];
  const names = Reflect.ownKeys(value).length - (isList ? 1 : 0);
  return names === entries.length && (!isList || entries.length === value.length) && entries.every(isJsonExact);
}
