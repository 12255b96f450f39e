/** Amounts as they are written on a command line: each with its unit, since a bare number means something else to each reader. */
import { didYouMean } from '../../base/did-you-mean.js';
import { BYTES, SECONDS, type Unit } from '../../base/text/units.js';
import { UsageError } from './errors.js';

const { milliseconds: _m, microseconds: _u, ...times } = SECONDS;
const secondsIn: readonly Unit[] = Object.values(times).reverse();

const BYTES_IN: readonly Unit[] = [
  ...BYTES.toReversed(),
  [2 ** 10, 'KiB'],
  [2 ** 20, 'MiB'],
  [2 ** 30, 'GiB'],
  [2 ** 40, 'TiB'],
];

/** Seconds in `90d`, `36h`, `30min`, `45s`, `2w` or a sum of such, `1d12h`. @throws UsageError where a number has no unit */
export function parseAge(text: string): number {
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)\s*/giy)];
  if (text === '' || parts.map(([part]) => part).join('') !== text) {
    throw new UsageError(`'${text}' is no length of time: write 30d, 12h, 90min, 45s or 2w`);
  }
  return parts.reduce(
    (total, [, amount = '', unit = '']) => total + Number(amount) * amountOf(unit, secondsIn, text),
    0,
  );
}

/** Bytes in `10GB`, `500MB`, `1.5GiB`. @throws UsageError where the number has no unit */
export function parseSize(text: string): number {
  // Of nothing, no unit is in doubt.
  if (text === '0') return 0;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  if (amount === undefined) throw new UsageError(`'${text}' is no size: write 10GB, 500MB, 1.5GiB or 300B`);
  return Math.floor(Number(amount) * amountOf(unit, BYTES_IN, text));
}

/** A whole number from 1. */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`'${text}' is no whole number from 1`);
}

/** A whole number from 0. */
export function parseNumber(text: string): number {
  return text === '0' ? 0 : parseCount(text);
}

/** A port of TCP; 0 is any that is free. */
export function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65536) return Number(text);
  throw new UsageError(`'${text}' is no port: write a number up to 65535`);
}

/**
 * `3/8`, the third of eight parts; `array/8`, the one that the scheduler says; `array`, where it says how many there are, too.
 */
export function parsePart(text: string): { index?: number; count?: number } {
  if (text === 'array') return {};
  const [, which, many] = /^(\d{1,9}|array)\/([1-9]\d{0,8})$/.exec(text) ?? [];
  const count = Number(many);
  if (which === 'array') return { count };
  const index = Number(which);
  if (index >= 1 && index <= count) return { index, count };
  throw new UsageError(`'${text}' is no part: write 3/8 for the third of eight, or, in an array job, array/8 or array`);
}

function amountOf(unit: string, units: readonly Unit[], text: string): number {
  const found = units.find(([, ...names]) => names.some((name) => name.toLowerCase() === unit.toLowerCase()));
  if (found !== undefined) return found[0];
  const what = unit === '' ? `'${text}' says no unit` : `'${text}' has the unknown unit '${unit}'`;
  const known = units.flatMap(([, ...names]) => names);
  const hint = unit === '' ? '' : didYouMean(unit, known);
  throw new UsageError(`${what}${hint}: write the number with one of ${units.map(([, name]) => name).join(', ')}`);
}
