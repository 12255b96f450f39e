/**
 * Values told to Python, and what Python makes of them: plain data as nested lists of JSON, parts that are one object
 * by the number of the part. Python's half is spec/golden/described.py.
 */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';

export const GOLDEN = new URL('../../../../spec/golden/', import.meta.url);

/** As described.py says. */
export type Description = readonly unknown[];

/** Describes a value; an object that was described before by its number, in the order in which they were completed. */
export function describeValue(root: unknown): Description {
  const numbers = new Map<object, number>();
  const visit = (value: unknown): Description => {
    if (typeof value === 'object' && value !== null) {
      const number = numbers.get(value);
      if (number !== undefined) return ['again', number];
      const described = object(value);
      numbers.set(value, numbers.size);
      return described;
    }
    return primitive(value);
  };
  const object = (value: object): Description => {
    if (Buffer.isBuffer(value)) return ['bytes', value.toString('hex')];
    if (Array.isArray(value)) return ['seq', ...value.map(visit)];
    if (value instanceof Set) return ['set', ...[...(value as Set<unknown>)].map(visit)];
    return ['dict', ...Object.entries(value).map(([key, item]) => [key, visit(item)])];
  };
  return visit(root);
}

/** The value again. */
export function buildValue(root: Description): unknown {
  const completed: unknown[] = [];
  const visit = ([type, ...parts]: Description): unknown => {
    const [part] = parts;
    const complete = <T>(value: T): T => {
      completed.push(value);
      return value;
    };
    switch (type) {
      case 'none':
        return null;
      case 'int':
        return Number.isSafeInteger(Number(part)) ? Number(part) : BigInt(part as string);
      case 'float':
        return Buffer.from(part as string, 'hex').readDoubleBE();
      case 'bytes':
        return complete(Buffer.from(part as string, 'hex'));
      case 'seq':
        return complete((parts as Description[]).map(visit));
      case 'set':
        return complete(new Set((parts as Description[]).map(visit)));
      case 'dict':
        return complete(
          Object.fromEntries((parts as [string, Description][]).map(([key, item]) => [key, visit(item)])),
        );
      case 'long str':
        return (part as string).repeat(parts[1] as number);
      case 'long bytes':
        return complete(Buffer.alloc(parts[1] as number, part as string, 'hex'));
      case 'again':
        return completed[part as number];
      default:
        return part;
    }
  };
  return visit(root);
}

function primitive(value: unknown): Description {
  if (typeof value === 'number') return number(value);
  if (value === null) return ['none'];
  if (typeof value === 'boolean') return ['bool', value];
  if (typeof value === 'string') return ['str', value];
  return ['int', (value as bigint).toString()];
}

function number(value: number): Description {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return ['int', String(value)];
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return ['float', bytes.toString('hex')];
}

/** Python's half: `build(description, tuple or list)`. */
export const DESCRIBED = readFileSync(new URL('described.py', GOLDEN), 'utf8');

const anyString = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  // UTF-16 of any kind, lone surrogates included.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '',
    'a',
    'a',
    'b',
    'latin1',
    'encode',
    'set',
    '\\',
    '\\u0041',
    '\n\r\0\x1a',
    '\ud83d',
    '\udd2d',
    'x'.repeat(255),
    'x'.repeat(256),
    'é'.repeat(128),
  ),
);

const powers = fc.integer({ min: 0, max: 260 }).map((bits) => 2n ** BigInt(bits));
const anyBigInt = fc
  .oneof(
    powers,
    powers.map((power) => power - 1n),
    powers.map((power) => -power),
    powers.map((power) => -power - 1n),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  )
  .filter((value) => !Number.isSafeInteger(Number(value)));

const anyNumber = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.integer({ min: -30, max: 30 }).map((exponent) => 1.5 * 10 ** exponent),
  fc.constantFrom(
    0,
    -0,
    255,
    256,
    65535,
    65536,
    -1,
    -128,
    -129,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    -(2 ** 31) - 1,
    2 ** 32,
    1e15,
    1e16,
    1e17,
    1e21,
    1e22,
    1e-4,
    1e-5,
    5e-324,
    2 ** 53,
    NaN,
    Infinity,
    -Infinity,
  ),
);

/**
 * Plain data without sets, whose order in Python is another one; about a third of it holds one object twice.
 * @param minBytes least length of a Buffer
 */
export const plainData = (minBytes: number): fc.Arbitrary<unknown> =>
  fc.letrec<{ data: unknown; container: unknown }>((tie) => ({
    data: fc.oneof(
      { depthSize: 'small', withCrossShrink: false },
      fc.constantFrom(null, true, false),
      anyNumber,
      anyBigInt,
      anyString,
      fc.uint8Array({ minLength: minBytes, maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
      tie('container'),
    ),
    container: fc.oneof(
      fc.array(tie('data'), { maxLength: 6 }),
      fc.dictionary(anyString, tie('data'), { maxKeys: 4, noNullPrototype: true }),
      tie('data').map((part) => [part, part, [part]]),
    ),
  })).container;
