/** Quantities as a reader takes them in at a glance: three digits and a unit. */
import { BYTES, SECONDS, type Unit } from './units.js';

const { weeks: _, ...shownTimes } = SECONDS;

/** `1.23 MB`, in powers of 1000. */
export function humanBytes(count: number): string {
  return inUnits(count, BYTES);
}

/** `12.3 s`, `4.5 min`, `250 µs`. */
export function humanSeconds(count: number): string {
  return inUnits(count, Object.values(shownTimes));
}

function inUnits(amount: number, scale: readonly Unit[]): string {
  // What rounds up to 1000 kB is 1 MB.
  const fit = scale.find(([from]) => Number((amount / from).toPrecision(3)) >= 1) ?? scale.at(-1);
  const [from, unit] = fit ?? [1, ''];
  return `${Number((amount / from).toPrecision(3))} ${unit}`;
}
