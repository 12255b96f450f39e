import { didYouMean } from '../did-you-mean.js';
import { InvalidOptionError } from '../errors.js';

/** A length of time spelled out; the parts add up. */
export interface Duration {
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
}

const secondsIn: Record<keyof Duration, number> = {
  days: 86_400,
  hours: 3600,
  minutes: 60,
  seconds: 1,
  milliseconds: 0.001,
};

/**
 * Seconds in a duration; a plain number is seconds already.
 * @throws InvalidOptionError where a part is unknown, negative or no number
 */
export function toSeconds(duration: number | Duration, option: string): number {
  const parts: unknown = typeof duration === 'number' ? { seconds: duration } : duration;
  if (typeof parts !== 'object' || parts === null || Object.keys(parts).length === 0) {
    throw new InvalidOptionError(`${option} must be a number of seconds or { ${Object.keys(secondsIn).join(', ')} }`);
  }
  let total = 0;
  for (const [part, amount] of Object.entries(parts) as [keyof Duration, unknown][]) {
    const unit = Object.hasOwn(secondsIn, part) ? secondsIn[part] : undefined;
    if (unit === undefined) {
      const units = Object.keys(secondsIn);
      throw new InvalidOptionError(
        `${option}: there is no unit '${part}'${didYouMean(part, units)}; there are ${units.join(', ')}`,
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
