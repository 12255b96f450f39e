/** Managed caches in JSON files. */
import { valueDigest } from '../../key/canonical/canonical.js';
import { parseRecord } from '../../store/record/record.js';
import { textFile, type FileHooks } from './text-file.js';

/**
 * Loader, saver and deleter of a cache in a JSON file, `<manager's folder>/<name>.json`, an object with a line for each
 * entry: `registerCustomCache('stars', { ...jsonFiles() })`. Keys are strings; values must be what JSON brings back
 * exactly, or the cache is not saved and its error names the key. Keys that look like indices come first when they are
 * read again, as in every object.
 */
export function jsonFiles<V = unknown>(): FileHooks<string, V> {
  return textFile<string, V>({
    extension: 'json',
    format(contents) {
      const lines = Array.from(
        contents,
        ([key, value]) => `  ${JSON.stringify(checkedKey(key))}: ${exactText(key, value)}`,
      );
      return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
    },
    parse(text) {
      const parsed: unknown = JSON.parse(text);
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
        throw new TypeError('it holds no object');
      return new Map(Object.entries(parsed)) as Map<string, V>;
    },
    // A record of the store has the same name: who takes it for contents, or replaces it, does harm.
    refuse: (text) =>
      parseRecord(text) === undefined
        ? undefined
        : 'is the record of a cache that was saved in the default format: take another name, or delete what is saved',
  });
}

function checkedKey(key: unknown): string {
  if (typeof key !== 'string') throw new TypeError('a key is no string: JSON has no others');
  return key;
}

/** Text of which JSON makes the same value, to the bit and type. */
function exactText(key: string, value: unknown): string {
  const text = textOf(value);
  if (text !== undefined && isSame(JSON.parse(text), value)) return text;
  throw new TypeError(
    `the value of ${JSON.stringify(key)} would not come back from JSON as it is: use the default format, or a preProcessor`,
  );
}

/** `undefined` for what JSON knows nothing of: a function, a bigint, what contains itself. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function isSame(copy: unknown, value: unknown): boolean {
  try {
    return valueDigest(copy) === valueDigest(value);
  } catch {
    return false;
  }
}
