/** The options of `persist`. */
import { checked, oneOf, ofType, text, that, time, type Check } from '../../base/text/check-options.js';
import type { Duration } from '../../base/text/duration.js';
import { InvalidOptionError } from '../../base/errors.js';
import { isUrl, userPath } from '../../base/files/user-path.js';
import type { Validate } from '../../call/validate-result.js';
import { codecCheck } from '../../codec/codec-option.js';
import { compressCheck, type CompressOption } from '../../codec/press/compress-option.js';
import type { Compression } from '../../codec/press/methods.js';
import { PARAMETER_CHECKS, type ParameterOptions } from '../call/parameters.js';
import { isByteStore, refuseStore, type ByteStore } from '../shelf/byte-store.js';

/** How much is said on stderr; see {@link PersistOptions.verbosity}. */
export type Verbosity = 0 | 1 | 2 | 3 | 4;

/**
 * Options of {@link persist}.
 * @typeParam Args arguments of the function
 * @typeParam Key what `key` makes of them
 * @typeParam Value what the function returns, or its promise resolves to
 */
export interface PersistOptions<
  Args extends readonly unknown[] = never,
  Key = Args,
  Value = never,
> extends ParameterOptions<Args> {
  /**
   * Where the results are kept: `'file://'` and a folder, or the folder alone, relative to the working directory as it is
   * when `persist` is called; `'memory://'`, for as long as the process lives, with a name behind it if need be; or a store
   * of your own. In a folder, each function has a folder of its own.
   * @defaultValue `'file://persist'`
   */
  cache?: string | URL | ByteStore;
  /**
   * Names the function, and its folder. A function that is bound, built in, a Proxy, or an arrow function with the
   * `this` around it must have a name here, since its source does not tell it from others; so must all but the first of
   * one name and source.
   * @defaultValue the function's own name
   */
  name?: string;
  /** Seconds, or a duration object, after which a stored result is computed again; a shorter one holds for what was stored before, too. @defaultValue for ever */
  lifetime?: number | Duration;
  /** Name of the codec to use, whatever the value. @defaultValue the first that takes the value */
  codec?: string;
  /** Stores results compressed; those that are stored already stay as they are. @defaultValue `false` */
  compress?: CompressOption;
  /** Asked at every call for which there is a result, whether it still holds. `false`: it is computed again. */
  validate?: Validate;
  /** @deprecated it is called `name` */
  funcName?: string;
  /**
   * What identifies a call; called with the instance as `this`. Two calls of one key have one result.
   * @defaultValue the arguments, without trailing `undefined`s that the function does not see; for methods, the instance and then the arguments
   */
  key?: (...args: Args) => Key;
  /** Keeps the key with the result, so that the cache can list its keys. @defaultValue `false`: its digest alone is kept */
  storeKey?: boolean;
  /**
   * Gives the text or bytes that are written in place of the value, as they are, to a file that ends in `.out`.
   * @defaultValue the codecs of Stowage
   */
  serialize?: (value: Value) => string | Uint8Array;
  /** The inverse of `serialize`; it gets what that returned. */
  deserialize?: (stored: never) => Value;
  /**
   * What the files of a result are named after. It is escaped where a file cannot have such a name, and shortened, with a
   * digest, where it is longer than 180 bytes. @defaultValue the digest of the key, 64 hexadecimal digits
   */
  hash?: (key: Key) => string;
  /** The inverse of `hash`, by which the cache can list its keys. */
  unhash?: (hash: string) => Key;
  /** A text about a result that is being stored, which goes into a file that ends in `.meta`. */
  metadata?: () => string;
  /**
   * The messages on stderr, beside the warnings that the process gives once. 0: none. 1: damage. 2: also writes,
   * clearings and failed writes. 3: also look-ups. 4: all that, with keys and files.
   * @defaultValue 1
   */
  verbosity?: Verbosity;
  /**
   * Whether functions of one name with different code (comments and white space aside) are different functions, each with
   * results of its own; nothing is deleted when the code changes, and the results are there again when it changes back.
   * `'ignore'`: they are one function, whatever the code.
   * @defaultValue `'recompute'`
   */
  onCodeChange?: 'recompute' | 'ignore';
}

/** Options after checking. */
export interface CheckedPersistOptions {
  cache: string | ByteStore;
  name: string | undefined;
  key: ((...args: unknown[]) => unknown) | undefined;
  storeKey: boolean;
  serialize: ((value: unknown) => unknown) | undefined;
  deserialize: ((stored: unknown) => unknown) | undefined;
  hash: ((key: unknown) => unknown) | undefined;
  unhash: ((hash: string) => unknown) | undefined;
  metadata: (() => unknown) | undefined;
  verbosity: Verbosity;
  onCodeChange: 'recompute' | 'ignore';
  lifetime: number | undefined;
  codec: string | undefined;
  compress: Compression | false;
  validate: Validate | undefined;
  refresh: ParameterOptions<unknown[]>['refresh'] | undefined;
  ignore: readonly (string | number)[] | undefined;
}

const cacheCheck: Check = (value, option) => {
  if (isUrl(value)) return userPath(value) ?? refuseStore(option, value);
  if (isByteStore(value)) return value;
  if (typeof value !== 'string') return refuseStore(option, value);
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(value) ?? [];
  if (scheme === 'memory') return value;
  // As pypersist writes it, `file://persist` is a relative path, which no URL can be.
  const folder = scheme === 'file' && !rest.startsWith('/') ? rest : value;
  return userPath(folder) ?? refuseStore(option, value);
};

const RENAMES = { funcName: 'name' };

const CHECKS: Record<Exclude<keyof PersistOptions, keyof typeof RENAMES>, Check> = {
  ...PARAMETER_CHECKS,
  lifetime: time,
  codec: codecCheck,
  compress: compressCheck,
  validate: ofType('function'),
  cache: cacheCheck,
  name: text,
  key: ofType('function'),
  storeKey: ofType('boolean'),
  serialize: ofType('function'),
  deserialize: ofType('function'),
  hash: ofType('function'),
  unhash: ofType('function'),
  metadata: ofType('function'),
  verbosity: that('0, 1, 2, 3 or 4', (value) => [0, 1, 2, 3, 4].includes(value as number)),
  onCodeChange: oneOf('recompute', 'ignore'),
};

const defaults = { cache: 'persist', storeKey: false, verbosity: 1, onCodeChange: 'recompute', compress: false };

/** @throws InvalidOptionError where an option is unknown or not what it must be, or lacks its counterpart */
export function checkPersistOptions(options: unknown, where = 'persist'): CheckedPersistOptions {
  const given = { ...defaults, ...checked(options, CHECKS, where, RENAMES) } as unknown as CheckedPersistOptions;
  if ((given.serialize === undefined) !== (given.deserialize === undefined)) {
    throw new InvalidOptionError("persist: serialize and deserialize are each other's inverse: give both, or neither");
  }
  if (given.unhash !== undefined && given.hash === undefined) {
    throw new InvalidOptionError('persist: unhash is the inverse of hash: give both, or storeKey: true');
  }
  if (given.codec !== undefined && given.serialize !== undefined) {
    throw new InvalidOptionError(
      'persist: serialize writes the files, so there is no codec to choose: give one of them',
    );
  }
  if (given.ignore !== undefined && given.key !== undefined) {
    throw new InvalidOptionError(
      'persist: key says what identifies a call, so there is nothing to ignore: give one of them',
    );
  }
  return given;
}
