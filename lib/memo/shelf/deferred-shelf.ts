/** A shelf that keeps writes and removals to itself until it is told to pass them on. */
import { flowOf, runNow, type Flow } from '../../base/run/flow.js';
import { FrozenCopy } from '../../codec/shared/frozen-copy.js';
import type { Identity } from '../../store/record/identity.js';
import type { Place } from '../../store/disk/place.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { Staged } from '../../store/entry/stage.js';
import type { Form } from '../../call/question.js';
import { storeBy } from '../../call/store.js';
import type { Entry, FromShelf, Notes, Refuse, Shelf } from './shelf.js';

interface Pending {
  entry: Entry;
  /** The entry to store; absent for a removal. */
  stored?: { form: Form; notes: Notes; record: EntryRecord };
}

export class DeferredShelf implements Shelf {
  /** Other processes cannot see deferred writes: claims would only make them wait for results that do not come. */
  readonly isShared = false;
  private readonly pending = new Map<string, Pending>();

  /** @param changed is told how much waits to be passed on */
  constructor(
    private readonly inner: Shelf,
    private readonly changed: (count: number) => void,
  ) {}

  *look(entry: Entry, refuse: Refuse): Flow<FromShelf> {
    const pending = this.pending.get(entry.identity.key);
    if (pending === undefined) return yield* this.inner.look(entry, refuse);
    if (pending.stored === undefined) return { found: false, mayStore: true, miss: { reason: 'missing' } };
    const { form, record } = pending.stored;
    const reason = yield* refuse(record);
    if (reason !== undefined) return { found: false, mayStore: true, miss: { reason } };
    return { found: true, value: new FrozenCopy(form.codec, form.encoded).thaw(), record, file: entry.place.plain };
  }

  stage(entry: Entry, form: Form, notes: Notes): Flow<Staged> {
    return flowOf(() => {
      // An encoding may be made of views of the value, which its owner may change before it is written.
      const bytes = Buffer.concat(form.encoded.chunks);
      const { chunks: _, ...described } = form.encoded;
      const record: EntryRecord = {
        format: 1,
        identity: entry.identity,
        ...notes.draft,
        ...described,
        codec: form.codec.name,
        bytes: bytes.length,
        checksum: '',
      };
      const stored = { form: { ...form, encoded: { ...described, chunks: [bytes] } }, notes, record };
      const commit = (): void => {
        this.enter({ entry, stored });
      };
      return {
        stem: entry.place.plain,
        file: entry.place.plain,
        bytes: bytes.length,
        commit,
        abandon: () => undefined,
      };
    });
  }

  /**
   * Passes on the waiting writes, in the order in which they came. A write that fails, and all behind it, wait further.
   * @param isWanted says which are passed on; the others are forgotten
   */
  passOn(isWanted: (record: EntryRecord) => boolean): void {
    for (const { entry, stored } of [...this.pending.values()]) {
      if (stored === undefined) this.inner.remove(entry);
      else if (isWanted(stored.record)) runNow(storeBy(() => this.inner.stage(entry, stored.form, stored.notes)));
      this.pending.delete(entry.identity.key);
      this.changed(this.pending.size);
    }
  }

  refuseCollision(entry: Entry): void {
    this.inner.refuseCollision(entry);
  }

  placeOf(identity: Identity): Place {
    return this.inner.placeOf(identity);
  }

  has(entry: Entry): boolean {
    const pending = this.pending.get(entry.identity.key);
    return pending === undefined ? this.inner.has(entry) : pending.stored !== undefined;
  }

  remove(entry: Entry): boolean {
    const wasThere = this.has(entry);
    if (wasThere) this.enter({ entry });
    return wasThere;
  }

  *records(): Generator<EntryRecord> {
    for (const record of this.inner.records()) if (!this.pending.has(record.identity.key ?? '')) yield record;
    for (const { stored } of this.pending.values()) if (stored !== undefined) yield stored.record;
  }

  clear(matches: (identity: Identity) => boolean): number {
    const identities = [...this.records()].map(({ identity }) => identity as Entry['identity']).filter(matches);
    for (const identity of identities) this.remove({ identity, place: this.placeOf(identity), key: undefined });
    return identities.length;
  }

  private enter(pending: Pending): void {
    this.pending.set(pending.entry.identity.key, pending);
    this.changed(this.pending.size);
  }
}
