/** Lengths of time as users write them, and their seconds. */
import { didYouMean } from '../did-you-mean.js';
import { InvalidOptionError } from '../errors.js';
import { SECONDS } from './units.js';

/** A length of time spelled out; the parts add up. */
export interface Duration {
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
}

const { weeks: _w, microseconds: _u, ...parts } = SECONDS;
const names = Object.keys(parts);

/**
 * Seconds in a duration; a plain number is seconds already.
 * @throws InvalidOptionError where a part is unknown, negative or no number
 */
export function toSeconds(duration: number | Duration, option: string): number {
  const given: unknown = typeof duration === 'number' ? { seconds: duration } : duration;
  if (typeof given !== 'object' || given === null || Object.keys(given).length === 0) {
    throw new InvalidOptionError(`${option} must be a number of seconds or { ${names.join(', ')} }`);
  }
  let total = 0;
  for (const [part, amount] of Object.entries(given) as [keyof Duration, unknown][]) {
    const unit = Object.hasOwn(parts, part) ? parts[part][0] : undefined;
    if (unit === undefined) {
      throw new InvalidOptionError(
        `${option}: there is no unit '${part}'${didYouMean(part, names)}; there are ${names.join(', ')}`,
      );
    }
    if (typeof amount !== 'number' || !(amount >= 0)) {
      throw new InvalidOptionError(
        `${option}: ${part} is ${String(amount)}, but must be a number that is not negative`,
      );
    }
    total += amount * unit;
  }
  return total;
}
