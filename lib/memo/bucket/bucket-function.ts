/** A function, method or getter whose results a bucket keeps. */
import type { AnyFunction } from '../../base/language/decorating.js';
import { InvalidOptionError } from '../../base/errors.js';
import { returnsPromise } from '../../base/run/returns-promise.js';
import { settings } from '../../base/settings.js';
import { noteWrapped } from '../../code/code-of.js';
import { noteFile } from '../../code/sight/noted-files.js';
import { codeDigestOf } from '../../key/classes/code-digest.js';
import { receiverKey } from '../../key/functions/receiver.js';
import { refuseHidden, ToldApart } from '../../key/functions/told-apart.js';
import { storedArguments } from '../../store/record/arguments.js';
import type { EntryRecord } from '../../store/record/record.js';
import { withoutNoting } from '../../trace/frame.js';
import { answering, type Reply } from '../../call/computation.js';
import type { Outcome } from '../../call/question.js';
import type { CachedCall, CheckedWrapOptions } from './bucket-options.js';
import { MutatedInputError } from '../shelf/errors.js';
import { codeFacts, codeOfFunction } from '../call/function-code.js';
import { InFlight } from '../call/in-flight.js';
import { classOf, digestOfKey } from '../call/keys.js';
import { formOf, type Entry, type Say, type Shelf } from '../shelf/shelf.js';
import type { Codec } from '../../codec/shared/codec.js';

/** What a function needs of its bucket. */
export interface BucketCore {
  /** The folder. */
  readonly folder: string;
  readonly codec: Codec;
  readonly shelf: Shelf;
  readonly say: Say;
  readonly clock: () => number;
  /** The entry of a digest. */
  entry(of: { key: unknown; digest: string; method: string; className?: string }): Entry;
  refuse(record: EntryRecord): string | undefined;
  expiresAt(): number | undefined;
}

export class BucketFunction {
  private readonly inFlight = new InFlight();
  private readonly isAsync: boolean;
  private readonly name: string;
  private readonly told: ToldApart | undefined;

  constructor(
    private readonly bucket: BucketCore,
    private readonly original: AnyFunction,
    ownName: string,
    private readonly options: CheckedWrapOptions,
  ) {
    const name = options.name ?? ownName;
    this.name = name;
    if (options.name === undefined) refuseHidden(original, name);
    if (name === '' && options.onCodeChange === 'ignore') {
      throw new InvalidOptionError(
        'Bucket.wrap: without its code, a function is known by its name, and this one has none: give it one',
      );
    }
    this.isAsync = returnsPromise(original);
    // The user's word: one name is one function.
    if (options.name === undefined || options.onCodeChange === 'recompute') {
      const code = `${bucket.codec.name} ${codeDigestOf(original)}`;
      this.told = new ToldApart(original, { place: bucket.folder, name, code });
    }
    if (this.told?.file !== undefined) noteFile(this.told.file);
    if (!options.method) this.told?.refuseSecond();
  }

  /** The function that stands in the place of the original. */
  wrapper(): AnyFunction {
    const { original } = this;
    const wrapper = answering((receiver, args) => this.reply(receiver, args), this.isAsync);
    noteWrapped(wrapper, original);
    for (const [name, value] of Object.entries({ name: original.name, length: original.length })) {
      Object.defineProperty(wrapper, name, { value, configurable: true });
    }
    return wrapper;
  }

  private reply(receiver: unknown, args: readonly unknown[]): Reply {
    const { bucket, options, name } = this;
    // A function that is no method gets no instance: its result could depend on state that is in no key.
    const object = options.method ? receiver : undefined;
    if (settings.off) return { value: this.original.apply(object, [...args]) };
    const key = (): unknown => this.keyOf(object, args);
    const made = withoutNoting(key);
    const digest = digestOfKey(made);
    const className = object === undefined ? undefined : classOf(object as object);
    if (className !== undefined) this.told?.refuseSecondOn(object, className);
    const entry = bucket.entry({ key: made, digest, method: name, ...(className !== undefined && { className }) });
    const stored = { preview: storedArguments(args).preview };
    const refresh = Boolean(options.refresh?.apply(object, [...args]));
    const callee = { fn: this.original, self: object, args, isAsync: this.isAsync };
    return this.inFlight.ask(entry, refresh, callee, (frame) => ({
      entry,
      shelf: bucket.shelf,
      frame,
      say: bucket.say,
      clock: bucket.clock,
      refuse: (record) => bucket.refuse(record),
      formOf: (value) => formOf(value, bucket.codec),
      valueOf: (value) => value,
      changeOf: () => {
        this.refuseChange(key, digest);
        return undefined;
      },
      draft: (trace) => ({ ...codeFacts(this.original, object, trace), arguments: stored, ...expiry(bucket) }),
      beside: () => undefined,
      ...(options.onHit !== undefined && {
        onHit: ({ value, facts }: Outcome) => {
          const expiresAt = facts?.expiresAt;
          const call: CachedCall = { args, value, ...(expiresAt !== undefined && { expiresAt }) };
          options.onHit?.call(object as never, call);
        },
      }),
    }));
  }

  private keyOf(object: unknown, args: readonly unknown[]): unknown {
    const { keyed, method, onCodeChange } = this.options;
    if (method && (typeof object !== 'object' || object === null) && typeof object !== 'function') {
      throw new TypeError(`${this.name} is wrapped as a method, and was called without an instance`);
    }
    return {
      function: this.name,
      ...(onCodeChange === 'recompute' && { code: codeOfFunction(this.original, object).digest }),
      ...(method && { instance: receiverKey(object) }),
      arguments: keyed(args),
    };
  }

  /** @throws MutatedInputError where the call changed what its key was made of */
  private refuseChange(key: () => unknown, before: string): void {
    let after: string | undefined;
    try {
      after = withoutNoting(() => digestOfKey(key()));
    } catch {
      // What cannot be a key any more was changed.
    }
    if (after === before) return;
    throw new MutatedInputError(
      `${this.name} changed its arguments${this.options.method ? ' or its instance' : ''}: a call of the same arguments ` +
        'would not do so when its result is found, so nothing is stored. Change a copy, or leave the function without a cache',
    );
  }
}

/** What a record says of the lifetime. */
export function expiry(bucket: Pick<BucketCore, 'expiresAt'>): { expiresAt?: number } {
  const expiresAt = bucket.expiresAt();
  return expiresAt === undefined ? {} : { expiresAt };
}
