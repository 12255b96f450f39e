/** Keys as traces name them: primitive ones as text that can be read back. */

/** By `typeof`. */
const TEXTS: Readonly<Record<string, (key: never) => string>> = {
  string: (key: string) => JSON.stringify(key),
  number: (key: number) => String(key),
  bigint: (key: bigint) => `${key}n`,
  boolean: String,
  undefined: String,
};

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
]);

/** `["psd"]`; `undefined` for a key that no later process could name: an object, a function, a symbol. */
export function textOfKey(key: unknown): string | undefined {
  if (key === null) return '[null]';
  const text = TEXTS[typeof key]?.(key as never);
  return text === undefined ? undefined : `[${text}]`;
}

/** The key of a text of {@link textOfKey}. */
export function keyOfText(text: string): unknown {
  const inside = text.slice(1, -1);
  if (inside.startsWith('"')) return JSON.parse(inside);
  if (WORDS.has(inside)) return WORDS.get(inside);
  return inside.endsWith('n') && inside !== 'NaN' ? BigInt(inside.slice(0, -1)) : Number(inside);
}
