/** Values → canonical bytes → digest: what tells two calls apart, and what tells two results apart. */
import { hash } from 'node:crypto';
import { UncacheableValueError, UnkeyableArgumentError } from '../../base/errors.js';
import { digestCycles } from './cycles.js';
import type { DescribePurpose } from './describe.js';
import { Encoder } from './encoder.js';
import { HOLE, Plan, Refusal, Tag } from './plan.js';
import { placeIn } from './place.js';

/** First byte of the hashed bytes. Another encoding must have another number; see `spec/golden/key-digests.json`. */
const VERSION = 1;

/** What else belongs to a call key, and who can name objects. */
export interface CallKeyOptions {
  /** What belongs to the analyzer beyond its place, its parameters for example; `undefined` for nothing. */
  ownKey?: unknown;
  /** Names an object that has neither `[cacheKey]()` nor a registered class: a tagged analyzer by its identity. */
  identify?: (value: object) => string | undefined;
  /**
   * Takes an instance of any class by its own fields, unless the class has `#private` members or is derived from a built-in
   * one. @defaultValue `false`: only what says of itself what identifies it
   */
  byFields?: boolean;
  /** Do `undefined`s at the end count? The function then sees how many arguments it is given. @defaultValue `false` */
  counted?: boolean;
  /** What an error calls the first argument. @defaultValue `'argument 1'` */
  subject?: string;
}

/**
 * Key of a call by its arguments: 64 hexadecimal digits of a SHA-256, the same on every machine and Node version.
 * `undefined` for a plain call: no arguments (trailing `undefined`s do not count unless `counted`) and no own key.
 *
 * The order of object properties, Map entries and Set members does not count, nor do strides of ndarrays; everything
 * else that JavaScript can tell apart does, save whether an object is shared or copied, bits of NaNs, the stack of an
 * error, and named properties of typed arrays.
 *
 * @throws UnkeyableArgumentError naming the argument and the place inside it
 */
export function callKeyDigest(args: readonly unknown[], options?: CallKeyOptions): string | undefined {
  let count = args.length;
  while (options?.counted !== true && count > 0 && args[count - 1] === undefined) count--;
  const ownKey = options?.ownKey;
  if (count === 0 && ownKey === undefined) return undefined;
  const items: unknown[] = [ownKey === undefined ? HOLE : ownKey];
  for (let i = 0; i < count; i++) items.push(args[i]);
  return digest(
    new Plan(Tag.call, items, 0, true),
    { ordered: false, identify: options?.identify, byFields: options?.byFields },
    options?.subject,
  );
}

/**
 * Digest of a result, to the bit: 64 hexadecimal digits of a SHA-256. Unlike in a call key, order counts, and so do the
 * bits of a NaN in an array and the stack of an error; `[cacheKey]()` is not asked.
 *
 * @throws UncacheableValueError for a value that holds what cannot be stored
 */
export function valueDigest(value: unknown): string {
  return digest(new Plan(Tag.result, [value], 0, true), VALUE_PURPOSE);
}

const VALUE_PURPOSE: DescribePurpose = { ordered: true };

/** Encoders are kept for the next key; a `[cacheKey]()` that makes a key of its own takes another one. */
const idle: Encoder[] = [];

function digest(plan: Plan, purpose: DescribePurpose, subject?: string): string {
  const encoder = idle.pop() ?? new Encoder();
  encoder.reset(purpose);
  try {
    encoder.writer.byte(VERSION);
    encoder.encode(plan);
    // What cannot be keyed was found on the way, cycles or not, with its place.
    if (encoder.cyclic) {
      encoder.reset(purpose);
      digestCycles(encoder, plan);
      encoder.writer.byte(VERSION);
      encoder.encode(plan);
    }
    return hash('sha256', encoder.writer.since(0), 'hex');
  } catch (error) {
    throw error instanceof Refusal ? explained(error, plan, placeIn(encoder.frames) + error.step, subject) : error;
  } finally {
    encoder.reset(VALUE_PURPOSE);
    idle.push(encoder);
  }
}

function explained(refusal: Refusal, plan: Plan, place: string, first?: string): Error {
  if (plan.tag === Tag.result) {
    const advice = refusal.advice ?? 'return plain data, or register its class';
    return new UncacheableValueError(`result${place}`, refusal.what, advice);
  }
  // No place: the fault is that of a whole circular structure.
  const [, argument = '', inside = ''] = /^\[(\d+)\]([^]*)$/.exec(place) ?? [];
  const within = inside === '' ? '' : ` (${inside.replace(/^\./, '')})`;
  const subject =
    argument === '0'
      ? "the analyzer's own key"
      : argument === '1' && first !== undefined
        ? first
        : `argument ${argument}`.trimEnd();
  return new UnkeyableArgumentError(subject + within, refusal.what, refusal.advice);
}
