/** The two halves of the data that are analysed side by side: a tag each. */

/** From (included) … to (excluded). */
export interface Range {
  from: number;
  to: number;
}

/** What part of each measurement an analysis looks at. */
export interface Window {
  /** The tag. */
  name: string;
  /** Carbon dioxide: decimal years. */
  years: Range;
  /** Flights: local time of departure, hours. */
  hours: Range;
  /** Earthquakes: milliseconds since 1970, UTC. */
  instants: Range;
}

/** Is it steeper, later, stronger in the second half? Each quantity is split at the middle of its own time. */
export const windows: readonly Window[] = [
  {
    name: 'EARLY',
    years: { from: 1958, to: 1990 },
    hours: { from: 0, to: 12 },
    instants: { from: Date.UTC(2018, 0, 31), to: Date.UTC(2018, 1, 3, 12) },
  },
  {
    name: 'LATE',
    years: { from: 1990, to: 2021 },
    hours: { from: 12, to: 24 },
    instants: { from: Date.UTC(2018, 1, 3, 12), to: Date.UTC(2018, 1, 8) },
  },
];

export function isWithin({ from, to }: Range, value: number): boolean {
  return value >= from && value < to;
}
