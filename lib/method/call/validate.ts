/**
 * Is a stored result still what the method would return? Its trace is followed with an eye on what lives in this process.
 * An upstream result that is stale itself is computed again where that can be done: if it comes out the same, what was
 * made of it holds.
 */
import { messageOf } from '../../base/thrown.js';
import { settings } from '../../base/settings.js';
import { flowOf, type Flow } from '../../base/run/flow.js';
import { findEntry } from '../../store/entry/find.js';
import { placeOf } from '../../store/disk/place.js';
import type { StoredEntry } from '../../store/record/stored-entry.js';
import { restamp } from '../../store/entry/rewrite.js';
import { codeCause } from '../../store/entry/code-cause.js';
import { noteUsed, type Refused } from '../../store/entry/nearest.js';
import { isVersionStem, versionsOf } from '../../store/entry/versions.js';
import { sameIdentity } from '../../store/record/identity.js';
import type { EntryRecord } from '../../store/record/record.js';
import {
  isTracedCode,
  tmpdirOfTraced,
  type TracedCall,
  type TracedFile,
  type TracedParameter,
} from '../../store/record/traced.js';
import { dependents } from '../../trace/dependents.js';
import { changeOfTracedFile } from '../../trace/file-state.js';
import { withoutNoting, type Verdict, type Verdicts } from '../../trace/frame.js';
import { decodeArguments } from '../../store/record/arguments.js';
import { tableAt, type TableRead } from '../../trace/tables.js';
import { changeOfTracedCode } from './code-use.js';
import { changeIn, type Sight, type Unfollowed } from './follow-trace.js';
import { identityOf } from './identity-of-call.js';
import { concreteClassOf, methodIdOf } from '../state/class-name.js';
import { bindingOf, stateOf } from '../state/instance-state.js';
import { everyCachedMethodOf, type MethodInfo } from '../state/method-info.js';
import { ownKeyOf, parametersOf } from '../state/parameters.js';
import { placeOfMethod } from '../state/own-place.js';
import { causeOf, codeNow, nearestRefused, refusalOf, refusalOfVersion, type Owner } from './refusal.js';
import { taggedRoots, type Root } from '../state/root.js';
import { ingredientsOf, scopeOfTraced } from '../state/use-name.js';
import { movedTo, standingAt } from '../hierarchy/standing.js';
import { lookAgain, lookThrough } from '../hierarchy/late.js';
import { unwatchedUnder } from '../hierarchy/unwatched.js';
import {
  ABSENT,
  EVERY_PARAMETER,
  MEMBER_COUNT_OF,
  parameterDigest,
  STANDING,
  UNWATCHED_PARAMETERS,
} from '../hierarchy/uses.js';
import { memberCount } from '../hierarchy/step.js';

/** Computes an upstream result again and says what came out; a step of its own, since only the way of calls can. */
export type Recompute = (
  info: MethodInfo,
  analyzer: object,
  args: readonly unknown[],
  isAsync: boolean,
) => Flow<Verdict>;

/** Under which circumstances a trace is followed. */
export interface Validation {
  /** Whose result it is that was asked about; absent where that belongs to no root: a persisted function's. */
  root?: Root;
  /** What was found out already, by entry: each is looked at once on the way of an outermost call. */
  verdicts: Verdicts;
  /** Absent where nothing may be computed. */
  recompute?: Recompute;
}

/** Why a result is stale, by its trace; `undefined` where all it used is still what it was. */
export function staleness(record: EntryRecord, validation: Validation & { root: Root }): Flow<string | undefined> {
  const { root, verdicts } = validation;
  return changeIn(record, new LiveSight(root.tmpdir, root.scope, [root], validation), verdicts);
}

/** The same for a result that belongs to no root; nothing is computed again. @param tmpdir that its trace is told from */
export function stalenessWithoutRoot(
  record: EntryRecord,
  tmpdir: string,
  verdicts: Verdicts,
): Flow<string | undefined> {
  return changeIn(record, new LiveSight(tmpdir, '', [], { verdicts }), verdicts);
}

