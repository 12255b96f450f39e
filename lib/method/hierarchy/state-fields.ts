/** An analyzer's own primitive fields, as they were when it was tagged: what its results may silently depend on. */

/** How many fields, and how many characters of a string, a record carries. */
const MOST_FIELDS = 64;
const MOST_CHARACTERS = 256;

/** A primitive as JSON can say it; `undefined` for what is no primitive. */
function asJson(value: unknown): unknown {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { number: Object.is(value, -0) ? '-0' : String(value) };
    case 'string':
      return value.length <= MOST_CHARACTERS
        ? value
        : { string: value.slice(0, MOST_CHARACTERS), length: value.length };
    case 'bigint':
      return { bigint: String(value) };
    default:
      return value === null ? null : undefined;
  }
}

/** Own primitive fields by name; `except` names those that are part of the call key already. */
export function snapshotOf(analyzer: object, except: { has(name: string): boolean }): Record<string, unknown> {
  const fields: [string, unknown][] = [];
  for (const name of Object.keys(analyzer)) {
    if (except.has(name) || fields.length >= MOST_FIELDS) continue;
    const value = asJson(Reflect.getOwnPropertyDescriptor(analyzer, name)?.value);
    if (value !== undefined) fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}

/** What changed between two snapshots, readable: `threshold 3 → 5`; empty where nothing did. */
export function differences(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => ({ name, was: shown(before[name]), is: shown(after[name]) }))
    .filter(({ was, is }) => was !== is)
    .map(({ name, was, is }) => `${name} ${was} → ${is}`);
}

function shown(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}
