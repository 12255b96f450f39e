/** Quantities as a reader takes them in at a glance: three digits and a unit. */

type Scale = readonly (readonly [from: number, unit: string])[];

const bytes: Scale = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
  [1, 'B'],
];

const seconds: Scale = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
];

/** `1.23 MB`, in powers of 1000. */
export function humanBytes(count: number): string {
  return inUnits(count, bytes);
}

/** `12.3 s`, `4.5 min`, `250 µs`. */
export function humanSeconds(count: number): string {
  return inUnits(count, seconds);
}

function inUnits(amount: number, scale: Scale): string {
  // What rounds up to 1000 kB is 1 MB.
  const fit = scale.find(([from]) => Number((amount / from).toPrecision(3)) >= 1) ?? scale.at(-1);
  const [from, unit] = fit ?? [1, ''];
  return `${Number((amount / from).toPrecision(3))} ${unit}`;
}
