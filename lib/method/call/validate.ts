/**
 * Is a stored result still what the method would return? Its trace is followed in the order in which it was recorded, up
 * to the first change. An upstream result that is stale itself is computed again where that can be done: if it comes out
 * the same, what was made of it holds.
 */
import { messageOf } from '../../base/thrown.js';
import { settings } from '../../base/settings.js';
import type { Flow } from '../../base/run/flow.js';
import { findEntry } from '../../store/entry/find.js';
import { placeOf } from '../../store/entry/place.js';
import { restamp } from '../../store/entry/rewrite.js';
import { sameIdentity } from '../../store/record/identity.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { TracedCall, TracedParameter } from '../../store/record/traced.js';
import { dependents, type Ingredient } from '../../trace/dependents.js';
import { changeOfFile, fullPath } from '../../trace/file-state.js';
import { withoutNoting, type Verdicts } from '../../trace/frame.js';
import { decodeArguments } from '../../store/record/arguments.js';
import { scopeText } from '../../trace/names.js';
import { tableAt, type TableRead } from '../../trace/tables.js';
import { identityOf } from './identity-of-call.js';
import { concreteClassOf, methodIdOf } from '../state/class-name.js';
import { bindingOf, stateOf } from '../state/instance-state.js';
import { everyCachedMethodOf, type MethodInfo } from '../state/method-info.js';
import { effectiveOptions } from '../state/options.js';
import { ownKeyOf, parametersOf } from '../state/parameters.js';
import { refusalOf } from './refusal.js';
import { taggedRoots, type Root } from '../state/root.js';
import { entryName, ingredientsOf, scopeOfTraced } from '../state/use-name.js';
import { lookThrough } from '../hierarchy/tagging.js';
import { unwatchedUnder } from '../hierarchy/unwatched.js';
import { everyParameter, memberCountOf, parameterDigest, unwatchedParameters } from '../hierarchy/uses.js';
import { memberCount } from '../hierarchy/walk.js';

/** What is known of an entry: what its value is, or why it is not right any more. */
export type Verdict = { digest: string; generation: number } | { stale: string };

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
export function* staleness(record: EntryRecord, validation: Validation & { root: Root }): Flow<string | undefined> {
  const { root } = validation;
  return yield* changeIn(record, { tmpdir: root.tmpdir, scope: root.scope, roots: [root] }, validation);
}

/** The same for a result that belongs to no root; nothing is computed again. @param tmpdir that its trace is told from */
export function* stalenessWithoutRoot(
  record: EntryRecord,
  tmpdir: string,
  verdicts: Verdicts,
): Flow<string | undefined> {
  return yield* changeIn(record, { tmpdir, scope: '', roots: [] }, { verdicts });
}

/** Where the things are that a record names without saying whose they are. */
interface Home {
  tmpdir: string;
  scope: string;
  /** Live roots that have the scope: none where the root of a stored result is not there in this process. */
  roots: readonly Root[];
}

/** The home of what belongs to another root than the one whose record names it. */
function homeAt(tmpdir: string, scope: string, here: Home, { root }: Validation): Home {
  if (scope === here.scope) return here;
  return {
    tmpdir,
    scope,
    roots: root?.scope === scope ? [root] : taggedRoots().filter((each) => each.scope === scope),
  };
}

/** A record whose trace is being followed. */
interface Level {
  record: EntryRecord;
  home: Home;
  /** How far the trace has been followed. */
  at: number;
  /** How many changes there were when that began, and how often it has begun anew. */
  changes: number;
  looks: number;
  /** The traced call whose entry the record is; absent for the record that was asked about. */
  upstream?: Upstream;
}

/** A traced call, and where it is to be found. */
interface Upstream {
  name: string;
  item: TracedCall;
  home: Home;
  target: Target | undefined;
  /** The path of its entry, without extension, once that was looked for. */
  stem: string;
}

/** How often a trace is followed while what it names changes. */
const mostLooks = 8;

