/** Units of time and of bytes, as they are written, read and shown. */

/** How much one is, and its names; the first of them is shown. */
export type Unit = readonly [amount: number, ...names: string[]];

/** From the longest to the shortest. */
export const SECONDS = {
  weeks: [604_800, 'w', 'week', 'weeks'],
  days: [86_400, 'd', 'day', 'days'],
  hours: [3600, 'h', 'hour', 'hours'],
  minutes: [60, 'min', 'minute', 'minutes'],
  seconds: [1, 's', 'sec', 'second', 'seconds'],
  milliseconds: [1e-3, 'ms'],
  microseconds: [1e-6, 'µs'],
} as const satisfies Record<string, Unit>;

/** In powers of 1000, from the largest to the smallest. */
export const BYTES: readonly Unit[] = [
  [1e12, 'TB', 'T'],
  [1e9, 'GB', 'G'],
  [1e6, 'MB', 'M'],
  [1e3, 'kB', 'k'],
  [1, 'B', 'byte', 'bytes'],
];
