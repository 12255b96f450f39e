/**
 * Values that Python has no counterpart for: a pickle whose module says so in plain words and does not exist, so that
 * Python's unpickling ends with them, around the bytes of the v8 codec.
 */
import { Xxh3 } from '../../base/packages/xxh3.js';
import { v8Codec } from '../../codec/v8/v8.js';
import { PickleError } from './errors.js';
import { GlobalName, Reduced, Tuple } from './python-value.js';

const PREFIX = 'a JavaScript ';
// A dot would make Python look for a package.
const SUFFIX = ', which Python has no counterpart for (written by stowage)';
const NAME = 'value';

/**
 * @param what the kind of value, without a dot: `'Map'`
 * @throws UncacheableValueError where the v8 codec refuses it
 */
export function javaScriptOnly(value: unknown, what: string): Reduced {
  const blob = Buffer.concat(v8Codec.encode(value).chunks);
  return new Reduced(new GlobalName(PREFIX + what + SUFFIX, NAME), new Tuple([blob, checksumOf(blob)]));
}

/** Is it the module and name of such a value? */
export function isJavaScriptOnly(module: string, name: string): boolean {
  return name === NAME && module.startsWith(PREFIX) && module.endsWith(SUFFIX);
}

/**
 * The value again.
 * @throws PickleError, FormatError
 */
export function fromJavaScriptOnly(args: readonly unknown[]): unknown {
  const [blob, checksum] = args;
  if (args.length !== 2 || !Buffer.isBuffer(blob))
    throw new PickleError('a JavaScript value is not in the form that Stowage writes');
  // Most flips of a bit would go unnoticed by the engine's deserialiser.
  if (checksum !== checksumOf(blob)) throw new PickleError('the bytes of a JavaScript value do not fit their checksum');
  const offset = v8Codec.bodyOffset?.(blob, blob.length) ?? 0;
  return v8Codec.decode(new Uint8Array(blob.subarray(offset)), { type: '' }, blob.subarray(0, offset));
}

function checksumOf(bytes: Uint8Array): string {
  const sum = new Xxh3(bytes.length);
  sum.update(bytes);
  return sum.checksum();
}
