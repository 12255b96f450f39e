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
import { isTracedCode, tmpdirOfTraced, type Traced, type TracedCall } from '../../store/record/traced.js';
import { tracedCodeNow } from '../call/code-use.js';
import { codeSeenOf } from '../../store/record/code-seen.js';
import { codeOfMethod } from '../state/method-code.js';
import { bindingOf } from '../state/instance-state.js';
import { everyCachedMethodOf } from '../state/method-info.js';
import { usedAt } from '../report/inspect.js';
import { findBinding } from '../hierarchy/tagging.js';
import { entryName } from '../state/use-name.js';
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
  const accepted = new Map<string, Accepted>();
  const verdicts = new Verdicts();
  // All are looked at before one is changed, on which another may depend.
  for (const { stem, record } of storedEntries(tagFolder(root.tmpdir, root.prefix, top.root.tag))) {
    if (!isPathAtOrUnder(record.identity.instance, top.path)) continue;
    const call = callOf(record, root.reach.at(record.identity.instance));
    if (call === undefined || usedAt(call, verdicts)?.stem !== stem) continue;
    accepted.set(entryName(root.tmpdir, record.identity), { stem, record, call, stamp: stampOf(record, call) });
  }
  passOnLines(accepted, root.tmpdir);
  const stamped = [...accepted.values()].filter(isStampedAnew);
  for (const { stem, record, stamp } of stamped) {
    throwDiskErrors(dirname(stem), 'stored', () => {
      rewriteRecord(stem, { ...record, ...stamp });
    });
  }
  return stamped.length;
}

/** A stored result, and what its record would say if it were computed now. */
interface Accepted {
  stem: string;
  record: EntryRecord;
  call: LocatedCall;
  stamp: Stamp;
}

/** What was made of results that come from other code now comes from other code, too, through any depth. */
function passOnLines(accepted: ReadonlyMap<string, Accepted>, tmpdir: string): void {
  const users = new Map<string, Set<Accepted>>();
  const nameOf = (item: TracedCall): string => entryName(tmpdirOfTraced(item, tmpdir), item.call);
  for (const each of accepted.values()) {
    for (const item of each.record.trace) {
      if (!('call' in item)) continue;
      const name = nameOf(item);
      users.set(name, (users.get(name) ?? new Set()).add(each));
    }
  }
  const open = [...accepted];
  // Records of different times may name each other in a circle.
  const most = open.length * MOST_ROUNDS;
  for (const [name, { record, stamp }] of open) {
    if (open.length > most) return;
    const { line } = stamp.codeSeen;
    const isOther = (item: Traced): item is TracedCall =>
      'call' in item && item.digest === record.digest && item.code !== line && nameOf(item) === name;
    for (const user of users.get(name) ?? []) {
      if (!user.stamp.trace.some(isOther)) continue;
      const trace = user.stamp.trace.map((item) => (isOther(item) ? { ...item, code: line } : item));
      user.stamp = stampOf({ ...user.record, trace }, user.call);
      open.push([entryName(tmpdir, user.record.identity), user]);
    }
  }
}

const MOST_ROUNDS = 50;

/** The call that a record is of, where its analyzer is there and has the method. */
function callOf({ identity }: EntryRecord, analyzer: object | undefined): LocatedCall | undefined {
  const binding = analyzer === undefined ? undefined : bindingOf(analyzer);
  if (analyzer === undefined || binding === undefined) return undefined;
  const info = [...everyCachedMethodOf(analyzer)].find((each) =>
    sameIdentity(identityOf(each, analyzer, binding, identity.key), identity),
  );
  return info && { info, analyzer, binding, identity, place: placeUnder(binding, identity) };
}

type Stamp = Required<Pick<EntryRecord, 'code' | 'codeSeen' | 'state' | 'trace'>>;

/** What a record would say if its result were computed now. */
function stampOf(record: EntryRecord, { info, analyzer, binding }: LocatedCall): Stamp {
  const trace = record.trace.map((item) =>
    'parameter' in item && isTracedCode(item) ? tracedCodeNow(item, binding.root) : item,
  );
  return {
    code: codeDigestOf(info.original),
    codeSeen: codeSeenOf(codeOfMethod(info, analyzer, binding.root), trace),
    state: binding.snapshot,
    trace,
  };
}

function isStampedAnew({ record, stamp }: Accepted): boolean {
  return (Object.keys(stamp) as (keyof Stamp)[]).some(
    (field) => JSON.stringify(record[field]) !== JSON.stringify(stamp[field]),
  );
}
