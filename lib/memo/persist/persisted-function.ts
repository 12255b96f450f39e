/** One persisted function: its keys, its place, and the way from a call to a question. */
import { resolve, join } from 'node:path';
import { functionName } from '../../base/language/brand.js';
import type { AnyFunction } from '../../base/language/decorating.js';
import { now } from '../../base/clock.js';
import { InvalidOptionError } from '../../base/errors.js';
import { runNow } from '../../base/run/flow.js';
import { returnsPromise } from '../../base/run/returns-promise.js';
import { compareNames } from '../../base/text/order.js';
import { refuseIfReadonly, settings } from '../../base/settings.js';
import { noteFile } from '../../code/sight/noted-files.js';
import { codeDigestOf } from '../../key/classes/code-digest.js';
import { receiverKey } from '../../key/functions/receiver.js';
import { refuseHidden, ToldApart } from '../../key/functions/told-apart.js';
import { fileName } from '../../key/names/path-name.js';
import type { Identity } from '../../store/record/identity.js';
import type { EntryRecord } from '../../store/record/record.js';
import { Frame, withoutNoting } from '../../trace/frame.js';
import { answering, type Reply } from '../../call/computation.js';
import type { Reference } from '../../call/reference.js';
import { storeBy } from '../../call/store.js';
import { codeFacts, codeOfFunction } from '../call/function-code.js';
import { expiryOf } from '../call/lifetime.js';
import { parameterRules, type ParameterRules } from '../call/parameters.js';
import { referenceTo } from './reference-to.js';
import { StoredForm } from './stored-form.js';
import { checkLimits, reduceFolders, type Reduced, type SizeLimits } from '../../store/maintain/reduce-size.js';
import { forgetEntry } from '../../store/maintain/remove.js';
import { lookUp, type LookParts } from '../call/function-call.js';
import { throwDiskErrors } from '../../store/entry/disk-errors.js';
import { ByteShelf } from '../shelf/byte-shelf.js';
import { memoryStore } from '../shelf/byte-store.js';
import { storedKeyOf } from '../shelf/collision.js';
import { HashCollisionError } from '../shelf/errors.js';
import { FileShelf } from '../shelf/file-shelf.js';
import { InFlight } from '../call/in-flight.js';
import { classOf, digestOfKey } from '../call/keys.js';
import { Narrator } from './verbosity.js';
import type { CheckedPersistOptions } from './persist-options.js';
import { draftOf, type Entry } from '../shelf/shelf.js';

/** The object that a method is called on, and its class. */
export interface Receiver {
  object: object;
  /** Name of its class. */
  className: string;
}

type PersistShelf = FileShelf | ByteShelf;

export class PersistedFunction {
  readonly name: string;
  private readonly form: StoredForm;
  private readonly rules: ParameterRules;
  private readonly shelf: PersistShelf;
  private readonly narrator: Narrator;
  private readonly isAsync: boolean;
  private readonly inFlight = new InFlight();
  private readonly answer: AnyFunction;
  private readonly told: ToldApart | undefined;

  constructor(
    readonly original: AnyFunction,
    readonly options: CheckedPersistOptions,
    /** Name of the member, for a method. */
    label?: string,
  ) {
    this.name = options.name ?? label ?? functionName(original);
    if (this.name === '') {
      throw new InvalidOptionError(
        "persist: the function has no name, which its folder needs: give it one with name: '…'",
      );
    }
    if (options.name === undefined) refuseHidden(original, this.name);
    this.form = new StoredForm(this.name, options);
    this.rules = parameterRules(original, options, {
      where: `persist: ${this.name}`,
      byCode: options.onCodeChange === 'recompute',
    });
    this.narrator = new Narrator(this.name, options.verbosity);
    this.shelf = shelfOf(options.cache, this.name, this.narrator);
    this.isAsync = returnsPromise(original);
    this.answer = answering((receiver, args) => this.reply(receiver as Receiver | undefined, args), this.isAsync);
    const place = typeof options.cache === 'string' ? this.folder : options.cache;
    // The user's word: one name is one function.
    if (options.name === undefined || options.onCodeChange === 'recompute') {
      this.told = new ToldApart(original, { place, name: this.name, code: codeDigestOf(original) });
    }
    if (this.told?.file !== undefined) noteFile(this.told.file);
    if (label === undefined) this.told?.refuseSecond();
  }

  /** @throws InvalidOptionError where a method of another class has the name and source, and its class the name, of this one */
  receiver(object: object): Receiver {
    const className = classOf(object);
    this.told?.refuseSecondOn(object, className);
    return { object, className };
  }

