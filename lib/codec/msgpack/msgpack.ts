/** MessagePack, which other languages read, with extensions for what it lacks. */
import type * as Msgpack from '@msgpack/msgpack';
import { BundledError, FormatError, UncacheableValueError } from '../../base/errors.js';
import { load } from '../../base/packages/optional.js';
import type { Codec } from '../shared/codec.js';
import { DECODERS } from './extensions.js';
import { Lowering } from './lower.js';
import { typeName } from '../shared/type-name.js';

/**
 * Takes trees of plain objects, arrays, primitives, Map, Set, Date and binary data, exactly: what MessagePack does not
 * have (undefined, -0, bigint, Map, Set, typed arrays other than bytes) is an extension of it. Class instances, errors,
 * regular expressions, shared and circular references, holes and frozen objects are refused with their place.
 */
export const msgpackCodec: Codec = {
  name: 'msgpack',
  extension: 'msgpack',
  sample: { when: new Date(0), modes: new Map([[1n, [undefined, -0, NaN]]]), data: new Float64Array([1, 2.5]) },
  accepts: (value) => typeof value !== 'function' && typeof value !== 'symbol',

  encode(value) {
    const { encode, ExtData } = load<typeof Msgpack>('@msgpack/msgpack');
    const bytes = (lowered: unknown): Uint8Array => encode(lowered, { maxDepth: Infinity });
    const lowering = new Lowering(bytes, (type, data) => new ExtData(type, data));
    try {
      return { type: typeName(value), chunks: [bytes(lowering.lower(value))] };
    } catch (cause) {
      if (cause instanceof UncacheableValueError) throw cause;
      // Nested so deeply that the stack ends, or longer than the format allows: said in the engine's or package's words.
      throw new UncacheableValueError('result', 'too large or too deep for MessagePack', 'use the codec v8', { cause });
    }
  },

  decode(body) {
    const { decode, ExtensionCodec } = load<typeof Msgpack>('@msgpack/msgpack');
    const extensionCodec = new ExtensionCodec();
    const read = (data: Uint8Array): unknown => ownBytes(decode(data, { extensionCodec }));
    for (const [type, decoder] of Object.entries(DECODERS)) {
      extensionCodec.register({ type: Number(type), encode: () => null, decode: (data) => decoder(data, read) });
    }
    try {
      return read(body);
    } catch (cause) {
      if (cause instanceof FormatError || cause instanceof BundledError) throw cause;
      throw new FormatError('the file is not MessagePack as this version of Stowage writes it', { cause });
    }
  },
};

/** The package answers binary data with views of the file's bytes; each gets a buffer of its own. */
function ownBytes(root: unknown): unknown {
  const holder = [root];
  const pending: object[] = [holder];
  for (let object = pending.pop(); object !== undefined; object = pending.pop()) {
    for (const [key, value] of Object.entries(object) as [string, unknown][]) {
      if (typeof value !== 'object' || value === null) continue;
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype === Uint8Array.prototype) (object as Record<string, unknown>)[key] = (value as Uint8Array).slice();
      // What else there is was made by an extension, whole.
      else if (prototype === Array.prototype || prototype === Object.prototype) pending.push(value);
    }
  }
  return holder[0];
}
