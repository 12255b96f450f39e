/** The options of buckets, and of the functions that they wrap. */
import type { Clock } from '../../base/clock.js';
import { checked, ofType, oneOf, text, time, withMethods, type Check } from '../../base/text/check-options.js';
import { renamed, sayRenamed } from '../../base/text/renamed.js';
import { toSeconds, type Duration } from '../../base/text/duration.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import type { Codec } from '../../codec/shared/codec.js';
import { jsonCodecUpTo } from '../../codec/plain/json.js';
import { msgpackCodec } from '../../codec/msgpack/msgpack.js';
import { codecNamed, codecNames } from '../../codec/registry.js';
import { v8Codec } from '../../codec/v8/v8.js';
import { PARAMETER_CHECKS, parameterRules, type ParameterOptions, type ParameterRules } from '../call/parameters.js';

/** What names mean to a bucket. */
const OF_BUCKETS: Readonly<Record<string, Codec>> = {
  v8: v8Codec,
  // As long as a string can be: the value stands in its record, readable.
  json: jsonCodecUpTo(Infinity),
  msgpack: msgpackCodec,
};

/** Options of a {@link Bucket}. @typeParam Key type of its keys */
export interface BucketOptions<Key = unknown> {
  /**
   * The format of the files: `'v8'` takes whatever has a value; `'json'` is readable text, for what JSON brings back
   * exactly; `'msgpack'` is read by other languages. Any other is the name of a codec: `'npy'`, `'arrow'`, or one registered
   * with `registerCodec`. Buckets of different formats in one folder do not see each other's files.
   * @defaultValue `'v8'`
   */
  codec?: 'v8' | 'json' | 'msgpack' | (string & {});
  /** @deprecated it is called `codec` */
  backend?: 'v8' | 'json' | 'msgpack' | (string & {});
  /** What identifies a key, in its place. @defaultValue the key; an instance of a class by its fields */
  key?: (key: Key) => unknown;
  /** @deprecated it is called `key` */
  keyMaker?: (key: Key) => unknown;
  /** Seconds, or a duration object, after which a stored value counts as absent. @defaultValue for ever */
  lifetime?: number | Duration;
  /**
   * Tells when entries expire, in seconds since the epoch. A function in its place, as it was once, is deprecated: it is the
   * `now` of a clock. @defaultValue the clock of this computer
   */
  clock?: Clock | (() => number);
}

/** Bucket options after checking. */
export interface CheckedBucketOptions {
  codec: Codec;
  key: (key: unknown) => unknown;
  lifetime: number | undefined;
  clock: Clock | undefined;
}

const RENAMES = { backend: 'codec', keyMaker: 'key' };

const clockCheck = withMethods('a clock, an object with now', 'now');

const BUCKET_CHECKS: Record<Exclude<keyof BucketOptions, keyof typeof RENAMES>, Check> = {
  codec: (value, option) => {
    const codec =
      typeof value !== 'string' ? undefined : Object.hasOwn(OF_BUCKETS, value) ? OF_BUCKETS[value] : codecNamed(value);
    if (codec !== undefined) return codec;
    const hint = typeof value === 'string' ? didYouMean(value, [...Object.keys(OF_BUCKETS), ...codecNames()]) : '';
    throw new InvalidOptionError(
      `${option} must be ${Object.keys(OF_BUCKETS).join(', ')} or the name of a codec, not ${String(value)}${hint}`,
    );
  },
  key: ofType('function'),
  lifetime: time,
  clock: (value, option) => {
    if (typeof value !== 'function' || 'now' in value) return clockCheck(value, option);
    sayRenamed('Bucket', 'clock: () => seconds', 'clock: { now: () => seconds }');
    return { now: value };
  },
};

/** The options as they are called now. @throws InvalidOptionError where one is given under both names */
export function renamedBucketOptions<Key>(options: BucketOptions<Key>): BucketOptions<Key> {
  return renamed(options, RENAMES, 'Bucket');
}

/** @throws InvalidOptionError where an option is unknown or not what it must be */
export function checkBucketOptions(options: unknown): CheckedBucketOptions {
  const given = checked(options, BUCKET_CHECKS, 'Bucket', RENAMES);
  return { codec: v8Codec, key: (key: unknown) => key, ...given } as CheckedBucketOptions;
}

/** A lifetime in seconds; `undefined` for ever. @throws InvalidOptionError where it is neither a number nor a duration */
export function checkLifetime(lifetime: number | Duration | undefined): number | undefined {
  return lifetime === undefined ? undefined : toSeconds(lifetime, 'Bucket: lifetime');
}

/** What {@link WrapOptions.onHit} is told. */
export interface CachedCall<Args extends readonly unknown[] = readonly unknown[], Value = unknown> {
  args: Args;
  value: Value;
  /** Seconds since the epoch; absent where the result does not expire. */
  expiresAt?: number;
}

/** Options of a function that a bucket wraps. @typeParam Args its arguments @typeParam Value what it returns or resolves to */
export interface WrapOptions<Args extends readonly unknown[] = never, Value = never> extends ParameterOptions<Args> {
  /**
   * Names the function. A function that is bound, built in, a Proxy, or an arrow function with the `this` around it
   * must have a name here, since its source does not tell it from others; so must all but the first of one name and
   * source.
   * @defaultValue the function's own name; for members, with that of the class
   */
  name?: string;
  /**
   * The function is called on instances, whose state is part of the key: their `[cacheKey]()`, their registered key, or all
   * their fields. @defaultValue `false`; decorated methods and getters always are
   */
  method?: boolean;
  /** Called when a stored result is used, with the instance as `this`. */
  onHit?: (call: CachedCall<Args, Value>) => void;
  /** `'ignore'`: what other code of the same name has stored is used. @defaultValue `'recompute'`: the code is part of the key */
  onCodeChange?: 'recompute' | 'ignore';
}

/** Wrap options after checking. */
export interface CheckedWrapOptions extends ParameterRules {
  name: string | undefined;
  method: boolean;
  onHit: ((call: CachedCall) => void) | undefined;
  onCodeChange: 'recompute' | 'ignore';
}

const WRAP_CHECKS: Record<keyof WrapOptions, Check> = {
  name: text,
  method: ofType('boolean'),
  ...PARAMETER_CHECKS,
  onHit: ofType('function'),
  onCodeChange: oneOf('recompute', 'ignore'),
};

/** @throws InvalidOptionError where an option is unknown or not what it must be, or names no parameter of the function */
export function checkWrapOptions(options: unknown, fn: object): CheckedWrapOptions {
  const where = 'Bucket.wrap';
  const given = checked(options, WRAP_CHECKS, where) as WrapOptions<unknown[], unknown>;
  const { name, method = false, onCodeChange = 'recompute', onHit } = given;
  return {
    name,
    method,
    ...parameterRules(fn, given, { where, byCode: onCodeChange === 'recompute' }),
    onHit: onHit as CheckedWrapOptions['onHit'],
    onCodeChange,
  };
}
