/** Amounts as they are written on a command line. */
import { toSeconds, type Duration } from '../base/duration.js';
import { UsageError } from './errors.js';

const partOf: Readonly<Record<string, keyof Duration>> = {
  d: 'days',
  day: 'days',
  days: 'days',
  h: 'hours',
  hour: 'hours',
  hours: 'hours',
  min: 'minutes',
  minute: 'minutes',
  minutes: 'minutes',
  s: 'seconds',
  second: 'seconds',
  seconds: 'seconds',
};

/** Seconds in `90d`, `36h`, `30min`, `45s`, `2w` or a sum of such, `1d12h`; a plain number is seconds. */
export function parseAge(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)\s*/giy)];
  if (text === '' || parts.map(([part]) => part).join('') !== text) throw badAge(text);
  return parts.reduce((total, [, amount = '', unit = '']) => total + secondsIn(Number(amount), unit.toLowerCase(), text), 0);
}

function secondsIn(amount: number, unit: string, text: string): number {
  if (/^(?:w|weeks?)$/.test(unit)) return toSeconds({ days: amount * 7 }, 'age');
  const part = unit === '' ? 'seconds' : partOf[unit];
  if (part === undefined) throw badAge(text);
  return toSeconds({ [part]: amount }, 'age');
}

function badAge(text: string): UsageError {
  return new UsageError(`'${text}' is no length of time: write 30d, 12h, 90min, 45s or 2w`);
}

const factors: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes in `10GB`, `500MB`, `1.5GiB`; a plain number is bytes. */
export function parseSize(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = factors[unit.toLowerCase()];
  if (amount === undefined || factor === undefined) {
    throw new UsageError(`'${text}' is no size: write 10GB, 500MB, 1.5GiB or a number of bytes`);
  }
  return Math.floor(Number(amount) * factor);
}

/** A whole number from 1. */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`'${text}' is no whole number from 1`);
}