  /** Where its results lie. */
  private get folder(): string {
    return this.shelf.placeOf(this.identityBut({ key: '', name: '' }, undefined)).folder;
  }

  /** Calls the function, or answers what it returned before. */
  call(receiver: Receiver | undefined, args: readonly unknown[]): unknown {
    return this.answer.apply(receiver, [...args]);
  }

  private reply(receiver: Receiver | undefined, args: readonly unknown[]): Reply {
    if (settings.off) return { value: this.original.apply(receiver?.object, [...args]) };
    const key = this.keyOf(receiver, args);
    const entry = this.entry(key, receiver);
    // Before the function can change them.
    const stored = this.form.key(key);
    this.narrator.narrate('look', entry);
    const callee = { fn: this.original, self: receiver?.object, args, isAsync: this.isAsync };
    const refresh = Boolean(this.rules.refresh?.apply(receiver?.object, [...args]));
    return this.inFlight.ask(entry, refresh, callee, (frame) => ({
      ...this.lookingUp(entry, receiver, frame),
      formOf: (value) => this.form.of(value),
      changeOf: (isAsync) => (isAsync ? this.changeOf(entry, () => this.keyOf(receiver, args)) : undefined),
      draft: (trace) => ({ ...codeFacts(this.original, receiver?.object, trace), arguments: stored, ...this.expiry() }),
      beside: () => this.form.metadata(),
    }));
  }

  /** The stored value of a key. */
  find(key: unknown, receiver: Receiver | undefined): { value: unknown } | undefined {
    const entry = this.entryOfKey(key, receiver);
    this.narrator.narrate('look', entry);
    const looked = runNow(lookUp(this.lookingUp(entry, receiver, new Frame(this.name, this))));
    return looked.found ? { value: looked.outcome.value } : undefined;
  }

  /** A reference to what is stored of a call. @throws NotStoredError where nothing is that a call would use */
  reference(receiver: Receiver | undefined, args: readonly unknown[]): Reference {
    const entry = this.entry(this.keyOf(receiver, args), receiver);
    const { name, shelf, form } = this;
    return referenceTo({ name, shelf, form, entry, self: receiver?.object });
  }

  reduceSize(receiver: Receiver | undefined, limits: SizeLimits): Reduced {
    const checked = checkLimits(limits, 'cache.reduceSize');
    refuseIfReadonly('cache.reduceSize');
    if (!(this.shelf instanceof FileShelf))
      throw new InvalidOptionError(`cache.reduceSize: the results of ${this.name} are in no folder`);
    const own = this.identity({ key: '', name: '' }, receiver);
    return reduceFolders([this.shelf.folder], checked, {
      isMeant: (identity) => isOfFunction(identity, own),
      keepsRecord: false,
      remove: forgetEntry,
    });
  }

  put(key: unknown, receiver: Receiver | undefined, value: unknown): void {
    refuseIfReadonly('cache.set');
    const entry = this.entryOfKey(key, receiver);
    const form = this.form.of(value);
    const draft = draftOf(form, {
      ...(this.isAsync && { async: true }),
      arguments: this.form.key(entry.key),
      ...codeFacts(this.original, receiver?.object, []),
      ...this.expiry(),
    });
    const beside = this.form.metadata();
    const staged = throwDiskErrors(entry.place.folder, 'stored', () => {
      this.shelf.refuseCollision(entry);
      return runNow(storeBy(() => this.shelf.stage(entry, form, { draft, beside })));
    });
    this.narrator.say(entry, 'store', { ...(staged && { file: staged.file, bytes: staged.bytes }) });
  }

  remove(key: unknown, receiver: Receiver | undefined): boolean {
    refuseIfReadonly('cache.delete');
    const entry = this.entryOfKey(key, receiver);
    this.narrator.narrate('delete', entry);
    return throwDiskErrors(entry.place.folder, 'removed', () => this.shelf.remove(entry));
  }

  /** The records of this function, in the order of their names. */
  records(receiver: Receiver | undefined): EntryRecord[] {
    // What was stored without its key, before the option was given, is not to be found by it.
    const isKnown = (record: EntryRecord): boolean => !this.options.storeKey || storedKeyOf(record) !== undefined;
    const records = throwDiskErrors(this.folder, 'read', () => [...this.shelf.records()]);
    const own = records.filter((record) => this.isOwn(record.identity, receiver) && isKnown(record));
    return own.sort((one, other) => compareNames(one.identity.name ?? '', other.identity.name ?? ''));
  }

