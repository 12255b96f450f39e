/** How a value is taken apart for its canonical encoding. */
import type { ByteWriter } from './byte-writer.js';

/**
 * First byte of every encoded value. The numbers are part of every key and digest that was ever stored: none may change
 * its meaning without a new version byte in `canonical.ts`.
 */
export const Tag = {
  hole: 0,
  undefined: 1,
  null: 2,
  false: 3,
  true: 4,
  number: 5,
  nan: 6,
  bigint: 7,
  string: 8,
  /** A string with half of a surrogate pair, which UTF-8 cannot express. */
  string16: 9,
  /** SHA-256 of an encoding too long to stand there itself. */
  digest: 10,
  cycle: 11,
  bytes: 12,
  /** Two Xxh3 sums of bytes too many to stand there themselves. */
  manyBytes: 13,
  call: 16,
  result: 17,
  object: 20,
  nullObject: 21,
  array: 22,
  map: 23,
  set: 24,
  date: 25,
  regexp: 26,
  url: 27,
  searchParams: 28,
  boxed: 29,
  error: 30,
  typedArray: 31,
  dataView: 32,
  arrayBuffer: 33,
  sharedArrayBuffer: 34,
  ndarray: 35,
  arrow: 36,
  arrowColumn: 37,
  /** An array with too many holes to write one by one. */
  sparseArray: 38,
  /** A built-in that carries properties of its own beside its own content. */
  withProperties: 40,
  keyedInstance: 41,
  registeredInstance: 42,
  registeredFields: 43,
  identified: 44,
  /** An instance of any class by its fields, where that was asked for. */
  instanceFields: 45,
  temporal: 46,
  /** A formatter and the like, by the options that it resolved. */
  intl: 47,
  /** A value of a library that is known here. */
  library: 48,
} as const;

/** A part that writes its own bytes, an array's elements for example. */
export abstract class Opaque {
  // Asked for by `#brand in value`, which unlike `instanceof` runs no trap of a proxy.
  readonly #brand = true;

  static is(value: object): value is Opaque {
    return #brand in value;
  }

  abstract writeTo(writer: ByteWriter): void;
}

/** An element that an array does not have. */
export const HOLE = Symbol('hole');

/** Items of a plan stand in their order, or in groups that are sorted by their bytes: Set members, Map entries. */
export type GroupSize = 0 | 1 | 2;

/**
 * What a value is made of: a tag and items, which are values, {@link Plan}s, {@link Opaque}s or {@link HOLE}s.
 */
export class Plan {
  readonly #brand = true;

  constructor(
    readonly tag: number,
    readonly items: readonly unknown[],
    readonly groupSize: GroupSize = 0,
    /** Are all items values, none a plan or a part of its own? Then none need be asked. */
    readonly ofValues = false,
  ) {}

  static is(value: object): value is Plan {
    return #brand in value;
  }
}

/** Thrown where a value hides its state; the encoder knows the place and turns it into an error for the user. */
export class Refusal extends Error {
  /**
   * @param what `'a function'`, `'an instance of Mirror'`
   * @param step from the object being taken apart to the value, `.onDone`
   */
  constructor(
    readonly what: string,
    readonly step = '',
    /** What to do, where it is not what can be done about classes of the user's own. */
    readonly advice?: string,
  ) {
    super(what);
  }
}
