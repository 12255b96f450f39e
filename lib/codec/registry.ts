/** Which codec takes a value, and which one a record names. */
import { isUint8Array } from 'node:util/types';
import { isDeepStrictEqual } from 'node:util';
import { InvalidOptionError } from '../base/errors.js';
import { messageOf } from '../base/thrown.js';
import { arrowCodec } from './arrow/arrow.js';
import { compressed } from './compressed.js';
import type { Codec, Encoded } from './shared/codec.js';
import { jsonCodec } from './plain/json.js';
import { msgpackCodec } from './msgpack/msgpack.js';
import { npyCodec } from './npy/npy.js';
import { npzCodec } from './npz/npz.js';
import { EXTENSIONS, type Compression } from './press/methods.js';
import { partsOfName, pressed } from './press/pressed.js';
import { textCodec } from './plain/text.js';
import { v8Codec } from './v8/v8.js';

/** In the order in which they are asked; the last one takes whatever has a value. */
const BUILT_IN: readonly Codec[] = [npyCodec, arrowCodec, jsonCodec, v8Codec];

/** Those that are never chosen for a value, but asked for by name. */
const ON_REQUEST: readonly Codec[] = [npzCodec, msgpackCodec, textCodec];

const ALL_BUILT_IN: readonly Codec[] = [...BUILT_IN, ...ON_REQUEST];

/** Extensions that mean something else in a cache folder: records, what a user has said beside one, files in the making, compressed ones. */
const RESERVED_EXTENSIONS: readonly string[] = ['json', 'meta', 'tmp', ...Object.values(EXTENSIONS)];

/** Registered by users, the latest first. */
const custom: Codec[] = [];

/**
 * Adds a codec, which is asked before the built-in ones and before those registered earlier. It is tried on its
 * `sample` first: the sample must be accepted, encoded, and come back equal and of the same class.
 *
 * @throws InvalidOptionError where the codec lacks a member, its name or extension is taken, or the trial fails;
 * nothing is registered then
 */
export function registerCodec(codec: Codec): void {
  checkShape(codec);
  checkNames(codec);
  tryOut(codec);
  custom.unshift(codec);
}

/** The codec to store a value with. */
export function codecFor(value: unknown): Codec {
  for (const codec of custom) if (takes(codec, value)) return codec;
  for (const codec of BUILT_IN) if (codec.accepts(value)) return codec;
  return v8Codec;
}

/** A user's codec that cannot make up its mind must not cost her the result. */
function takes(codec: Codec, value: unknown): boolean {
  try {
    return codec.accepts(value);
  } catch {
    return false;
  }
}

/** The codec that a record or the option `codec` names. */
export function codecNamed(name: string): Codec | undefined {
  const known = custom.find((codec) => codec.name === name) ?? ALL_BUILT_IN.find((codec) => codec.name === name);
  if (known !== undefined) return known;
  const { inner, method } = partsOfName(name) ?? {};
  const codec = inner === undefined ? undefined : codecNamed(inner);
  if (method === undefined || codec?.extension === undefined || codec.plain !== undefined) return undefined;
  return pressed(codec, { method });
}

/** Names of all codecs, the built-in ones first. */
export function codecNames(): string[] {
  return [...ALL_BUILT_IN, ...[...custom].reverse()].map(({ name }) => name);
}

/** Extensions of data files. */
export function dataExtensions(): string[] {
  const own = [...ALL_BUILT_IN, ...custom]
    .map(({ extension }) => extension)
    .filter((extension) => extension !== undefined);
  return [...own, ...Object.values(EXTENSIONS)];
}

/** Is it one of Stowage's own, whose values can be digested as values? */
export function isBuiltIn(codec: Codec): boolean {
  return ALL_BUILT_IN.some(({ name }) => name === codec.name);
}

/** Members by what they must be; those with `?` may be absent. */
const MEMBERS: Readonly<Record<string, string>> = {
  name: 'string',
  extension: 'string',
  accepts: 'function',
  encode: 'function',
  decode: 'function',
  bodyOffset: 'function?',
};

