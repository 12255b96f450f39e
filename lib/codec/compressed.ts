/** What compresses the values that a codec takes. */
import { compressedArrow } from './arrow/compressed.js';
import { npz } from './npz/npz.js';
import type { Compression } from './press/methods.js';
import { pressed } from './press/pressed.js';
import type { Codec } from './shared/codec.js';

/** The formats that compress their own data; other programs open them as they are. */
const OWN: Readonly<Record<string, (compression: Compression) => Codec>> = {
  npy: ({ level }) => npz(level),
  arrow: () => compressedArrow,
};

/** The codec itself where its values live in the record, are compressed already, or are too large. */
export function compressed(codec: Codec, value: unknown, compression: Compression | false): Codec {
  if (compression === false || codec.extension === undefined || codec.plain !== undefined) return codec;
  const own = Object.hasOwn(OWN, codec.name) ? OWN[codec.name] : undefined;
  const better = own?.(compression) ?? pressed(codec, compression);
  return better.accepts(value) ? better : codec;
}
