/** Does a result still hold, as far as records and files tell? Nothing is computed, and no code of the user's is there. */
import { now } from '../../base/clock.js';
import { isFromTheFuture } from '../../base/from-the-future.js';
import { flowOf, runNow } from '../../base/run/flow.js';
import { checkFolderName } from '../../key/names/folder-name.js';
import { changeIn, type Sight, type Unfollowed } from '../../method/call/follow-trace.js';
import { nameOfTraced } from '../../method/state/use-name.js';
import { codeCause } from '../../store/entry/code-cause.js';
import { findEntryWith } from '../../store/entry/find.js';
import { checkFolder } from '../../store/disk/folder.js';
import type { Identity } from '../../store/record/identity.js';
import { placeOf } from '../../store/disk/place.js';
import type { EntryRecord } from '../../store/record/record.js';
import { CODE_MARK, tmpdirOfTraced, type TracedCall, type TracedParameter } from '../../store/record/traced.js';
import { fullPath } from '../../base/files/data-roots.js';
import { changeOfTracedFile } from '../../trace/file-state.js';
import { Verdicts, type Verdict } from '../../trace/frame.js';
import { scopeText } from '../../trace/names.js';

/** What became of something that a result was made of. */
export interface IngredientStanding {
  kind: 'result' | 'file' | 'parameter';
  /** `root.camera.Camera.frames`, a path, `root.camera: exposure`. */
  name: string;
  /** `'unknown'`: only the program can tell. */
  state: 'same' | 'changed' | 'unknown';
  /** In words. */
  detail: string;
}

/** What stands against a record by itself; empty where nothing does. */
export function ownObjections({
  invalidated,
  computedAt,
  expiresAt,
}: Pick<EntryRecord, 'invalidated' | 'computedAt' | 'expiresAt'>): string[] {
  const at = now();
  const isOver = expiresAt !== undefined && (expiresAt < at || isFromTheFuture(computedAt, expiresAt - computedAt, at));
  return [
    ...(invalidated === true ? ['it was invalidated by hand, and not computed again since'] : []),
    ...(isOver ? ['its lifetime is over'] : []),
  ];
}

/** What became of all that a result was made of, in the order in which it used it. @param tmpdir under which its record lies */
export function ingredientsOf(record: EntryRecord, tmpdir: string): IngredientStanding[] {
  const scope = scopeText(tmpdir, record.identity);
  const sight = sightFrom(tmpdir, scope);
  const verdicts = new Verdicts();
  return record.trace.map((item) => {
    // Each alone, since a trace is followed to its first change.
    const change = runNow(changeIn({ ...record, trace: [item] }, sight, verdicts));
    if ('call' in item) {
      const verdict = verdicts.get(nameOfTraced(item, tmpdir, scope));
      return {
        kind: 'result',
        name: callName(item.call),
        ...standing(verdict && objectionTo(item, verdict, tmpdir)?.stale),
      };
    }
    if ('file' in item)
      return { kind: 'file', name: fullPath(item.file, tmpdir), ...standing(change && 'its content is another') };
    return {
      kind: 'parameter',
      name: parameterName(item, 'what identifies it'),
      state: 'unknown',
      detail: 'only the program can tell',
    };
  });
}

/** @param all what is said for all that belongs to an analyzer */
export function parameterName({ instance, parameter }: TracedParameter, all: string): string {
  const name = parameter === '*' ? all : parameter.replace(CODE_MARK, 'the code of ');
  return instance === '' ? name : `${instance}: ${name}`;
}

function standing(detail: string | undefined): Pick<IngredientStanding, 'state' | 'detail'> {
  return detail === undefined ? { state: 'same', detail: '' } : { state: 'changed', detail };
}

/** Sees what records and files tell. However deep it lies, it is what is at fault that is named, and not the way to it. */
function sightFrom(tmpdir: string, scope: string): Sight {
  return {
    tmpdir,
    scope,
    from: sightFrom,
    lookAt: (item) => flowOf(() => lookAt(item, tmpdir)),
    changeOf(item, { computedAt }) {
      if (!('file' in item)) return undefined;
      return changeOfTracedFile(item, tmpdir, computedAt);
    },
    changeOfCall(item, verdict) {
      const objection = objectionTo(item, verdict, tmpdir);
      return objection && (objection.cause ?? `${callName(item.call)}: ${objection.stale}`);
    },
  };
}

function lookAt({ call, digest: digestUsed }: TracedCall, tmpdir: string): Verdict | Unfollowed {
  const record = storedAt(call, tmpdir, digestUsed);
  if (record === undefined) return { stale: 'it is no longer stored' };
  const [stale] = ownObjections(record);
  if (stale !== undefined) return { stale };
  const { digest, generation } = record;
  return {
    record,
    settle: (cause) =>
      flowOf(() => (cause === undefined ? { digest, generation } : { stale: `it is stale: ${cause}`, cause })),
  };
}

/** @param tmpdir of the result that used it */
function objectionTo(
  item: TracedCall,
  verdict: Verdict,
  tmpdir: string,
): { stale: string; cause?: string } | undefined {
  if ('stale' in verdict) return verdict;
  if (verdict.generation !== item.generation) return { stale: 'it was invalidated since' };
  if (verdict.digest === item.digest) return undefined;
  const cause = codeCause(item, verdict.digest, tmpdirOfTraced(item, tmpdir));
  return cause === undefined ? { stale: 'it has another value' } : { stale: `it has another value: ${cause}`, cause };
}

/** `root.camera.Camera.frames`. */
export function callName({ instance, method }: Identity): string {
  return [instance, method].filter((part) => part !== '').join('.');
}

/** A record elsewhere may name anything: what no tag can lead to is not looked for. */
function storedAt(call: Identity, tmpdir: string, digest: string): EntryRecord | undefined {
  try {
    checkFolderName(call.prefix, call.tag);
    const place = placeOf(tmpdir, call);
    if (!checkFolder(place.folder)) return undefined;
    const found = findEntryWith(place, call, digest);
    return found.kind === 'entry' ? found.record : undefined;
  } catch {
    return undefined;
  }
}
