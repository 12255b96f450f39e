/** A folder of results: one record an entry, and its data beside it, as the method cache writes them. */
import { statSync } from 'node:fs';
import { ValidateError } from '../../base/errors.js';
import { settings } from '../../base/settings.js';
import type { Flow } from '../../base/run/flow.js';
import { clearEntries, removeEntry, storedEntries } from '../../store/maintain/clear.js';
import { reportFault, throwDiskErrors } from '../../store/entry/disk-errors.js';
import { findEntry } from '../../store/entry/find.js';
import { sameIdentity, type Identity } from '../../store/record/identity.js';
import { resultFileOf } from '../../store/entry/result-file.js';
import { isAtItsPlace } from '../../store/entry/leftovers.js';
import { loadEntry } from '../../store/entry/load.js';
import { missOf } from '../../store/entry/miss.js';
import { placeIn, type Place } from '../../store/disk/place.js';
import { readRecordText } from '../../store/record/read-text.js';
import { parseRecord, type EntryRecord } from '../../store/record/record.js';
import { stageEntry } from '../../store/entry/stage.js';
import { isWhole } from '../../store/entry/record-matches-data.js';
import { collision } from './collision.js';
import { HashCollisionError } from './errors.js';
import type { Form, StagedEntry } from '../../call/question.js';
import type { Entry, FromShelf, Notes, Refuse, Say, Shelf } from './shelf.js';

export class FileShelf implements Shelf {
  readonly isShared = true;

  constructor(
    /** Absolute. */
    readonly folder: string,
    private readonly say: Say,
  ) {}

  placeOf(identity: Identity): Place {
    return placeIn(this.folder, identity);
  }

  *look(entry: Entry, refuse: Refuse): Flow<FromShelf> {
    try {
      this.refuseCollision(entry);
      const loaded = yield* loadEntry(entry.place, entry.identity, { refuse, writable: !settings.readonly });
      if (loaded.kind !== 'value') {
        return missOf(loaded, (type, more) => {
          this.say(entry, type, more);
        });
      }
      const { value, record, stem, codec } = loaded;
      const file = record.file === undefined ? `${stem}.json` : `${stem}.${codec.extension ?? ''}`;
      return { found: true, value, record, file };
    } catch (error) {
      if (error instanceof HashCollisionError || error instanceof ValidateError) throw error;
      reportFault(entry, 'read', error);
      return { found: false, mayStore: false, miss: { reason: 'fault' } };
    }
  }

  refuseCollision(entry: Entry): void {
    const other = otherKeyAt(entry);
    if (other !== undefined) throw collision(entry, other);
  }

  *stage(entry: Entry, { codec, encoded }: Form, { draft, beside = {} }: Notes): Flow<StagedEntry> {
    const options = { durable: true, beside };
    const staged = yield* stageEntry(entry.place, entry.identity, codec, encoded, draft, options);
    return { ...staged, isWhole: () => isWhole(staged.stem) };
  }

  /** What a record says, and where its result lies; nothing of its data is read. */
  recordOf({ place, identity }: Entry): { record: EntryRecord; file: string } | undefined {
    const found = throwDiskErrors(this.folder, 'read', () => findEntry(place, identity));
    return found.kind === 'entry' ? { record: found.record, file: resultFileOf(found.stem, found.record) } : undefined;
  }

  has({ place, identity }: Entry): boolean {
    return findEntry(place, identity).kind === 'entry';
  }

  remove({ place, identity }: Entry): boolean {
    let wasThere = false;
    // Two who first stored it at the same moment may have left it under both its names.
    for (let found = findEntry(place, identity); found.kind === 'entry'; found = findEntry(place, identity)) {
      removeEntry(found.stem, found.record);
      wasThere = true;
    }
    return wasThere;
  }

  *records(): Generator<EntryRecord> {
    refuseFile(this.folder);
    for (const { record, stem } of storedEntries(this.folder)) {
      // The copy of a record under another name is no entry.
      if (record.identity.name !== undefined && isAtItsPlace(this.folder, stem, record)) yield record;
    }
  }

  clear(matches: (identity: Identity) => boolean): number {
    refuseFile(this.folder);
    return clearEntries(this.folder, matches);
  }
}

/** A folder that the user named and that is a file is not an empty one. @throws Error ENOTDIR */
export function refuseFile(folder: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() === false) throw Object.assign(new Error(`${folder} is no folder`), { code: 'ENOTDIR' });
}

/** The record of another key that has an entry's name, under either of the names that the entry can have. */
function otherKeyAt({ place, identity }: Entry): EntryRecord | undefined {
  // Named after the key itself, it is no other's.
  if (identity.name === identity.key) return undefined;
  for (const stem of [place.plain, place.alternative]) {
    const record = parseRecord(readRecordText(`${stem}.json`) ?? '');
    if (record === undefined || record.identity.key === identity.key) continue;
    if (sameIdentity({ ...record.identity, key: identity.key }, identity)) return record;
  }
  return undefined;
}
