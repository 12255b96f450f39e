/** JavaScript's numbers and bigints ↔ SQLite's 64-bit integers and floating-point numbers. */

const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 63n - 1n;

/** Does it fit into a column as an integer? */
export function fitsColumn(integer: bigint): boolean {
  return integer >= LOWEST && integer <= HIGHEST;
}

/** A number as a column that keeps it to the bit: an integer where it is exactly one, -0 excepted. NaN has no column. */
export function toColumn(number: number): number | bigint {
  return Number.isSafeInteger(number) && !Object.is(number, -0) ? BigInt(number) : number;
}

/** An integer of SQLite's or Python's as JavaScript has it: a number where a number holds it exactly. */
export function toNumber(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/** An expire time or a size as a number: another program may have put an integer or a float there. */
export function asNumber(column: bigint | number): number;
export function asNumber(column: bigint | number | null): number | undefined;
export function asNumber(column: bigint | number | null): number | undefined {
  return column === null ? undefined : Number(column);
}
