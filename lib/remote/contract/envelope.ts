/**
 * A record as it lies in a remote: a line with a signature of all that follows and of the name it has there, then JSON with
 * the record's own sealed text, the SHA-256 of the data, and the data itself where it is small. Nothing behind the first line
 * is looked at before the signature is right.
 */
import { hash } from 'node:crypto';
import { textBytes } from '../../base/text/text-bytes.js';
import { codecNamed } from '../../codec/registry.js';
import { checkFolderName } from '../../key/names/folder-name.js';
import { formatRecord, parseRecord, type EntryRecord } from '../../store/record/record.js';
import { having, optional, text } from '../../store/record/shape.js';
import { nameOfData, nameOfRecord } from './layout.js';
import { NO_KEY, RefusedError } from './refused.js';
import type { Signer } from './signature.js';

/** Data of up to this many bytes lies in the record. */
export const MOST_INLINE = 1 << 14;

/** No record is longer; the longest trace makes it some megabytes. */
export const LARGEST_ENVELOPE = 1 << 26;

const FIRST_LINE = /^stowage-remote 1 (\S+)\n/;
const UNSIGNED = 'unsigned';

/** A record that was found right, and what is known of its data. */
export interface Opened {
  name: string;
  record: EntryRecord;
  /** Of the data; absent where the value lies in the record. */
  sha256?: string;
  /** The data, where it came with the record. */
  data?: Uint8Array;
}

const isPayload = having({ record: text, sha256: optional(text), data: optional(text) });

/** What only the place where a result lies has to say. */
export function withoutPlace(record: EntryRecord): EntryRecord {
  const { mtimeNs: _, inode: __, beside: ___, replaced: ____, versions: _____, pruned: ______, ...kept } = record;
  return kept;
}

/** @param record as {@link withoutPlace} leaves it */
export function formatEnvelope(record: EntryRecord, data: Uint8Array | undefined, signer: Signer | undefined): Buffer {
  const payload = JSON.stringify({
    record: formatRecord(record),
    ...(data !== undefined && { sha256: hash('sha256', data, 'hex') }),
    ...(data !== undefined && data.length <= MOST_INLINE && { data: Buffer.from(data).toString('base64') }),
  });
  const body = textBytes(payload);
  const signature = signer?.sign(signed(nameOfRecord(record), body)) ?? UNSIGNED;
  return Buffer.concat([textBytes(`stowage-remote 1 ${signature}\n`), body]);
}

function signed(name: string, body: Uint8Array): Buffer {
  return Buffer.concat([textBytes(`${name}\n`), body]);
}

/** @throws RefusedError where it is not what lay under this name */
export function openEnvelope(name: string, bytes: Uint8Array, signer: Signer | undefined): Opened {
  if (bytes.length > LARGEST_ENVELOPE) throw new RefusedError('it is too long to be a record');
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  const [line, signature] = FIRST_LINE.exec(head) ?? [];
  if (line === undefined || signature === undefined) throw new RefusedError('it is no record, or was damaged');
  const body = bytes.subarray(line.length);
  if (signer !== undefined) {
    if (signature === UNSIGNED) throw new RefusedError('nobody has signed it');
    if (!signer.isRight(signed(name, body), signature))
      throw new RefusedError('its signature is wrong: it was changed, or lay elsewhere, or has another key');
  }
  const opened = read(name, body);
  return signer === undefined ? unvouched(opened) : opened;
}

function read(name: string, body: Uint8Array): Opened {
  let payload: unknown;
  try {
    payload = JSON.parse(Buffer.from(body).toString());
  } catch {
    throw new RefusedError('it is cut off, or was damaged');
  }
  if (!isPayload(payload)) throw new RefusedError('it is no record');
  const { record: text, sha256, data } = payload as { record: string; sha256?: string; data?: string };
  const record = parseRecord(text);
  if (record === undefined) throw new RefusedError('its record is damaged, or of a later format');
  if (nameOfRecord(record) !== name) throw new RefusedError('it is the record of another result');
  const objection = objectionTo(record);
  if (objection !== undefined) throw new RefusedError(objection);
  if ((record.file === undefined) !== (sha256 === undefined))
    throw new RefusedError('its record and its data do not fit');
  const opened: Opened = { name, record: withoutPlace(record) };
  if (sha256 !== undefined) opened.sha256 = sha256;
  if (data !== undefined) {
    const bytes = textBytes(data, 'base64');
    checkData(opened, bytes);
    opened.data = new Uint8Array(bytes);
  }
  return opened;
}

/** A record names the place where it will lie: no more than that of its identity. */
function objectionTo({ identity, invalidated }: EntryRecord): string | undefined {
  const { prefix, tag, key, byName, name } = identity;
  if (byName === true || name !== undefined || invalidated === true) return 'it is no result of a method';
  if (key !== undefined && !/^[0-9a-f]{64}$/.test(key)) return 'its key is none';
  try {
    checkFolderName(prefix, tag);
    return undefined;
  } catch {
    return 'its tag is none';
  }
}

/** @throws RefusedError where the data is not that of the record */
export function checkData({ record, sha256 }: Opened, data: Uint8Array): void {
  if (data.length !== record.bytes)
    throw new RefusedError(
      `its data has ${data.length > record.bytes ? 'more' : 'fewer'} bytes than ${String(record.bytes)}`,
    );
  if (hash('sha256', data, 'hex') !== sha256)
    throw new RefusedError('its data is not what was pushed: its digest differs');
}

/** The name of a record's data. */
export function dataOf({ record, sha256 }: Opened): string | undefined {
  return sha256 === undefined ? undefined : nameOfData(sha256, extensionOf(record));
}

/** As its file has it, which need not be known to a codec of this process. */
export function extensionOf({ file = '', codec }: EntryRecord): string {
  const extension = codecNamed(codec)?.extension ?? /\.([A-Za-z0-9]+(?:\.[A-Za-z0-9]+)?)$/.exec(file)?.[1];
  return extension ?? 'bin';
}

/** What holds numbers, tables and texts alone: to read it makes no objects that run anything. */
const PLAIN_CODECS = ['npy', 'arrow', 'json'];

/** What is left of a record for which nobody vouches. @throws RefusedError where it could be anything */
function unvouched(opened: Opened): Opened {
  const { arguments: stored, ...record } = opened.record;
  if (!PLAIN_CODECS.includes(record.codec) || record.library !== undefined) throw new RefusedError(NO_KEY);
  return {
    ...opened,
    record: {
      ...record,
      ...(stored !== undefined && { arguments: { preview: stored.preview } }),
      trace: record.trace.map((item) => ('arguments' in item ? { ...item, arguments: null } : item)),
    },
  };
}