/** Sees what lives in this process, and what is stored. */
class LiveSight implements Sight {
  constructor(
    readonly tmpdir: string,
    readonly scope: string,
    /** Live roots that have the scope: none where the root of a stored result is not there in this process. */
    private readonly roots: readonly Root[],
    private readonly validation: Validation,
    /** Roots of which everything is known that is attached to them: a look goes over all their objects. */
    private readonly known = new Set<Root>(),
  ) {
    for (const root of roots) if (!known.has(root) && lookAgain(root)) known.add(root);
  }

  from(tmpdir: string, scope: string): LiveSight {
    if (scope === this.scope) return this;
    const { root } = this.validation;
    const roots = root?.scope === scope ? [root] : taggedRoots().filter((each) => each.scope === scope);
    return new LiveSight(tmpdir, scope, roots, this.validation, this.known);
  }

  *lookAt(item: TracedCall, name: string): Flow<Verdict | Unfollowed> {
    const { call } = item;
    const target = this.targetOf(item);
    const replaced = target === undefined ? replacementOf(item, this.roots) : undefined;
    if (replaced !== undefined) return { stale: replaced };
    const moved = this.roots.length === 0 ? movedTo(this.tmpdir, call, this.validation.root) : undefined;
    if (moved !== undefined) return { stale: `its root has the tag '${moved}' now` };
    const slot = target && stateOf(target.analyzer)?.memories[target.info.index]?.slots.get(call.key ?? '');
    if (slot !== undefined && !slot.isGone()) return { digest: slot.digest, generation: slot.facts.generation };
    const place = placeOf(this.tmpdir, call, target?.binding.owner);
    const found = findEntry(place, call);
    if (found.kind !== 'entry') return yield* this.again(item, target, 'it is no longer stored');
    const again = (reason: string): Flow<Verdict> => this.again(item, target, reason, found.record.generation);
    if (target === undefined) return this.unfollowed(found, name, again);
    const next = (reason: string): Flow<Verdict | Unfollowed> => {
      if (found.record.versions === undefined) return again(reason);
      const refused: Refused[] = [{ entry: found, reason }];
      const versions = versionsOf(place, call, found.record, codeNow(target));
      return this.firstVersion(versions, target, name, refused, () =>
        again(nearestRefused(refused, target)?.reason ?? reason),
      );
    };
    const refused = refusalOf(found.record, target);
    return refused === undefined ? this.unfollowed(found, name, next) : yield* next(refused);
  }

  /** @param otherwise called with the change that was found in its trace */
  private unfollowed(
    entry: StoredEntry,
    name: string,
    otherwise: (change: string) => Flow<Verdict | Unfollowed>,
  ): Unfollowed {
    const settle = (change: string | undefined): Flow<Verdict | Unfollowed> =>
      change === undefined ? flowOf(() => this.noteFollowed(name, entry)) : otherwise(change);
    return { record: entry.record, settle };
  }

  /**
   * The next of an entry's versions that the code of its method made.
   * @param refused gets those that may not be used
   * @param otherwise called where there is none
   */
  private *firstVersion(
    versions: Iterator<StoredEntry>,
    target: Owner,
    name: string,
    refused: Refused[],
    otherwise: () => Flow<Verdict>,
  ): Flow<Verdict | Unfollowed> {
    for (let next = versions.next(); next.done !== true; next = versions.next()) {
      const entry = next.value;
      const reason = refusalOfVersion(entry.record, target);
      if (reason !== undefined) {
        refused.push({ entry, reason });
        continue;
      }
      return this.unfollowed(entry, name, (change) => {
        refused.push({ entry, reason: change });
        return this.firstVersion(versions, target, name, refused, otherwise);
      });
    }
    return yield* otherwise();
  }

