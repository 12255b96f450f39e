/** `accept`: stored results that are still right, although code or state has changed, are said to be so. */
import { dirname } from 'node:path';
import { refuseIfReadonly } from '../../base/settings.js';
import { storedEntries } from '../../store/maintain/clear.js';
import { tagFolder } from '../../store/disk/place.js';
import { rewriteRecord } from '../../store/entry/rewrite.js';
import { throwDiskErrors } from '../../store/entry/disk-errors.js';
import { sameIdentity } from '../../store/record/identity.js';
import type { EntryRecord } from '../../store/record/record.js';
import { Verdicts } from '../../trace/frame.js';
import { identityOf, placeUnder } from '../call/identity-of-call.js';
import type { LocatedCall } from '../call/locate.js';
import { checkObject } from '../hierarchy/check-object.js';
import { codeDigestOf } from '../../key/classes/code-digest.js';
import { isTracedCode } from '../../store/record/traced.js';
import { tracedCodeNow } from '../call/code-use.js';
import { codeSeenOf } from '../../store/record/code-seen.js';
import { codeOfMethod } from '../state/method-code.js';
import { bindingOf } from '../state/instance-state.js';
import { everyCachedMethodOf } from '../state/method-info.js';
import { usedAt } from './inspect.js';
import { findBinding } from '../hierarchy/tagging.js';
import { isPathAtOrUnder } from '../state/path-under.js';

/**
 * Says that what is stored for an object, and for everything below it, is right under today's code and today's fields of
 * the analyzers: the warnings about changes end. Results of analyzers that are not attached now stay as they are, and so do
 * those in whose place an earlier version is used, since today's code has made that.
 *
 * @returns how many records were stamped anew
 * @throws InvalidOptionError where `object` is none
 * @throws ReadonlyError where nothing may be written
 * @throws StowageError `STOWAGE_DISK` where what is stored cannot be read, or a record not be written
 */
export function accept(object: object): number {
  checkObject(object, 'accept');
  refuseIfReadonly('accept');
  const top = findBinding(object);
  if (top?.root.tag === undefined) return 0;
  const { root } = top;
  const stamped: { stem: string; record: EntryRecord }[] = [];
  const verdicts = new Verdicts();
  // All are looked at before one is changed, on which another may depend.
  for (const { stem, record } of storedEntries(tagFolder(root.tmpdir, root.prefix, top.root.tag))) {
    if (!isPathAtOrUnder(record.identity.instance, top.path)) continue;
    const call = callOf(record, root.reach.at(record.identity.instance));
    const stamp = call && stampOf(record, call);
    if (call === undefined || stamp === undefined || usedAt(call, verdicts)?.stem !== stem) continue;
    stamped.push({ stem, record: { ...record, ...stamp } });
  }
  for (const { stem, record } of stamped) {
    throwDiskErrors(dirname(stem), 'stored', () => {
      rewriteRecord(stem, record);
    });
  }
  return stamped.length;
}

/** The call that a record is of, where its analyzer is there and has the method. */
function callOf({ identity }: EntryRecord, analyzer: object | undefined): LocatedCall | undefined {
  const binding = analyzer === undefined ? undefined : bindingOf(analyzer);
  if (analyzer === undefined || binding === undefined) return undefined;
  const info = [...everyCachedMethodOf(analyzer)].find((each) =>
    sameIdentity(identityOf(each, analyzer, binding, identity.key), identity),
  );
  return info && { info, analyzer, binding, identity, place: placeUnder(binding, identity) };
}

type Stamp = Pick<EntryRecord, 'code' | 'codeSeen' | 'state' | 'trace'>;

/** What a record would say if its result were computed now; `undefined` where that is no different. */
function stampOf(record: EntryRecord, { info, analyzer, binding }: LocatedCall): Stamp | undefined {
  const trace = record.trace.map((item) =>
    'parameter' in item && isTracedCode(item) ? tracedCodeNow(item, binding.root) : item,
  );
  const stamp = {
    code: codeDigestOf(info.original),
    codeSeen: codeSeenOf(codeOfMethod(info, analyzer, binding.root), trace),
    state: binding.snapshot,
    trace,
  };
  const isSame = (Object.keys(stamp) as (keyof Stamp)[]).every(
    (field) => JSON.stringify(record[field]) === JSON.stringify(stamp[field]),
  );
  return isSame ? undefined : stamp;
}
