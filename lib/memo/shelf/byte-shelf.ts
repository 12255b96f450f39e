/** Results in a store of bytes: each is the record that a file would have beside it, and the data behind it. */
import { isUint8Array } from 'node:util/types';
import { dirname, join } from 'node:path';
import { textBytes } from '../../base/text/text-bytes.js';
import { codecNamed, decodeWhole } from '../../codec/registry.js';
import { FormatError } from '../../base/errors.js';
import { flowOf, type Flow } from '../../base/run/flow.js';
import { fileName } from '../../key/names/path-name.js';
import { checksumOf } from '../../store/record/checksum.js';
import { reportFault } from '../../store/entry/disk-errors.js';
import { sameIdentity, type Identity } from '../../store/record/identity.js';
import { formatRecord, parseRecord, type EntryRecord } from '../../store/record/record.js';
import type { Place } from '../../store/disk/place.js';
import type { Staged } from '../../store/entry/stage.js';
import type { ByteStore } from './byte-store.js';
import { collision } from './collision.js';
import type { Form } from '../../call/question.js';
import type { Entry, FromShelf, Notes, Refuse, Say, Shelf } from './shelf.js';

export class ByteShelf implements Shelf {
  readonly isShared = false;

  constructor(
    private readonly store: ByteStore,
    /** What messages call the store. */
    private readonly label: string,
    private readonly say: Say,
  ) {}

  placeOf(identity: Identity): Place {
    const plain = join(this.label, nameIn(identity));
    return { tmpdir: this.label, folder: dirname(plain), plain, alternative: plain };
  }

  *look(entry: Entry, refuse: Refuse): Flow<FromShelf> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = this.store.get(nameIn(entry.identity));
    } catch (error) {
      reportFault(entry, 'read', error);
      return { found: false, mayStore: false, miss: { reason: 'fault' } };
    }
    if (bytes === undefined) return { found: false, mayStore: true, miss: { reason: 'missing' } };
    const opened = open(bytes);
    if (opened === undefined) {
      const reason = `${entry.place.plain} is not what was written`;
      this.say(entry, 'corrupt', { file: entry.place.plain, reason });
      return { found: false, mayStore: true, miss: { reason } };
    }
    const { record, data } = opened;
    refuseOther(entry, record);
    const reason = yield* refuse(record);
    if (reason !== undefined) {
      this.say(entry, 'stale', { file: entry.place.plain, reason });
      return { found: false, mayStore: true, miss: { reason } };
    }
    try {
      const codec = codecNamed(record.codec);
      if (codec === undefined)
        throw new FormatError(`${entry.place.plain} names the codec '${record.codec}', which is not registered here`);
      return { found: true, value: decodeWhole(codec, { ...record, chunks: [data] }), record, file: entry.place.plain };
    } catch (error) {
      return { found: false, mayStore: false, miss: { reason: 'unreadable here', error: error as Error } };
    }
  }

  refuseCollision(entry: Entry): void {
    const bytes = this.store.get(nameIn(entry.identity));
    const opened = bytes === undefined ? undefined : open(bytes);
    if (opened !== undefined) refuseOther(entry, opened.record);
  }

  stage(entry: Entry, { codec, encoded }: Form, { draft, beside }: Notes): Flow<Staged> {
    return flowOf(() => {
      const { chunks, ...notes } = encoded;
      const data = Buffer.concat(chunks);
      const record: EntryRecord = {
        format: 1,
        identity: entry.identity,
        ...draft,
        ...notes,
        codec: codec.name,
        bytes: data.length,
        checksum: checksumOf([data]),
        ...(beside !== undefined && { texts: beside }),
      };
      const bytes = close(record, data);
      return {
        stem: entry.place.plain,
        file: entry.place.plain,
        bytes: bytes.length,
        commit: () => {
          this.store.set(nameIn(entry.identity), bytes);
        },
        abandon: () => undefined,
      };
    });
  }

  /** What the record says, and what messages call the place. */
  recordOf({ identity, place }: Entry): { record: EntryRecord; file: string } | undefined {
    const bytes = this.store.get(nameIn(identity));
    const record = bytes && open(bytes)?.record;
    return record && { record, file: place.plain };
  }

  has({ identity }: Entry): boolean {
    return this.store.get(nameIn(identity)) !== undefined;
  }

  remove({ identity }: Entry): boolean {
    return this.store.delete(nameIn(identity));
  }

  *records(): Generator<EntryRecord> {
    for (const name of [...this.store.keys()]) {
      const bytes = this.store.get(name);
      const record = bytes === undefined ? undefined : open(bytes)?.record;
      // A store may hold entries that are not ours.
      if (record?.identity.name !== undefined && nameIn(record.identity) === name) yield record;
    }
  }

  clear(matches: (identity: Identity) => boolean): number {
    const names = [...this.records()]
      .map(({ identity }) => identity)
      .filter(matches)
      .map(nameIn);
    for (const name of names) this.store.delete(name);
    return names.length;
  }
}

function refuseOther(entry: Entry, record: EntryRecord): void {
  if (!sameIdentity(record.identity, entry.identity)) throw collision(entry, record);
}

/** The methods that subclasses inherit have a name each: a `key` may leave out whose they are. */
function nameIn({ method, class: className, version = 'any', name = '' }: Identity): string {
  return (className === undefined ? [method, version, name] : [method, className, version, name])
    .map(fileName)
    .join('/');
}

/** Length of the record in four bytes, the record, the data. */
function close(record: EntryRecord, data: Uint8Array): Uint8Array {
  const text = textBytes(formatRecord(record));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Uint8Array.from(Buffer.concat([length, text, data]));
}

/** What was closed; `undefined` where any of it is not what it was. */
function open(bytes: Uint8Array): { record: EntryRecord; data: Uint8Array } | undefined {
  if (!isUint8Array(bytes) || bytes.length < 4) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = 4 + buffer.readUInt32LE();
  const record = parseRecord(buffer.toString('utf8', 4, end));
  const data = buffer.subarray(end);
  return record?.checksum === checksumOf([data]) ? { record, data } : undefined;
}
