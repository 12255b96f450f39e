/**
 * Is all that a result was made of still what it was? Its trace is followed in the order in which it was recorded, up to
 * the first change; the trace of a result that it names is followed to its end before the next item. What can be seen of
 * the items differs and is given: a program has its analyzers at hand, the command line has files alone.
 */
import type { Flow } from '../../base/run/flow.js';
import type { EntryRecord } from '../../store/record/record.js';
import { tmpdirOfTraced, type TracedCall, type TracedFile, type TracedParameter } from '../../store/record/traced.js';
import { dependents } from '../../trace/dependents.js';
import type { Verdict, Verdicts } from '../../trace/frame.js';
import { scopeText } from '../../trace/names.js';
import { ingredientsOf, nameOfTraced } from '../state/use-name.js';

/** What can be seen of the things that a trace names, from the home of the result that was made of them. */
export interface Sight {
  tmpdir: string;
  /** Whose the things are that a record names without saying it. */
  scope: string;
  /** The sight from another home. */
  from(tmpdir: string, scope: string): Sight;
  /** At a result that has its home here. @param name of its entry */
  lookAt(item: TracedCall, name: string): Flow<Verdict | Unfollowed>;
  /** Why a file or a parameter is not what it was, if so. @param record that names it */
  changeOf(item: TracedFile | TracedParameter, record: EntryRecord): string | undefined;
  /** The same of a result. */
  changeOfCall(item: TracedCall, verdict: Verdict): string | undefined;
}

/** A stored result of which nothing can be said before its trace was followed. */
export interface Unfollowed {
  record: EntryRecord;
  /** Says it then, or names another result to be looked at in its place. @param change the first that was found, if there is one */
  settle(change: string | undefined): Flow<Verdict | Unfollowed>;
}

/** A record whose trace is being followed. */
interface Level {
  record: EntryRecord;
  sight: Sight;
  /** How far the trace has been followed. */
  at: number;
  /** How many changes there were when that began, and how often it has begun anew. */
  changes: number;
  looks: number;
  /** The entry that it is the record of; absent for the record that was asked about. */
  upstream?: { name: string } & Unfollowed;
}

/** How often a trace is followed while what it names changes. */
const MOST_LOOKS = 8;

/** Why a result is stale, by its trace; `undefined` where all it used is still what it was. */
export function* changeIn(asked: EntryRecord, from: Sight, verdicts: Verdicts): Flow<string | undefined> {
  // A list, not the stack, carries the depth.
  const levels = [levelOf(asked, from)];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const { record, sight, upstream } = level;
    const item = record.trace[level.at];
    let change: string | undefined;
    if (item === undefined) {
      if (dependents.haveChangedSince(level.changes, () => ingredientsOf(record.trace, sight.tmpdir, sight.scope))) {
        // Something changed that had been looked at already: once more, as long as that makes sense.
        if (++level.looks < MOST_LOOKS) {
          level.at = 0;
          level.changes = dependents.changes;
          continue;
        }
        change = 'what it was made of changes all the time';
      }
    } else {
      if ('call' in item) {
        const name = nameOfTraced(item, sight.tmpdir, sight.scope);
        let seen: Verdict | Unfollowed | undefined = knownVerdict(verdicts, name);
        if (seen === undefined) {
          // Should it be asked for again while it is being looked into, it is made of itself, and not to be trusted.
          verdicts.set(name, { stale: 'it is made of itself' });
          const tmpdir = tmpdirOfTraced(item, sight.tmpdir);
          const there = sight.from(tmpdir, scopeText(tmpdir, item.call));
          seen = yield* there.lookAt(item, name);
          if ('record' in seen) {
            levels.push(levelOf(seen.record, there, { name, ...seen }));
            continue;
          }
          verdicts.set(name, seen);
        }
        change = sight.changeOfCall(item, seen);
      } else {
        change = sight.changeOf(item, record);
      }
      if (change === undefined) {
        level.at++;
        continue;
      }
    }
    levels.pop();
    if (upstream === undefined) return change;
    const settled = yield* upstream.settle(change);
    if ('record' in settled) levels.push(levelOf(settled.record, sight, { name: upstream.name, ...settled }));
    else verdicts.set(upstream.name, settled);
  }
  return undefined;
}

function levelOf(record: EntryRecord, sight: Sight, upstream?: Level['upstream']): Level {
  return { record, sight, at: 0, changes: dependents.changes, looks: 0, ...(upstream !== undefined && { upstream }) };
}

/** What was found out about an entry, unless something that it was made of has changed since. */
function knownVerdict(verdicts: Verdicts, name: string): Verdict | undefined {
  const changes = verdicts.changes === undefined ? undefined : dependents.changesSince(verdicts.changes);
  if (changes === undefined) verdicts.clear();
  for (const change of changes ?? []) {
    const verdict = verdicts.get(change.name);
    if (verdict !== undefined && 'digest' in verdict && verdict.digest !== change.digest) verdicts.delete(change.name);
  }
  verdicts.changes = dependents.changes;
  return verdicts.get(name);
}

/** A stale result may have been computed anew by another call or process meanwhile: it is to be looked at again. */
export function forgetStale(verdicts: Verdicts): void {
  for (const [name, verdict] of verdicts) if ('stale' in verdict) verdicts.delete(name);
}
