/** A reference to what a persisted function has stored. */
import { NotStoredError } from '../../base/errors.js';
import { flowOf, runNow, type Flow } from '../../base/run/flow.js';
import type { Reference } from '../../call/reference.js';
import type { EntryRecord } from '../../store/record/record.js';
import { Frame } from '../../trace/frame.js';
import { staleness } from '../call/function-call.js';
import type { ByteShelf } from '../shelf/byte-shelf.js';
import type { FileShelf } from '../shelf/file-shelf.js';
import type { Entry } from '../shelf/shelf.js';
import type { StoredForm } from './stored-form.js';

/** Which call of which function. */
export interface Referred {
  name: string;
  shelf: FileShelf | ByteShelf;
  form: StoredForm;
  entry: Entry;
  /** On what it is called, where it is a method. */
  self: object | undefined;
}

/** @throws NotStoredError where nothing is stored that a call would use */
export function referenceTo(referred: Referred): Reference {
  const { name, shelf, form, entry, self } = referred;
  const stored = shelf.recordOf(entry);
  const objection =
    stored === undefined
      ? 'nothing is stored'
      : (form.refusal(stored.record, self) ?? runNow(staleness(stored.record, entry, new Frame(name, referred))));
  if (stored === undefined || objection !== undefined) {
    throw new NotStoredError(
      `reference: of this call of ${name} there is no result to be used: ${objection}. Call it first`,
    );
  }
  const { digest } = stored.record;
  return { file: stored.file, load: () => load(referred, digest) };
}

function load({ name, shelf, form, entry }: Referred, digest: string): unknown {
  const isAnother = (record: EntryRecord): Flow<string | undefined> =>
    flowOf(() => (record.digest === digest ? undefined : 'another result is stored in its place'));
  const found = runNow(shelf.look(entry, isAnother));
  if (found.found) return form.valueOf(found.value);
  const { reason = '', error } = found.miss;
  throw new NotStoredError(
    `the result of ${name} to which a reference was made is not there any more: ${error?.message ?? reason}`,
  );
}