  changeOf(item: TracedFile | TracedParameter, { computedAt }: EntryRecord): string | undefined {
    if ('file' in item) return changeOfTracedFile(item, this.tmpdir, computedAt);
    const scope = scopeOfTraced(item, this.tmpdir, this.scope);
    if (item.generation !== undefined) return changeOfTable(item, scope);
    const { roots } = this.from(this.tmpdir, scope);
    return isTracedCode(item) ? changeOfTracedCode(item, roots) : changeOfParameter(item, roots);
  }

  changeOfCall(item: TracedCall, verdict: Verdict): string | undefined {
    const { call, digest, generation } = item;
    const name = `${call.instance}.${call.method}`;
    if ('stale' in verdict) return verdict.cause ?? `${name} is stale: ${verdict.stale}`;
    if (verdict.generation !== generation) return `${name} was invalidated`;
    if (verdict.digest === digest) return undefined;
    const { because } = verdict;
    const code =
      because === undefined
        ? codeCause(item, verdict.digest, tmpdirOfTraced(item, this.tmpdir))
        : causeOf(because, call.method);
    return code ?? `${name} has another value${because === undefined ? '' : `: ${because}`}`;
  }

  /**
   * In the youngest root that has it; by their identity all have the same. One that was attached after the tagging when it
   * was traced may be attached by now, or another one in its place.
   */
  private targetOf(item: TracedCall): Owner | undefined {
    const reachAny = (): Owner | undefined =>
      this.roots.reduceRight<Owner | undefined>((found, root) => found ?? reach(item, root, this.tmpdir), undefined);
    const target = reachAny();
    const unknown = this.roots.filter(
      (root) => !this.known.has(root) && root.reach.at(item.call.instance) === undefined,
    );
    if (target !== undefined || unknown.length === 0) return target;
    for (const root of unknown) {
      lookThrough(root);
      this.known.add(root);
    }
    return reachAny();
  }

  private noteFollowed(name: string, { stem, record }: StoredEntry): Verdict {
    // What lies below a result that was followed on disk, and not loaded, leads in memory to what was made of it.
    const ingredients = ingredientsOf(record.trace, this.tmpdir, this.scope);
    dependents.enter(ingredients, { name, drop: () => undefined, isGone: () => true });
    // Only on the way of a call: a mere look writes nothing.
    if (this.validation.recompute !== undefined && !settings.readonly) {
      restamp(stem, record);
      if (record.versions !== undefined || isVersionStem(stem)) noteUsed(stem);
    }
    return { digest: record.digest, generation: record.generation };
  }

  /** Computes an upstream result again, if that can be done. @param generation of what is stored, if anything is */
  private *again(
    item: TracedCall,
    target: Owner | undefined,
    reason: string,
    generation = item.generation,
  ): Flow<Verdict> {
    // What was invalidated by hand makes stale what was made of it, whatever comes out.
    if (generation !== item.generation) return { stale: reason };
    const { recompute } = this.validation;
    const cause = causeOf(reason, item.call.method);
    if (recompute === undefined || target === undefined)
      return { stale: reason, ...(cause !== undefined && { cause }) };
    const args = decodeArguments(item.arguments);
    if (args === undefined)
      return { stale: `${reason}, and its arguments are too large to be stored, or cannot be read here` };
    const verdict = yield* recompute(target.info, target.analyzer, args, item.async === true);
    if ('stale' in verdict) return verdict;
    return { digest: verdict.digest, generation: verdict.generation, because: reason };
  }
}

/** What is said of a traced parameter that stands for several. */
const NAMES_OF_MANY: Readonly<Record<string, string | undefined>> = {
  [EVERY_PARAMETER]: 'what identifies it',
  [UNWATCHED_PARAMETERS]: 'a parameter of a frozen or sealed analyzer, or a private one,',
  [MEMBER_COUNT_OF]: 'the number of members',
  [STANDING]: 'what stands there',
};

