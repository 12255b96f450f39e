/** What JSON that another program may have written must look like before it is used. */

export type Check = (value: unknown) => boolean;
export type Fields = Readonly<Record<string, Check>>;

export const text: Check = (value) => typeof value === 'string';
export const number: Check = (value) => typeof value === 'number';
export const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** An object with these fields, and perhaps others. */
export const having = (fields: Fields): Check => {
  const checks = Object.entries(fields);
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    checks.every(([name, check]) => check((value as Record<string, unknown>)[name]));
};

/** Does it say whose result it is? */
export const isIdentity: Check = having({
  prefix: text,
  tag: text,
  instance: text,
  rootClass: text,
  class: optional(text),
  method: text,
  key: optional(text),
  version: optional(text),
  name: optional(text),
});
