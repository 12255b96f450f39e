/** Does a result still hold, as far as records and files tell? Nothing is computed, and no code of the user's is there. */
import { now } from '../../base/clock.js';
import { isFromTheFuture } from '../../base/from-the-future.js';
import { checkFolderName } from '../../key/names/folder-name.js';
import { findEntry } from '../../store/entry/find.js';
import { checkFolder } from '../../store/entry/folder.js';
import { identityText, type Identity } from '../../store/record/identity.js';
import { placeOf } from '../../store/entry/place.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { Traced, TracedCall, TracedFile } from '../../store/record/traced.js';
import { changeOfFile, fullPath } from '../../trace/file-state.js';

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
export function ownObjections({ invalidated, computedAt, expiresAt }: EntryRecord): string[] {
  const at = now();
  const isOver = expiresAt !== undefined && (expiresAt < at || isFromTheFuture(computedAt, expiresAt - computedAt, at));
  return [
    ...(invalidated === true ? ['it was invalidated by hand, and not computed again since'] : []),
    ...(isOver ? ['its lifetime is over'] : []),
  ];
}

/** What became of all that a result was made of, in the order in which it used it. @param tmpdir under which its record lies */
export function ingredientsOf(record: EntryRecord, tmpdir: string): IngredientStanding[] {
  const judgement = new Judgement();
  return record.trace.map((item) => judgement.standingOf(item, record, tmpdir));
}

/** A record whose trace is being followed. */
interface Level {
  name: string;
  record: EntryRecord;
  tmpdir: string;
  at: number;
}

/** Why a result does not hold. */
interface Objection {
  /** In words; they name the result or file that is at fault where that is another. */
  cause: string;
  /** Does the result itself stand, and something that it was made of does not? */
  isInherited: boolean;
}

/** Each result is looked at once, however many were made of it. */
class Judgement {
  /** By name; `undefined` for a result that holds. */
  private readonly verdicts = new Map<string, Objection | undefined>();

  standingOf(item: Traced, record: EntryRecord, tmpdir: string): IngredientStanding {
    if ('call' in item) {
      const objection = this.changeOf(item, tmpdir);
      const name = callName(item.call);
      return {
        kind: 'result',
        name,
        ...(objection === undefined ? same : { state: 'changed', detail: inWords(objection) }),
      };
    }
    if ('file' in item) {
      const path = fullPath(item.file, tmpdir);
      return {
        kind: 'file',
        name: path,
        ...(isSame(item, record, tmpdir) ? same : { state: 'changed', detail: 'its content is another' }),
      };
    }
    const parameter = item.parameter === '*' ? 'what identifies it' : item.parameter;
    return {
      kind: 'parameter',
      name: `${item.instance}: ${parameter}`,
      state: 'unknown',
      detail: 'only the program can tell',
    };
  }

  /** Goes up the traces, each to its end before the trace that led to it. A list, not the stack, carries the depth. */
  private changeOf(asked: TracedCall, askedTmpdir: string): Objection | undefined {
    const first = this.lookAt(asked, askedTmpdir);
    const levels: Level[] = first === undefined ? [] : [first];
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const { name, record, tmpdir } = level;
      const item = record.trace[level.at];
      if (item === undefined) {
        this.verdicts.set(name, undefined);
        levels.pop();
        continue;
      }
      let cause: string | undefined;
      if ('call' in item) {
        const next = this.lookAt(item, tmpdir);
        if (next !== undefined) {
          levels.push(next);
          continue;
        }
        cause = causeBehind(item.call, this.compare(item, tmpdir));
      } else if ('file' in item && !isSame(item, record, tmpdir)) {
        cause = `the file ${fullPath(item.file, tmpdir)} changed`;
      }
      level.at++;
      if (cause === undefined) continue;
      this.verdicts.set(name, { cause, isInherited: true });
      levels.pop();
    }
    return this.compare(asked, askedTmpdir);
  }

  /** The level of a result that has not been looked at yet, if it is stored. */
  private lookAt({ call, tmpdir: elsewhere }: TracedCall, here: string): Level | undefined {
    const tmpdir = elsewhere ?? here;
    const name = nameOf(call, tmpdir);
    if (this.verdicts.has(name)) return undefined;
    const record = storedAt(call, tmpdir);
    const [objection] = record === undefined ? ['it is no longer stored'] : ownObjections(record);
    // Should it be asked for again while its own trace is followed, it is made of itself.
    this.verdicts.set(name, itsOwn(objection ?? 'it is made of itself'));
    return record === undefined || objection !== undefined ? undefined : { name, record, tmpdir, at: 0 };
  }

  private compare({ call, tmpdir: elsewhere, digest, generation }: TracedCall, here: string): Objection | undefined {
    const tmpdir = elsewhere ?? here;
    const known = this.verdicts.get(nameOf(call, tmpdir));
    if (known !== undefined) return known;
    const record = storedAt(call, tmpdir);
    if (record?.generation !== generation) return itsOwn('it was invalidated since');
    return record.digest === digest ? undefined : itsOwn('it has another value');
  }
}

function itsOwn(cause: string): Objection {
  return { cause, isInherited: false };
}

function inWords({ cause, isInherited }: Objection): string {
  return isInherited ? `it is stale: ${cause}` : cause;
}

/** However deep it lies, it is the result at fault that is named, and not the way to it. */
function causeBehind(call: Identity, objection: Objection | undefined): string | undefined {
  return objection === undefined || objection.isInherited ? objection?.cause : `${callName(call)}: ${objection.cause}`;
}

const same = { state: 'same', detail: '' } as const;

function nameOf(call: Identity, tmpdir: string): string {
  return `${tmpdir}\0${identityText(call)}`;
}

/** `root.camera.Camera.frames`. */
function callName({ instance, method }: Identity): string {
  return [instance, method].filter((part) => part !== '').join('.');
}

/** A record elsewhere may name anything: what no tag can lead to is not looked for. */
function storedAt(call: Identity, tmpdir: string): EntryRecord | undefined {
  try {
    checkFolderName(call.prefix, call.tag);
    const place = placeOf(tmpdir, call);
    if (!checkFolder(place.folder)) return undefined;
    const found = findEntry(place, call);
    return found.kind === 'entry' ? found.record : undefined;
  } catch {
    return undefined;
  }
}

function isSame(item: TracedFile, { computedAt }: EntryRecord, tmpdir: string): boolean {
  return changeOfFile(fullPath(item.file, tmpdir), item, computedAt) === undefined;
}
