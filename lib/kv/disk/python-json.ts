/** JSON as Python's `json` writes and reads it: the same text for the same value, and integers of any size. */
import { UncacheableValueError } from '../../base/errors.js';
import { floatRepr } from '../pickle/numbers.js';

/** The text that `json.dumps` gives. @throws UncacheableValueError where JSON cannot bring the value back exactly */
export function toPythonJson(value: unknown): string {
  try {
    return textOf(value, 'value', new Set());
  } catch (cause) {
    if (cause instanceof UncacheableValueError) throw cause;
    throw new UncacheableValueError('value', 'nested too deeply', 'JSON is for flatter values', { cause });
  }
}

function textOf(value: unknown, path: string, around: Set<object>): string {
  switch (typeof value) {
    case 'string':
      return textOfString(value);
    case 'number':
      return textOfNumber(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? 'null' : textOfObject(value, path, around);
    default:
      throw refuse(path, typeof value);
  }
}

/** All but printable ASCII is escaped. */
function textOfString(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What JavaScript holds exactly as an integer is an int, all else a float as its `repr`. */
function textOfNumber(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  return Number.isFinite(value) ? floatRepr(value) : String(value);
}

function textOfObject(value: object, path: string, around: Set<object>): string {
  if (around.has(value)) throw refuse(path, 'part of itself');
  const isArray = Array.isArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== (isArray ? Array.prototype : Object.prototype)) throw refuse(path, 'no plain object');
  if ('toJSON' in value) throw refuse(path, 'an object with toJSON');
  around.add(value);
  const keys = Reflect.ownKeys(value).filter((key) => !(isArray && key === 'length'));
  if (isArray && keys.length !== value.length) throw refuse(path, 'an array with holes or names');
  const parts = keys.map((key) => {
    if (typeof key === 'symbol') throw refuse(path, 'an object with symbols');
    const inner = `${path}[${JSON.stringify(key)}]`;
    const text = textOf((value as Record<string, unknown>)[key], inner, around);
    return isArray ? text : `${textOfString(key)}: ${text}`;
  });
  around.delete(value);
  return isArray ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

function refuse(path: string, what: string): UncacheableValueError {
  return new UncacheableValueError(
    path,
    what,
    'JSONDisk takes what JSON does: null, booleans, numbers, strings, arrays and plain objects',
  );
}

/** What JSON.parse cannot read, or not exactly: Python's names of numbers, and integers beyond 2^53. Texts are passed over. */
const SPECIAL = /"(?:[^"\\]|\\.)*"|NaN|-?Infinity|-?\d{16,}(?![\d.eE])/g;

const NAMED: Record<string, number> = { NaN, Infinity, '-Infinity': -Infinity };

/** The value of a text that `json.dumps` wrote. @throws SyntaxError where it is no JSON */
export function fromPythonJson(text: string): unknown {
  // A mark that stands nowhere in the text marks what JSON.parse is not to see.
  let mark = '#';
  while (text.includes(mark)) mark += '#';
  const marked = text.replace(SPECIAL, (token) => (token.startsWith('"') ? token : `"${mark}${token}"`));
  if (marked === text) return JSON.parse(text);
  return JSON.parse(marked, (_, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(mark)) return value;
    const token = value.slice(mark.length);
    return NAMED[token] ?? integer(token);
  });
}

function integer(token: string): number | bigint {
  const number = Number(token);
  return Number.isSafeInteger(number) ? number : BigInt(token);
}
