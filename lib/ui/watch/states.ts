/** What records and files say of every entry, by what each was made of. */
import { ownObjections } from '../../cli/choose/standing.js';
import { changesBetween, type RecordedCode } from '../../store/record/code-seen.js';
import { changeOfTracedFile } from '../../trace/file-state.js';
import type { EntryRow, State } from '../contract/messages.js';
import type { Row } from './row.js';

interface Verdict {
  state: State;
  reason: string;
}

const STORED: Readonly<Record<Row['stored'], Verdict | undefined>> = {
  stored: undefined,
  pruned: undefined,
  invalidated: undefined,
  damaged: { state: 'damaged', reason: 'the record is not what was written' },
  'missing data': { state: 'damaged', reason: 'the data is gone, and nobody has pruned it' },
  unreadable: { state: 'other', reason: 'a later version of Stowage wrote it, or it is not for this user to read' },
  foreign: { state: 'other', reason: "it is the copy of another tag's or another call's entry" },
};

/** How deep one result may be made of another: records of different times may name each other in a circle. */
const DEEPEST = 1000;

/** The states of all entries as they are at a moment. */
export class States {
  private readonly verdicts = new Map<string, Verdict>();
  private readonly byName = new Map<string, Row>();
  private readonly users = new Map<string, Row[]>();
  private readonly latest = new Map<string, Row & { code: RecordedCode }>();
  private readonly otherCode = new Map<RecordedCode, Map<RecordedCode, string>>();
  private readonly files = new Map<string, string | undefined>();

  constructor(
    rows: Iterable<Row>,
    private readonly tmpdir: string,
  ) {
    for (const row of rows) {
      for (const { of } of row.uses) this.users.set(of, [...(this.users.get(of) ?? []), row]);
      if (row.place.version !== undefined) continue;
      if (row.name !== undefined) this.byName.set(row.name, row);
      const { code, owner } = row;
      if (code === undefined || code.code === '') continue;
      const known = this.latest.get(owner);
      if (known === undefined || known.computedAt < row.computedAt) this.latest.set(owner, { ...row, code });
    }
  }

  /** The entry that a result which was used is now. */
  named(name: string): Row | undefined {
    return this.byName.get(name);
  }

  /** What was made of an entry. */
  usersOf({ name }: Row): readonly Row[] {
    return name === undefined ? [] : (this.users.get(name) ?? []);
  }

  of(row: Row, depth = 0): Verdict {
    const known = this.verdicts.get(row.id);
    if (known !== undefined) return known;
    // Whoever comes back here on the way has found a circle.
    this.verdicts.set(row.id, CURRENT);
    const verdict = this.look(row, depth);
    this.verdicts.set(row.id, verdict);
    return verdict;
  }

  private look(row: Row, depth: number): Verdict {
    const stored = STORED[row.stored];
    if (stored !== undefined) return stored;
    const stale =
      ownObjections(row)[0] ?? this.changedFile(row) ?? (depth < DEEPEST ? this.changedUse(row, depth) : undefined);
    if (stale !== undefined) return { state: 'stale', reason: stale };
    if (row.stored === 'pruned') return { state: 'pruned', reason: 'its data was removed to make room' };
    const code = row.place.version === undefined ? this.codeOf(row) : 'it is an earlier version';
    return code === '' ? CURRENT : { state: 'older', reason: code };
  }

  private changedFile({ files, computedAt }: Row): string | undefined {
    for (const file of files) {
      // What many results were made of is looked at once.
      const name = [file.file, file.bytes, file.mtimeNs, file.checksum].join('\0');
      if (!this.files.has(name)) this.files.set(name, changeOfTracedFile(file, this.tmpdir, computedAt));
      const change = this.files.get(name);
      if (change !== undefined) return change;
    }
    return undefined;
  }

  private changedUse({ uses }: Row, depth: number): string | undefined {
    for (const { of, digest, generation, label } of uses) {
      const used = this.byName.get(of);
      // What lies in another folder of tags is not looked at.
      if (used === undefined && !of.startsWith(`call ${this.tmpdir}\0`)) continue;
      if (used === undefined) return `${label} is no longer stored`;
      if (used.generation !== generation) return `${label} was invalidated since`;
      if (used.digest !== digest) return `${label} has another value`;
      const { state, reason } = this.of(used, depth + 1);
      if (state === 'stale' || state === 'damaged') return `${label}: ${reason}`;
    }
    return undefined;
  }

  /** What the latest result of its method has otherwise. */
  private codeOf({ owner, code }: Row): string {
    const now = this.latest.get(owner)?.code;
    if (code === undefined || now === undefined || code === now) return '';
    const known = this.otherCode.get(code) ?? new Map<RecordedCode, string>();
    this.otherCode.set(code, known);
    const text = known.get(now) ?? changesBetween(code, now).join(', ');
    known.set(now, text);
    return text;
  }
}

const CURRENT: Verdict = { state: 'current', reason: '' };

/** An entry as a list shows it. */
export function entryRow(row: Row, states: States): EntryRow {
  const { id, folder, place, method, value, bytes, seconds, computedAt } = row;
  return {
    id,
    tag: folder.tag,
    method,
    ...(place.key !== undefined && { key: place.key.slice(0, 12) }),
    ...(place.version !== undefined && { version: place.version }),
    arguments: row.arguments,
    ...states.of(row),
    value,
    bytes,
    seconds,
    computedAt,
  };
}
