/** One stored result on its way to a remote: its data first, then the record, whose appearance is the commit. */
import * as fs from 'node:fs';
import { hash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { RemoteError } from '../../base/errors.js';
import { isErrno, readInto } from '../../base/files/files.js';
import { openRegularFile } from '../../base/files/open-regular-file.js';
import { checksumOf } from '../../store/record/checksum.js';
import { readRecordText } from '../../store/record/read-text.js';
import { parseRecord, type EntryRecord } from '../../store/record/record.js';
import type { Backend } from '../contract/backend.js';
import { extensionOf, formatEnvelope, MOST_INLINE, withoutPlace } from '../contract/envelope.js';
import { nameOfData, nameOfRecord } from '../contract/layout.js';
import type { Signer } from '../contract/signature.js';

/** What became of it. `unfit`: it is not there, damaged, pruned, invalidated, adopted by its name, or too large. */
export interface Pushed {
  outcome: 'pushed' | 'present' | 'unfit';
  name?: string;
  bytes: number;
}

export interface PushEntryOptions {
  /** Puts it in the place of what is there under its name, which was refused. @defaultValue `false` */
  replaces?: boolean;
}

/** What one request can hold. */
const MOST_BYTES = 2 ** 31 - 1;

/** How often the record of an entry is read that a writer may just be replacing. */
const LOOKS = 5;

export async function pushEntry(
  stem: string,
  backend: Backend,
  signer: Signer | undefined,
  { replaces = false }: PushEntryOptions = {},
): Promise<Pushed> {
  const entry = await readEntry(stem);
  if (entry === undefined) return { outcome: 'unfit', bytes: 0 };
  const { record, data } = entry;
  const putting = { ifAbsent: !replaces };
  if (data !== undefined && data.length > MOST_INLINE) {
    const name = nameOfData(hash('sha256', data, 'hex'), extensionOf(record));
    await patiently(() => backend.put(name, data, putting));
  }
  const name = nameOfRecord(record);
  const envelope = formatEnvelope(record, data, signer);
  const isPut = await patiently(() => backend.put(name, envelope, putting));
  return { outcome: isPut ? 'pushed' : 'present', name, bytes: data?.length ?? 0 };
}

/** Can it be pushed, by what its record says? */
export function isFit({ identity, invalidated, pruned, adopted, bytes }: EntryRecord): boolean {
  if (identity.byName === true || identity.name !== undefined || adopted === true) return false;
  return invalidated !== true && pruned === undefined && bytes <= MOST_BYTES;
}

/** Record and data that belong together. */
async function readEntry(stem: string): Promise<{ record: EntryRecord; data: Uint8Array | undefined } | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    const record = parseRecord(readRecordText(`${stem}.json`) ?? '');
    if (record === undefined || !isFit(record)) return undefined;
    if (record.file === undefined) return { record: withoutPlace(record), data: undefined };
    const data = await readData(join(dirname(stem), record.file), record.bytes);
    if (data !== undefined && checksumOf([data]) === record.checksum) return { record: withoutPlace(record), data };
    await later(10 * look);
  }
  return undefined;
}

async function readData(path: string, bytes: number): Promise<Uint8Array | undefined> {
  let file: ReturnType<typeof openRegularFile>;
  try {
    file = openRegularFile(path, { followsLinks: false });
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    if (file.stat.size !== BigInt(bytes)) return undefined;
    const data = Buffer.allocUnsafeSlow(bytes);
    return (await readInto(file.fd, data, 0).async()) === bytes ? data : undefined;
  } finally {
    fs.closeSync(file.fd);
  }
}

/** What a server says that has too much to do. */
const BUSY = ['429', '500', '502', '503', '504'];
const TRIES = 3;

/** Does something again that a server was too busy for. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0 || !(error instanceof RemoteError) || !BUSY.includes(error.reason)) throw error;
      const milliseconds = (TRIES - left) * (100 + Math.random() * 200);
      await later(milliseconds);
    }
  }
}