/** Goes up the traces, each to its end before the one that led to it. A list, not the stack, carries the depth. */
function* changeIn(asked: EntryRecord, askedHome: Home, validation: Validation): Flow<string | undefined> {
  const { verdicts } = validation;
  const levels: Level[] = [{ record: asked, home: askedHome, at: 0, changes: dependents.changes, looks: 0 }];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const { record, home, upstream } = level;
    const item = record.trace[level.at];
    let reason: string | undefined;
    if (item !== undefined) {
      if ('call' in item) {
        const above = upstreamOf(item, home, validation);
        const verdict = knownVerdict(verdicts, above.name) ?? (yield* lookInto(above, validation, levels));
        if (verdict === undefined) continue;
        verdicts.set(above.name, verdict);
        reason = changeOfCall(item, verdict);
      } else {
        reason =
          'file' in item
            ? changeOfFile(fullPath(item.file, home.tmpdir), item, record.computedAt)
            : changeOfParameter(item, home, validation);
      }
      if (reason === undefined) {
        level.at++;
        continue;
      }
    }
    const madeOf = (): Ingredient[] => ingredientsOf(record.trace, home.tmpdir, home.scope);
    if (reason === undefined && dependents.haveChangedSince(level.changes, madeOf)) {
      // Something changed that had been looked at already: once more, as long as that makes sense.
      if (++level.looks < mostLooks) {
        level.at = 0;
        level.changes = dependents.changes;
        continue;
      }
      reason = 'what it was made of changes all the time';
    }
    levels.pop();
    if (upstream === undefined) return reason;
    if (reason === undefined) noteFollowed(upstream, record, home);
    // Where a call asks; who only wants to know writes nothing.
    if (reason === undefined && validation.recompute !== undefined && !settings.readonly)
      restamp(upstream.stem, record);
    const { digest, generation } = record;
    const verdict =
      reason === undefined ? { digest, generation } : yield* again(upstream, reason, validation, generation);
    verdicts.set(upstream.name, verdict);
  }
  return undefined;
}

/** What was found out about an entry, unless something that it was made of has changed since. */
function knownVerdict(verdicts: Verdicts, name: string): Verdict | undefined {
  const changes = verdicts.changes === undefined ? undefined : dependents.changesSince(verdicts.changes);
  if (changes === undefined) verdicts.clear();
  for (const change of changes ?? []) {
    const verdict = verdicts.get(change.name) as Verdict | undefined;
    if (verdict !== undefined && 'digest' in verdict && verdict.digest !== change.digest) verdicts.delete(change.name);
  }
  verdicts.changes = dependents.changes;
  return verdicts.get(name) as Verdict | undefined;
}

/** What lies below a result that was followed on disk, and not loaded, leads in memory to what was made of it. */
function noteFollowed({ name }: Upstream, record: EntryRecord, { tmpdir, scope }: Home): void {
  dependents.enter(ingredientsOf(record.trace, tmpdir, scope), { name, drop: () => undefined, isGone: () => true });
}

/** What is said of a traced parameter that stands for several. */
const namesOfMany: Readonly<Record<string, string | undefined>> = {
  [everyParameter]: 'what identifies it',
  [unwatchedParameters]: 'a parameter of a frozen or sealed analyzer, or a private one,',
  [memberCountOf]: 'the number of members',
};

function changeOfParameter(item: TracedParameter, home: Home, validation: Validation): string | undefined {
  if (item.generation !== undefined) return changeOfTable(item, home);
  const { roots } = homeAt(home.tmpdir, scopeOfTraced(item, home.tmpdir, home.scope), home, validation);
  const name = namesOfMany[item.parameter] ?? item.parameter;
  if (roots.length === 0) return `${item.instance}: ${name} cannot be looked at, since no root has the tag now`;
  // Where several have it, nobody knows which was meant.
  const isSame = roots.every((root) => parameterAt(root, item.instance, item.parameter) === item.digest);
  return isSame ? undefined : `${item.instance}: ${name} changed`;
}

