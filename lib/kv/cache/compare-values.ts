/** Values that come from disk are never identical: these say whether they are the same, and which comes first. */
import { isUint8Array } from 'node:util/types';
import { isDeepStrictEqual } from 'node:util';
import { InvalidOptionError } from '../../base/errors.js';

/** Are they the same by content? A number and a bigint are, where they are the same integer. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (isNumeric(one) && isNumeric(other) && typeof one !== typeof other) return one <= other && one >= other;
  return isDeepStrictEqual(one, other);
}

/** Do both hold the same values in the same order? */
export function sameSequence(one: Iterable<unknown>, other: Iterable<unknown>): boolean {
  for (const [left, right] of pairs(one, other)) {
    if (left.done === true || right.done === true) return left.done === right.done;
    if (!sameValue(left.value, right.value)) return false;
  }
  return true;
}

/**
 * Lexicographic order of two sequences, that of the first values that differ; a sequence comes before what it begins.
 * @returns negative where `one` comes first, positive where `other` does, 0 where they are the same
 * @throws InvalidOptionError where the values that decide have no order
 */
export function compareSequences(one: Iterable<unknown>, other: Iterable<unknown>): number {
  for (const [left, right] of pairs(one, other)) {
    if (left.done === true || right.done === true) return Number(right.done ?? false) - Number(left.done ?? false);
    if (!sameValue(left.value, right.value)) return compareValues(left.value, right.value);
  }
  return 0;
}

function compareValues(one: unknown, other: unknown): number {
  if ((isNumeric(one) && isNumeric(other)) || (typeof one === 'string' && typeof other === 'string')) {
    if (one < other) return -1;
    if (one > other) return 1;
  }
  if (isUint8Array(one) && isUint8Array(other)) return Buffer.compare(one, other);
  if (Array.isArray(one) && Array.isArray(other)) return compareSequences(one, other);
  throw new InvalidOptionError(
    `${nameOf(one)} and ${nameOf(other)} have no order: numbers, strings, bytes and arrays of them can be compared with their like`,
  );
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** What both give, until both have ended. */
function* pairs(
  one: Iterable<unknown>,
  other: Iterable<unknown>,
): Generator<[IteratorResult<unknown>, IteratorResult<unknown>], void, undefined> {
  const left = one[Symbol.iterator]();
  const right = other[Symbol.iterator]();
  try {
    for (;;) {
      const pair: [IteratorResult<unknown>, IteratorResult<unknown>] = [left.next(), right.next()];
      if (pair[0].done === true && pair[1].done === true) return;
      yield pair;
    }
  } finally {
    left.return?.();
    right.return?.();
  }
}
