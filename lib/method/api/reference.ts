/** `reference`: a stored result that is loaded when it is asked for. */
import { NotStoredError } from '../../base/errors.js';
import { messageOf } from '../../base/thrown.js';
import { flowOf, runNow } from '../../base/run/flow.js';
import type { Reference } from '../../call/reference.js';
import { loadEntry, type Loaded } from '../../store/entry/load.js';
import { resultFileOf } from '../../store/entry/result-file.js';
import { isVersionStem } from '../../store/entry/versions.js';
import type { EntryRecord } from '../../store/record/record.js';
import { codeNow, refusalOf, refusalOfVersion } from '../call/refusal.js';
import { cachedMethod, locate, type LocatedCall, type MethodName } from '../call/locate.js';
import type { AboutCall, Answer } from '../report/about-call.js';
import { refusal, usedAt } from '../report/inspect.js';

/** Of {@link reference}. */
interface ReferenceAnswer extends Answer {
  readonly is: Reference<this['value']>;
}

/**
 * A reference to the stored result of a call, to be handed on where the value itself would fill the memory: `file` is where it
 * lies, `load()` reads it. Of an asynchronous method `load` answers the value itself. Nothing is computed and nothing loaded for
 * it; call the method first.
 *
 * @throws NotStoredError where nothing is stored that a call would use
 * @throws NotCachedError where the method is not cached
 * @throws StowageError `STOWAGE_DISK` where the folder cannot be read
 */
export const reference = ((instance: object, method: MethodName, ...args: unknown[]): Reference => {
  const call = locate(cachedMethod(instance, method, 'reference'), instance, args);
  if (call === undefined)
    throw new NotStoredError(
      'reference: no tag reaches the analyzer, so nothing is stored: call setTag on the top object',
    );
  const used = usedAt(call);
  const judge = isVersionStem(used?.stem ?? '') ? refusalOfVersion : refusalOf;
  const objection = used === undefined ? 'nothing is stored' : runNow(refusal(call, used.record, undefined, judge));
  if (used === undefined || objection !== undefined)
    throw new NotStoredError(
      `reference: of ${nameOf(call)} there is no result to be used: ${objection}. Call the method first`,
    );
  const { digest } = used.record;
  return { file: resultFileOf(used.stem, used.record), load: () => load(call, digest) };
}) as AboutCall<ReferenceAnswer>;

function nameOf({ identity: { instance, method } }: LocatedCall): string {
  return `${instance}.${method}`;
}

/** What has this digest, in the entry's place or among its earlier versions. */
function load(call: LocatedCall, digest: string): unknown {
  const refuse = (record: EntryRecord): ReturnType<typeof flowOf<string | undefined>> =>
    flowOf(() => (record.digest === digest ? undefined : 'another result is stored in its place'));
  const versions = { refuse, own: () => codeNow(call), nearest: () => undefined };
  let loaded: Loaded;
  try {
    loaded = runNow(loadEntry(call.place, call.identity, { refuse, versions, writable: false }));
  } catch (cause) {
    throw new NotStoredError(`the result of ${nameOf(call)} cannot be read: ${messageOf(cause)}`, { cause });
  }
  if (loaded.kind === 'value') return loaded.value;
  const why = 'reason' in loaded ? loaded.reason : 'error' in loaded ? loaded.error.message : `it is ${loaded.kind}`;
  throw new NotStoredError(`the result of ${nameOf(call)} to which a reference was made is not there any more: ${why}`);
}