function checkShape(codec: unknown): asserts codec is Codec {
  if (typeof codec !== 'object' || codec === null) {
    throw new InvalidOptionError(`registerCodec takes a codec object, not ${codec === null ? 'null' : typeof codec}`);
  }
  const members = codec as Record<string, unknown>;
  for (const [name, expected] of Object.entries(MEMBERS)) {
    const type = typeof members[name];
    if (type === expected.replace('?', '') || (type === 'undefined' && expected.endsWith('?'))) continue;
    throw new InvalidOptionError(
      `registerCodec: the member ${name} of a codec must be a ${expected.replace('?', '')}, not ${type}`,
    );
  }
  if (!('sample' in members)) {
    throw new InvalidOptionError('registerCodec: a codec must have a sample, a value on which it can be tried');
  }
}

function checkNames({ name, extension = '' }: Codec): void {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    throw new InvalidOptionError(
      `registerCodec: the name ${JSON.stringify(name)} must be of letters, digits, dots and dashes`,
    );
  }
  if (codecNamed(name) !== undefined) {
    throw new InvalidOptionError(`registerCodec: a codec named ${name} exists already; give yours another name`);
  }
  if (!/^[A-Za-z0-9]+$/.test(extension)) {
    throw new InvalidOptionError(
      `registerCodec: the extension ${JSON.stringify(extension)} must be of letters and digits`,
    );
  }
  // File systems may not tell case apart.
  const lower = extension.toLowerCase();
  const holder = [...custom, ...ALL_BUILT_IN].find((codec) => codec.extension?.toLowerCase() === lower);
  if (RESERVED_EXTENSIONS.includes(lower) || holder !== undefined) {
    const owner = holder === undefined ? 'Stowage itself' : `the codec ${holder.name}`;
    throw new InvalidOptionError(`registerCodec: the extension ${extension} belongs to ${owner}; choose another one`);
  }
}

function tryOut(codec: Codec): void {
  const trial = (what: string, cause?: unknown): InvalidOptionError =>
    new InvalidOptionError(
      `registerCodec: the codec ${codec.name} was tried on its sample and ${what}`,
      cause === undefined ? {} : { cause },
    );
  let copy: unknown;
  let sample: unknown;
  try {
    sample = codec.sample;
    if (!codec.accepts(sample)) throw trial('does not accept it');
    const encoded = codec.encode(sample);
    if (!isEncoded(encoded)) throw trial('encode gave no { type, chunks } with chunks of Uint8Array');
    copy = decodeWhole(codec, encoded);
  } catch (cause) {
    if (cause instanceof InvalidOptionError) throw cause;
    throw trial(`failed: ${messageOf(cause)}`, cause);
  }
  if (!isDeepStrictEqual(copy, sample) || prototypeOf(copy) !== prototypeOf(sample)) {
    throw trial('what it reads back is not equal to it');
  }
}

function isEncoded(value: unknown): value is Encoded {
  if (typeof value !== 'object' || value === null) return false;
  const { type, chunks } = value as Partial<Record<keyof Encoded, unknown>>;
  return typeof type === 'string' && Array.isArray(chunks) && chunks.every((chunk) => isUint8Array(chunk));
}

/** The codec to store a value with; by name, whatever the value, where one is given. */
export function codecToStore(
  value: unknown,
  name: string | undefined,
  compression: Compression | false = false,
): Codec {
  const codec = (name === undefined ? undefined : codecNamed(name)) ?? codecFor(value);
  return compressed(codec, value, compression);
}

/** Decodes as a store would, from a file with exactly these bytes. */
export function decodeWhole(codec: Codec, { chunks, ...notes }: Encoded): unknown {
  const file = Uint8Array.from(Buffer.concat(chunks));
  const offset = codec.bodyOffset?.(file, file.length) ?? 0;
  return codec.decode(file.slice(offset), notes, file.subarray(0, offset));
}

function prototypeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : typeof value;
}
