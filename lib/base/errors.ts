/**
 * Every error of Stowage: one base class, a stable `code`, and a message that says what happened, where, and what to
 * do. Codes do not change between major versions; messages may.
 */

/** Base of all errors that Stowage throws or puts on an event. */
export class StowageError extends Error {
  /** Stable, machine-readable name of the condition: `'STOWAGE_…'`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A path was asked of a method whose analyzer has no tag yet. */
export class TagNotSetError extends StowageError {
  constructor(message: string) {
    super('STOWAGE_TAG_NOT_SET', message);
  }
}

/** A tag, prefix or tmpdir cannot name a folder, or would leave its parent. */
export class InvalidTagError extends StowageError {
  constructor(message: string) {
    super('STOWAGE_INVALID_TAG', message);
  }
}

/** A cacher was asked for a method that is not decorated with `@cacheOnDisk`. */
export class NotCachedError extends StowageError {
  constructor(message: string) {
    super('STOWAGE_NOT_CACHED', message);
  }
}

/** A decorator stands where it cannot work: on a field, a setter, an auto-accessor, a class. */
export class DecoratorError extends StowageError {
  constructor(message: string) {
    super('STOWAGE_BAD_DECORATOR', message);
  }
}

/** An option, a setting or an argument of the API is not what it must be. */
export class InvalidOptionError extends StowageError {
  constructor(message: string, options?: ErrorOptions) {
    super('STOWAGE_INVALID_OPTION', message, options);
  }
}

/** A result holds something that no codec can bring back exactly. */
export class UncacheableValueError extends StowageError {
  /** Where inside the value it sits, `result.fit.callback` for example. */
  readonly path: string;

  constructor(path: string, what: string, advice: string, options?: ErrorOptions) {
    super('STOWAGE_UNCACHEABLE_VALUE', `${path} is ${what}, which cannot be stored exactly: ${advice}`, options);
    this.path = path;
  }
}

const ADVICE_FOR_CLASSES =
  'give its class a [cacheKey]() method, name it with registerClass(Class, { key }), or say what identifies the call with ' +
  'the option key: (...args) => …';

/** An argument hides its state, so that two different calls could get one key. */
export class UnkeyableArgumentError extends StowageError {
  /** The argument, and where inside it: `argument 2 (options.onDone)`. */
  readonly path: string;

  constructor(path: string, what: string, advice = ADVICE_FOR_CLASSES) {
    super(
      'STOWAGE_UNKEYABLE_ARGUMENT',
      `${path} is ${what}, whose state cannot be read, so it cannot tell calls apart: ${advice}`,
    );
    this.path = path;
  }
}

/** A computation waits, directly or through others, for its own result. */
export class CycleError extends StowageError {
  constructor(message: string) {
    super('STOWAGE_CYCLE', message);
  }
}

/** A package is needed that does not come with Stowage, because few need it. */
export class MissingPackageError extends StowageError {
  /** What to install. */
  readonly package: string;

  constructor(name: string, purpose: string, options?: ErrorOptions) {
    super(
      'STOWAGE_MISSING_PACKAGE',
      `${purpose} needs the package ${name}, which is not installed: npm install ${name}`,
      options,
    );
    this.package = name;
  }
}

/** Something that lies beside Stowage's files is needed, and a bundler has taken them elsewhere without it. */
export class BundledError extends StowageError {
  constructor(name: string, bundle: string, options?: ErrorOptions) {
    super(
      'STOWAGE_BUNDLED',
      `${name} is not found from ${bundle}, into which Stowage was bundled without it: leave stowage out of the bundle ` +
        '(esbuild and rolldown: external: ["stowage"]; webpack and rspack: externals; Vite: ssr.external; ' +
        'Next: serverExternalPackages), or install there what is missing',
      options,
    );
  }
}

/** A file is not what its format says: truncated, damaged, or of a kind that is refused. */
export class FormatError extends StowageError {
  constructor(message: string, options?: ErrorOptions) {
    super('STOWAGE_FORMAT', message, options);
  }
}

/** A tag folder in a shared place is a link or belongs to another user: it is neither read nor written. */
export class UnsafeFolderError extends StowageError {
  constructor(message: string) {
    super('STOWAGE_UNSAFE_FOLDER', message);
  }
}

/** Something was asked for that writes, while nothing may be written. */
export class ReadonlyError extends StowageError {
  constructor(caller: string) {
    super(
      'STOWAGE_READONLY',
      `${caller} would change what is stored, and nothing may be written (STOWAGE=readonly or configure({ readonly })): ` +
        'nothing was changed on disk (forget clears memory alone)',
    );
  }
}

/** A `validate` of the user's threw, or said neither `true` nor `false`. */
export class ValidateError extends StowageError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('STOWAGE_VALIDATE', message, options);
  }
}

/** What a reference is of is not stored, or no longer. */
export class NotStoredError extends StowageError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('STOWAGE_NOT_STORED', message, options);
  }
}

/** A remote store did not do what it was asked: out of reach, slow, refused, or full. */
export class RemoteError extends StowageError {
  /** What it said, in a word: the status of an answer, `'403'`, or the system's code, `'ECONNREFUSED'`, `'ETIMEDOUT'`. */
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super('STOWAGE_REMOTE', message, options);
    this.reason = reason;
  }
}

/** A scheduler has refused what was asked of it, in its words, or cannot be reached. */
export class SchedulerError extends StowageError {
  constructor(message: string, options?: ErrorOptions) {
    super('STOWAGE_SCHEDULER', message, options);
  }
}
