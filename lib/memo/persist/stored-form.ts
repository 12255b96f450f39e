/** What a persisted function stores of a result, and whether what is stored may be used. */
import { now } from '../../base/clock.js';
import { InvalidOptionError, UncacheableValueError } from '../../base/errors.js';
import { refusalByUser } from '../../call/validate-result.js';
import type { Form } from '../../call/question.js';
import { compressed } from '../../codec/compressed.js';
import { textCodec } from '../../codec/plain/text.js';
import { codecNamed, codecToStore } from '../../codec/registry.js';
import { storedArguments } from '../../store/record/arguments.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { StoredArguments } from '../../store/record/traced.js';
import { refusalByAge } from '../call/lifetime.js';
import { storedKeyOf } from '../shelf/collision.js';
import { formOf } from '../shelf/shelf.js';
import type { CheckedPersistOptions } from './persist-options.js';

export class StoredForm {
  constructor(
    private readonly name: string,
    private readonly options: CheckedPersistOptions,
  ) {}

  of(value: unknown): Form {
    const { serialize, codec, compress } = this.options;
    if (serialize === undefined) return formOf(value, codecToStore(value, codec, compress));
    const text = serialize(value);
    return formOf(text, compressed(textCodec, text, compress));
  }

  /** The value that the stored one stands for. */
  readonly valueOf = (stored: unknown): unknown => {
    const { deserialize } = this.options;
    return deserialize === undefined ? stored : deserialize(stored);
  };

  /** Why a record may not be used, if so. @param self on what the function is called */
  refusal(record: EntryRecord, self: unknown): string | undefined {
    const { deserialize, storeKey, lifetime, validate } = this.options;
    const isText = record.codec === textCodec.name || codecNamed(record.codec)?.plain === textCodec;
    if (isText !== (deserialize !== undefined)) return 'it was written with another serialize';
    if (storeKey && storedKeyOf(record) === undefined) return 'it was stored without its key';
    return refusalByAge(record, lifetime, now()) ?? refusalByUser(validate, record, self, this.name);
  }

  /** As a record has it. @throws UncacheableValueError where it is to be kept and cannot be */
  key(key: unknown): StoredArguments {
    if (!this.options.storeKey) return { preview: storedArguments([key]).preview };
    const stored = storedArguments([key], Infinity);
    if (stored.encoded !== undefined) return stored;
    throw new UncacheableValueError('the key', 'something', 'leave out storeKey, or let key return plain data');
  }

  metadata(): Record<string, string> | undefined {
    const text = this.options.metadata?.();
    if (text === undefined) return undefined;
    if (typeof text !== 'string')
      throw new InvalidOptionError(`persist: metadata of ${this.name} must return a string, not ${typeof text}`);
    return { meta: text };
  }
}