/** What was read of a managed cache. One that cannot be looked at may be anything. */
function changeOfTable(item: TracedParameter, home: Home): string | undefined {
  const name = `the cache ${item.instance}`;
  const table = tableAt(scopeOfTraced(item, home.tmpdir, home.scope), item.instance);
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

function changeOfCall(item: TracedCall, verdict: Verdict): string | undefined {
  const name = `${item.call.instance}.${item.call.method}`;
  if ('stale' in verdict) return `${name} is stale: ${verdict.stale}`;
  if (verdict.generation !== item.generation) return `${name} was invalidated`;
  return verdict.digest === item.digest ? undefined : `${name} has another value`;
}

/** Digest of a parameter as it is now; `undefined` where its analyzer cannot be reached. */
function parameterAt(root: Root, path: string, parameter: string): string | undefined {
  if (parameter === memberCountOf) {
    if (root.containerAt(path) === undefined) lookThrough(root);
    const container = root.containerAt(path);
    return container && parameterDigest(memberCount(container));
  }
  if (root.at(path) === undefined) lookThrough(root);
  const analyzer = root.at(path);
  if (analyzer === undefined) return undefined;
  // Whoever asks has not read it.
  return withoutNoting(() => {
    if (parameter === everyParameter) return parameterDigest(ownKeyOf(analyzer));
    if (parameter === unwatchedParameters) return parameterDigest(unwatchedUnder(root, analyzer));
    const found = [...parametersOf(analyzer).values()].find(({ label }) => label === parameter);
    return found === undefined ? undefined : parameterDigest(found.read(analyzer));
  });
}

function upstreamOf(item: TracedCall, home: Home, validation: Validation): Upstream {
  const tmpdir = item.tmpdir ?? home.tmpdir;
  const there = homeAt(tmpdir, scopeText(tmpdir, item.call), home, validation);
  return { name: entryName(tmpdir, item.call), item, home: there, target: undefined, stem: '' };
}

/** What was stale may have been computed anew by somebody else meanwhile: it is to be looked at again. */
export function forgetStale(verdicts: Verdicts): void {
  for (const [name, verdict] of verdicts) if ('stale' in (verdict as Verdict)) verdicts.delete(name);
}

/** The verdict on an upstream result, or `undefined`, where its own trace has to be followed first. */
function* lookInto(above: Upstream, validation: Validation, levels: Level[]): Flow<Verdict | undefined> {
  const { item, home, name } = above;
  // The youngest root that has it; by their identity all have the same.
  let target = reachFrom(home, item);
  if (target === undefined && item.attached === true && home.roots.length > 0) {
    for (const root of home.roots) if (root.at(item.call.instance) === undefined) lookThrough(root);
    target = reachFrom(home, item);
  }
  const upstream = { ...above, target };
  // Should it be asked for again while it is being looked into, it is made of itself, and not to be trusted.
  validation.verdicts.set(name, { stale: 'it is made of itself' } satisfies Verdict);
  const replaced = target === undefined ? replacementOf(item, home) : undefined;
  if (replaced !== undefined) return { stale: replaced };
  const slot = target && stateOf(target.analyzer)?.memories[target.info.index]?.slots.get(item.call.key ?? '');
  if (slot !== undefined && !slot.isGone()) return { digest: slot.digest, generation: slot.facts.generation };
  const found = findEntry(
    { ...placeOf(home.tmpdir, item.call), owner: target && bindingOf(target.analyzer)?.owner },
    item.call,
  );
  if (found.kind !== 'entry') return yield* again(upstream, 'it is no longer stored', validation);
  const { record } = found;
  const refused = target && refusalUnder(target, record);
  if (refused !== undefined) return yield* again(upstream, refused, validation, record.generation);
  levels.push({
    record,
    home,
    at: 0,
    changes: dependents.changes,
    looks: 0,
    upstream: { ...upstream, stem: found.stem },
  });
  return undefined;
}

/** Computes an upstream result again, if that can be done. @param generation of what is stored, if anything is */
function* again(
  { item, target }: Upstream,
  reason: string,
  validation: Validation,
  generation?: number,
): Flow<Verdict> {
  // What was invalidated by hand makes stale what was made of it, whatever comes out.
  if (generation !== undefined && generation !== item.generation) return { stale: reason };
  if (validation.recompute === undefined || target === undefined) return { stale: reason };
  const args = decodeArguments(item.arguments);
  if (args === undefined)
    return { stale: `${reason}, and its arguments are too large to be stored, or cannot be read here` };
  return yield* validation.recompute(target.info, target.analyzer, args, item.async === true);
}

interface Target {
  analyzer: object;
  info: MethodInfo;
}

function reachFrom({ roots, tmpdir }: Home, item: TracedCall): Target | undefined {
  return roots.reduceRight<Target | undefined>((found, root) => found ?? reach(item, root, tmpdir), undefined);
}

/**
 * What has come into the place of the analyzer of a traced call that no root has any more: the result was made of it, and
 * what is computed now is made of something else. Where nothing says so, as when it is only attached later, `undefined`.
 */
function replacementOf({ call, attached }: TracedCall, { roots }: Home): string | undefined {
  if (roots.length === 0) return undefined;
  const others = roots.map((root) => {
    const analyzer = root.at(call.instance);
    return analyzer !== undefined && bindingOf(analyzer)?.root === root ? concreteClassOf(analyzer).name : undefined;
  });
  const other = others.find((name) => name !== undefined);
  if (other !== undefined)
    return `another analyzer, or another version of it, stands at ${call.instance} now: a ${other}`;
  return attached === true ? `nothing cached stands at ${call.instance} now` : undefined;
}

/** The analyzer and the method of a traced call, where the root still has them. */
function reach(item: TracedCall, root: Root, tmpdir: string): Target | undefined {
  const analyzer = root.at(item.call.instance);
  if (analyzer === undefined) return undefined;
  const binding = bindingOf(analyzer);
  if (binding?.root.tmpdir !== tmpdir) return undefined;
  for (const info of everyCachedMethodOf(analyzer)) {
    if (methodIdOf(info, analyzer) !== item.call.method) continue;
    if (sameIdentity(identityOf(info, analyzer, binding, item.call.key), item.call)) return { analyzer, info };
  }
  return undefined;
}

function refusalUnder({ analyzer, info }: Target, record: EntryRecord): string | undefined {
  const binding = bindingOf(analyzer);
  if (binding === undefined) return undefined;
  return refusalOf(record, info, effectiveOptions(info.options, binding.byIndex), binding.snapshot);
}
