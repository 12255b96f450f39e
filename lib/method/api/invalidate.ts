/** Saying that results are no longer right. */
import { dirname } from 'node:path';
import { refuseIfReadonly } from '../../base/settings.js';
import { removeEntry, storedEntries, storedVersions } from '../../store/maintain/clear.js';
import type { StoredEntry } from '../../store/record/stored-entry.js';
import { findEntry } from '../../store/entry/find.js';
import { newGeneration } from '../../store/record/generation.js';
import { tagFolder, type Place } from '../../store/disk/place.js';
import { throwDiskErrors } from '../../store/entry/disk-errors.js';
import { sameIdentity, type Identity } from '../../store/record/identity.js';
import { removeVersions } from '../../store/entry/versions.js';
import { rewriteRecord } from '../../store/entry/rewrite.js';
import { identityOf } from '../call/identity-of-call.js';
import type { AboutCall, Plain } from '../report/about-call.js';
import { checkObject } from '../hierarchy/check-object.js';
import { dependents } from '../../trace/dependents.js';
import { stateOf } from '../state/instance-state.js';
import { bindingOfMethod, cachedMethod, locate, type MethodName } from '../call/locate.js';
import { everyCachedMethodOf, type MethodInfo } from '../state/method-info.js';
import { findBinding } from '../hierarchy/tagging.js';
import { entryName } from '../state/use-name.js';

/** The call of a method, or of all its calls, or of all methods. */
interface Invalidate extends AboutCall<Plain<void>> {
  (instance: object, method?: (...args: never[]) => unknown): void;
  <M extends string | symbol>(instance: Readonly<Record<M, unknown>>, method: M): void;
}

/**
 * Says that stored results are no longer right. They are computed again when they are next asked for, and so, wherever it
 * lies, is what was computed from them. Nothing is removed but their earlier versions, which would be as wrong.
 *
 * @param method the method concerned; without, every cached method of the analyzer
 * @param args the call concerned; without, every call of the method
 * @throws InvalidOptionError where `instance` is no object
 * @throws NotCachedError where the method is not cached
 * @throws ReadonlyError where nothing may be written
 * @throws StowageError `STOWAGE_DISK` where what is stored cannot be read, or a record not be written
 */
export const invalidate = ((instance: object, method?: MethodName, ...args: unknown[]): void => {
  checkObject(instance, 'invalidate');
  const infos =
    method === undefined ? [...everyCachedMethodOf(instance)] : [cachedMethod(instance, method, 'invalidate')];
  refuseIfReadonly('invalidate');
  const [info] = infos;
  if (method !== undefined && args.length > 0 && info !== undefined) {
    invalidateCall(info, instance, args);
    return;
  }
  const binding = findBinding(instance);
  if (binding?.root.tag === undefined) return;
  // A method that has settings of its own has its results elsewhere.
  const bindings = new Map(infos.map((each) => [each, bindingOfMethod(each, instance) ?? binding]));
  for (const root of new Set([...bindings.values()].map((each) => each.root))) {
    const own = [...bindings].filter(([, each]) => each.root === root);
    const meant = own.map(([each, where]) => identityOf(each, instance, where, undefined));
    const folder = tagFolder(root.tmpdir, root.prefix, root.tag ?? '');
    const isMeant = ({ record: { identity } }: StoredEntry): boolean => {
      const { key: _, ...plain } = identity;
      return meant.some((each) => sameIdentity(each, plain));
    };
    for (const entry of storedEntries(folder)) if (isMeant(entry)) mark(entry, root.tmpdir);
    for (const version of storedVersions(folder)) if (isMeant(version)) remove(version);
  }
  for (const each of infos) {
    const memory = stateOf(instance)?.memories[each.index];
    for (const slot of memory?.slots.values() ?? []) dependents.drop(slot.name);
    stateOf(instance)?.dropMemoryOf(each);
  }
}) as Invalidate;

function invalidateCall(info: MethodInfo, analyzer: object, args: readonly unknown[]): void {
  const call = locate(info, analyzer, args);
  if (call === undefined) return;
  const found = throwDiskErrors(call.place.folder, 'read', () => findEntry(call.place, call.identity));
  if (found.kind === 'entry') {
    invalidateEntry(found, call.place);
  }
  forgetCall(info, analyzer, call.identity, call.place.tmpdir);
}

/** Takes a call out of memory, and what was computed from it. */
function forgetCall(info: MethodInfo, analyzer: object, identity: Identity, tmpdir: string): void {
  stateOf(analyzer)?.dropCall(info, identity.key);
  dependents.drop(entryName(tmpdir, identity));
}

/** Says of one stored entry that it is no longer right, without its analyzer. @param place where it lies */
export function invalidateEntry(entry: StoredEntry, place: Place): void {
  mark(entry, place.tmpdir);
  throwDiskErrors(place.folder, 'removed', () => {
    removeVersions(place, entry.record);
  });
}

/** A new generation: traces compare it, wherever they are. */
function mark({ stem, record }: StoredEntry, tmpdir: string): void {
  throwDiskErrors(dirname(stem), 'stored', () => {
    const { versions: _, ...kept } = record;
    rewriteRecord(stem, { ...kept, generation: newGeneration(record.generation), invalidated: true });
  });
  dependents.drop(entryName(tmpdir, record.identity));
}

/** An earlier version holds no longer since its entry was marked: nothing would ever ask for it. */
function remove({ stem, record }: StoredEntry): void {
  throwDiskErrors(dirname(stem), 'removed', () => {
    removeEntry(stem, record);
  });
}