  clear(receiver: Receiver | undefined): void {
    refuseIfReadonly('cache.clear');
    this.narrator.narrate('clear');
    throwDiskErrors(this.folder, 'removed', () => this.shelf.clear((identity) => this.isOwn(identity, receiver)));
  }

  clearOtherCode(receiver: Receiver | undefined): number {
    refuseIfReadonly('cache.clearOtherCode');
    const own = this.identity({ key: '', name: '' }, receiver);
    const isOther = (identity: Identity): boolean => isOfFunction(identity, own) && identity.version !== own.version;
    return throwDiskErrors(this.folder, 'removed', () => this.shelf.clear(isOther));
  }

  /** The key that a record is of, by what it keeps or by its name. */
  keyOfRecord(record: EntryRecord): unknown {
    const { unhash } = this.options;
    return unhash === undefined ? storedKeyOf(record)?.key : unhash(record.identity.name ?? '');
  }

  private lookingUp(entry: Entry, receiver: Receiver | undefined, frame: Frame): LookParts {
    return {
      entry,
      shelf: this.shelf,
      frame,
      say: this.narrator.say,
      refuse: (record) => this.form.refusal(record, receiver?.object),
      valueOf: this.form.valueOf,
    };
  }

  private keyOf(receiver: Receiver | undefined, args: readonly unknown[]): unknown {
    const { key } = this.options;
    if (key !== undefined) return withoutNoting(() => key.apply(receiver?.object, [...args]));
    const given = this.rules.keyed(args);
    return receiver === undefined ? given : [receiverKey(receiver.object), ...given];
  }

  private expiry(): { expiresAt?: number } {
    return expiryOf(this.options.lifetime, now());
  }

  /** The entry of a key by hand, which may be the arguments as a call has them. */
  private entryOfKey(key: unknown, receiver: Receiver | undefined): Entry {
    const isArguments = this.options.key === undefined && receiver === undefined && Array.isArray(key);
    return this.entry(isArguments ? this.rules.keyed(key) : key, receiver);
  }

  private entry(key: unknown, receiver: Receiver | undefined): Entry {
    const digest = digestOfKey(key);
    const name = this.options.hash?.(key) ?? digest;
    if (typeof name !== 'string') {
      throw new InvalidOptionError(`persist: hash of ${this.name} must return a string, not ${typeof name}`);
    }
    const identity = this.identity({ key: digest, name }, receiver);
    const entry: Entry = { identity, key, place: this.shelf.placeOf(identity) };
    const { unhash } = this.options;
    if (unhash === undefined) return entry;
    const named = unhash(name);
    if (digestOfKey(named) === digest) return entry;
    throw new HashCollisionError(
      `${this.name}: unhash takes ${JSON.stringify(name)} for another key than the one that hash made it of: ` +
        "let them be each other's inverse, and hash give each key a text of its own",
      { storedKey: named, key },
    );
  }

  private identity(of: { key: string; name: string }, receiver: Receiver | undefined): Entry['identity'] {
    const { original, options } = this;
    return {
      ...this.identityBut(of, receiver),
      ...(options.onCodeChange === 'recompute' && { version: codeOfFunction(original, receiver?.object).digest }),
    };
  }

  /** But for its code, which may reach what is not there yet when it is persisted. */
  private identityBut(of: { key: string; name: string }, receiver: Receiver | undefined): Entry['identity'] {
    return {
      prefix: '',
      tag: '',
      instance: '',
      rootClass: 'persist',
      ...(receiver !== undefined && { class: receiver.className }),
      method: this.name,
      ...of,
    };
  }

  private isOwn(identity: Identity, receiver: Receiver | undefined): boolean {
    const own = this.identity({ key: '', name: '' }, receiver);
    return isOfFunction(identity, own) && identity.version === own.version;
  }

  private changeOf(entry: Entry, keyNow: () => unknown): string | undefined {
    try {
      if (withoutNoting(() => digestOfKey(keyNow())) === entry.identity.key) return undefined;
    } catch {
      // What cannot be a key any more was changed.
    }
    return 'an argument was changed before the result was there; the result is not stored';
  }
}

function isOfFunction(one: Identity, other: Identity): boolean {
  return one.rootClass === other.rootClass && one.method === other.method && one.class === other.class;
}

function shelfOf(cache: CheckedPersistOptions['cache'], name: string, narrator: Narrator): PersistShelf {
  if (typeof cache !== 'string') return new ByteShelf(cache, 'the store', narrator.say);
  if (cache.startsWith('memory://')) return new ByteShelf(memoryStore(cache), cache, narrator.say);
  return new FileShelf(join(resolve(cache), fileName(name)), narrator.say);
}