function changeOfParameter(item: TracedParameter, roots: readonly Root[]): string | undefined {
  const name = NAMES_OF_MANY[item.parameter] ?? item.parameter;
  if (roots.length === 0) return `${item.instance}: ${name} cannot be looked at, since no root has the tag now`;
  // Where several have it, nobody knows which was meant.
  const isSame = roots.every((root) => {
    const now = parameterAt(root, item.instance, item.parameter) ?? ABSENT;
    return now === item.digest || now === item.before;
  });
  return isSame ? undefined : `${item.instance}: ${name} changed`;
}

/** What was read of a managed cache. One that cannot be looked at may be anything. */
function changeOfTable(item: TracedParameter, scope: string): string | undefined {
  const name = `the cache ${item.instance}`;
  const table = tableAt(scope, item.instance);
  if (table === undefined) return `${name} cannot be looked at, since it is not registered now`;
  let now: TableRead;
  try {
    now = withoutNoting(() => table.read(item.parameter));
  } catch (error) {
    return `${name} cannot be looked at: ${messageOf(error)}`;
  }
  if (now.generation !== item.generation) return `${name} was invalidated`;
  return now.digest === item.digest ? undefined : `${name}: ${item.parameter} changed`;
}

/** Digest of a parameter as it is now; `undefined` where its analyzer cannot be reached. */
function parameterAt(root: Root, path: string, parameter: string): string | undefined {
  if (parameter === MEMBER_COUNT_OF) {
    if (root.reach.collectionAt(path) === undefined) lookThrough(root);
    const collection = root.reach.collectionAt(path);
    return parameterDigest(collection === undefined ? 0 : memberCount(collection));
  }
  if (parameter === STANDING) {
    if (standingAt(root, path) === undefined) lookThrough(root);
    return standingAt(root, path);
  }
  if (root.reach.at(path) === undefined) lookThrough(root);
  const analyzer = root.reach.at(path);
  if (analyzer === undefined) return undefined;
  // Whoever asks has not read it.
  return withoutNoting(() => {
    if (parameter === EVERY_PARAMETER) return parameterDigest(ownKeyOf(analyzer));
    if (parameter === UNWATCHED_PARAMETERS) return parameterDigest(unwatchedUnder(root, analyzer));
    const found = [...parametersOf(analyzer).values()].find(({ label }) => label === parameter);
    return found === undefined ? undefined : parameterDigest(found.read(analyzer));
  });
}

/**
 * What has come into the place of the analyzer of a traced call that no root has any more: the result was made of it, and
 * what is computed now is made of something else. Where nothing says so, as when it is only attached later, `undefined`.
 */
function replacementOf({ call, attached }: TracedCall, roots: readonly Root[]): string | undefined {
  if (roots.length === 0) return undefined;
  const others = roots.map((root) => {
    const analyzer = root.reach.at(call.instance);
    return analyzer !== undefined && bindingOf(analyzer)?.root === root ? concreteClassOf(analyzer).name : undefined;
  });
  const other = others.find((name) => name !== undefined);
  if (other !== undefined)
    return `another analyzer, or another version of it, stands at ${call.instance} now: a ${other}`;
  return attached === true ? `nothing cached stands at ${call.instance} now` : undefined;
}

/** The analyzer and the method of a traced call, where the root still has them. */
function reach(item: TracedCall, root: Root, tmpdir: string): Owner | undefined {
  const analyzer = root.reach.at(item.call.instance);
  if (analyzer === undefined) return undefined;
  for (const info of everyCachedMethodOf(analyzer)) {
    if (methodIdOf(info, analyzer) !== item.call.method) continue;
    const binding = placeOfMethod(info, analyzer);
    if (binding?.root.tmpdir !== tmpdir) continue;
    if (sameIdentity(identityOf(info, analyzer, binding, item.call.key), item.call)) return { analyzer, info, binding };
  }
  return undefined;
}
