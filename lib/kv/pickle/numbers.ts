/** Numbers as pickles spell them. */
import { textBytes } from '../../base/text/text-bytes.js';

/**
 * A float as Python's `repr` writes it: the shortest digits that mean it, with an exponent below 1e-4 and from 1e16 on.
 */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '', power = ''] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const FLOAT_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const FLOAT_WORDS: Readonly<Record<string, number>> = { 'nan': NaN, '-nan': NaN, 'inf': Infinity, '-inf': -Infinity };

/** The float of such a text; `undefined` where it is none. */
export function parseFloatRepr(text: string): number | undefined {
  return FLOAT_TEXT.test(text) ? Number(text) : FLOAT_WORDS[text];
}

/** Decimals are read in quadratic time, and Python itself reads and writes 4300 digits, unless told otherwise. */
const MAX_DIGITS = 1_000_000;

/** The integer of such a text; `undefined` where it is none. */
export function parseInteger(text: string): bigint | undefined {
  return text.length <= MAX_DIGITS && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

/** Two's complement, little-endian, in as few bytes as can hold the sign; no byte at all for 0. */
export function encodeLong(value: bigint): Buffer {
  if (value === 0n) return Buffer.alloc(0);
  // Of -128 and 127 alike, seven bits count beside the sign.
  const magnitude = (value < 0n ? ~value : value).toString(16);
  const bits = (magnitude.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(magnitude.charAt(0), 16)));
  const length = Math.floor(bits / 8) + 1;
  const text = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, '0');
  return textBytes(text, 'hex').reverse();
}

/** The integer of such bytes. */
export function decodeLong(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const text = Buffer.from(bytes).reverse().toString('hex');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${text}`));
}
