/** A shelf with what was looked at last in memory, as bytes: every caller gets a copy, and no more is kept than the budget. */
import { FrozenCopy } from '../../codec/shared/frozen-copy.js';
import type { Flow } from '../../base/run/flow.js';
import type { Codec } from '../../codec/shared/codec.js';
import type { Identity } from '../../store/record/identity.js';
import { memory, type Slot } from '../../store/entry/memory.js';
import type { Place } from '../../store/disk/place.js';
import { recordStamp } from '../../store/entry/record-stamp.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { Form, StagedEntry } from '../../call/question.js';
import type { Entry, FromShelf, Notes, Refuse, Shelf } from './shelf.js';

class Held implements Slot {
  kept = false;
  value: unknown = undefined;
  used = false;
  declare weak?: WeakRef<object>;
  declare seat?: NonNullable<Slot['seat']>;

  constructor(
    readonly record: EntryRecord,
    readonly file: string,
    /** What the record's file was. */
    readonly stamp: string,
    /** Called when the budget takes it away: it is on disk. */
    readonly evicted: () => void,
  ) {}
}

export class HeldShelf implements Shelf {
  readonly isShared: boolean;
  private readonly held = new Map<string, Held>();

  constructor(
    private readonly inner: Shelf,
    private readonly codec: Codec,
  ) {
    this.isShared = inner.isShared;
  }

  *look(entry: Entry, refuse: Refuse): Flow<FromShelf> {
    const { key } = entry.identity;
    const held = this.held.get(key);
    const stamp = recordStamp(entry.place);
    // The record's file is looked at each time: another process may have put another in its place.
    const frozen = held?.stamp === stamp && held.kept ? (held.value as FrozenCopy) : undefined;
    if (held === undefined || frozen === undefined) {
      this.unload(key);
      const found = yield* this.inner.look(entry, refuse);
      if (found.found && recordStamp(entry.place) === stamp) this.hold(entry, found, stamp);
      return found;
    }
    held.used = true;
    const reason = yield* refuse(held.record);
    if (reason !== undefined) return { found: false, mayStore: true, miss: { reason } };
    return { found: true, value: frozen.thaw(), record: held.record, file: held.file };
  }

  /** Lets go of an entry in memory. */
  unload(key: string): void {
    const held = this.held.get(key);
    if (held === undefined) return;
    memory.drop(held);
    this.held.delete(key);
  }

  *stage(entry: Entry, form: Form, notes: Notes): Flow<StagedEntry> {
    const staged = yield* this.inner.stage(entry, form, notes);
    const commit = (): void => {
      this.unload(entry.identity.key);
      staged.commit();
    };
    return { ...staged, commit };
  }

  refuseCollision(entry: Entry): void {
    this.inner.refuseCollision(entry);
  }

  placeOf(identity: Identity): Place {
    return this.inner.placeOf(identity);
  }

  has(entry: Entry): boolean {
    return this.inner.has(entry);
  }

  remove(entry: Entry): boolean {
    this.unload(entry.identity.key);
    return this.inner.remove(entry);
  }

  records(): Iterable<EntryRecord> {
    return this.inner.records();
  }

  clear(matches: (identity: Identity) => boolean): number {
    for (const key of [...this.held.keys()]) this.unload(key);
    return this.inner.clear(matches);
  }

  private hold(
    { identity: { key } }: Entry,
    { record, file, value }: Extract<FromShelf, { found: true }>,
    stamp: string,
  ): void {
    const held = new Held(record, file, stamp, () => {
      if (this.held.get(key) === held) this.held.delete(key);
    });
    let frozen: FrozenCopy;
    try {
      frozen = new FrozenCopy(this.codec, this.codec.encode(value));
    } catch {
      // A codec of the user's own does not take what it gave: the disk answers each time.
      return;
    }
    this.held.set(key, held);
    memory.keep(held, frozen, record.bytes);
    if (!held.kept) this.held.delete(key);
  }
}
