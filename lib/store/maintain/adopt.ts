/** Records for data files that another program wrote, so that they become entries. */
import * as fs from 'node:fs';
import { basename } from 'node:path';
import { FormatError } from '../../base/errors.js';
import { messageOf } from '../../base/thrown.js';
import { isErrno } from '../../base/files/files.js';
import { runAsync, type Flow } from '../../base/run/flow.js';
import { NotAFileError, openRegularFile, type OpenFile } from '../../base/files/open-regular-file.js';
import { userName } from '../../base/text/user-name.js';
import { VERSION } from '../../base/version.js';
import type { Codec, ValueNotes } from '../../codec/shared/codec.js';
import { codecNamed } from '../../codec/registry.js';
import { valueDigest } from '../../key/canonical/canonical.js';
import { parseNpyHeader } from '../../codec/npy/header.js';
import { checksumOf } from '../record/checksum.js';
import { readRecordText } from '../record/read-text.js';
import { newGeneration } from '../record/generation.js';
import { readParts } from '../disk/read-data.js';
import type { CodeSeen } from '../record/code-seen.js';
import type { Identity } from '../record/identity.js';
import { parseRecord, type EntryRecord } from '../record/record.js';
import { rewriteRecord } from '../entry/rewrite.js';

/** Codecs whose files other programs write, by extension. */
const FOREIGN_CODECS: Readonly<Record<string, { codec: string; type: string }>> = {
  /** Without a type, an array becomes what suits the file; see the codec. */
  npy: { codec: 'npy', type: '' },
  arrow: { codec: 'arrow', type: 'Table' },
};

/** Extensions of files that can be adopted. */
export const adoptableExtensions: readonly string[] = Object.keys(FOREIGN_CODECS);

/** What the adopter knows of a file beside its bytes. */
export interface Adoption {
  identity: Identity;
  /** Digest of the method's source; `''` where no method is known. */
  code: string;
  /** The same code, by what it means and reaches. */
  codeSeen?: CodeSeen;
}

/** Why a file was not adopted; `'entry'` for one that has a record already. */
export type Refusal = { entry: true } | { reason: string };

/**
 * Gives a file its record. File system errors are thrown, save that the file is not there.
 * @param path of the data file
 * @returns `undefined` where it is adopted now
 */
export async function adoptFile(path: string, adoption: Adoption): Promise<Refusal | undefined> {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  const { codec: name = '', type = '' } = FOREIGN_CODECS[extension] ?? {};
  const codec = codecNamed(name);
  if (codec === undefined) return { reason: 'it is no .npy or .arrow file' };
  const stem = path.slice(0, -1 - extension.length);
  let file: OpenFile;
  try {
    file = openRegularFile(path, { followsLinks: false });
  } catch (error) {
    if (error instanceof NotAFileError) return { reason: 'it is no file' };
    if (isErrno(error, 'ENOENT')) return { reason: 'it is gone' };
    if (isErrno(error, 'ELOOP')) return { reason: 'it is a symbolic link' };
    throw error;
  }
  const { fd, stat } = file;
  try {
    const taken = whyTaken(stem, basename(path), stat);
    if (taken !== undefined) return taken;
    const read = await runAsync(readForeign(codec, type, fd, Number(stat.size)));
    if (typeof read === 'string') return { reason: read };
    const after = fs.fstatSync(fd, { bigint: true });
    if (after.mtimeNs !== stat.mtimeNs || after.size !== stat.size) return { reason: 'it is being written' };
    rewriteRecord(stem, recordOf(path, stat, codec, read, adoption));
    return undefined;
  } finally {
    fs.closeSync(fd);
  }
}

/** Does a record speak of a data file? */
export function hasRecord(path: string): boolean {
  const stem = path.slice(0, path.lastIndexOf('.'));
  return parseRecord(readRecordText(`${stem}.json`) ?? '')?.file === basename(path);
}

/** A file that was adopted and has been written again since is adopted anew. */
function whyTaken(stem: string, file: string, stat: fs.BigIntStats): Refusal | undefined {
  const text = readRecordText(`${stem}.json`);
  if (text === undefined) return undefined;
  const record = parseRecord(text);
  if (record === undefined)
    return { reason: `${basename(stem)}.json, where its record would be, is no record, or a damaged one` };
  if (record.file !== file) return { reason: `${basename(stem)}.json is the record of another result` };
  const isUntouched = record.mtimeNs === String(stat.mtimeNs) && record.bytes === Number(stat.size);
  return record.adopted !== true || isUntouched ? { entry: true } : undefined;
}

interface ForeignValue {
  notes: ValueNotes;
  checksum: string;
  digest: string;
}

function* readForeign(codec: Codec, type: string, fd: number, size: number): Flow<ForeignValue | string> {
  const parts = yield* readParts(codec, fd, size);
  if (parts instanceof FormatError) return cannotBeRead(codec, parts);
  try {
    const checksum = checksumOf([parts.head, parts.body]);
    const notes: ValueNotes = { type, ...(codec.name === 'npy' && notesOfNpy(parts.head)) };
    return { notes, checksum, digest: valueDigest(codec.decode(parts.body, notes, parts.head)) };
  } catch (error) {
    return cannotBeRead(codec, error);
  }
}

/** What the codec says of the file is why: each kind of damage, or of array, asks for another remedy. */
function cannotBeRead(codec: Codec, error: unknown): string {
  return `it is no ${codec.name} file that can be read: ${messageOf(error)}`;
}

function notesOfNpy(head: Uint8Array): Pick<ValueNotes, 'dtype' | 'shape'> {
  const { descr, shape } = parseNpyHeader(head);
  return { dtype: descr, shape: [...shape] };
}

function recordOf(
  path: string,
  stat: fs.BigIntStats,
  codec: Codec,
  value: ForeignValue,
  adoption: Adoption,
): EntryRecord {
  const { identity, code, codeSeen } = adoption;
  return {
    format: 1,
    identity,
    codec: codec.name,
    ...value.notes,
    file: basename(path),
    bytes: Number(stat.size),
    mtimeNs: String(stat.mtimeNs),
    inode: String(stat.ino),
    checksum: value.checksum,
    digest: value.digest,
    // Results that were made of the file before it was written again are stale, as after `invalidate`.
    generation: newGeneration(),
    adopted: true,
    computedAt: Number(stat.mtimeNs / 1_000_000n) / 1000,
    seconds: 0,
    code,
    ...(codeSeen !== undefined && { codeSeen }),
    trace: [],
    // Who computed it, and where, is not known; it is hers whose file it is.
    host: '',
    pid: 0,
    user: stat.uid === BigInt(process.geteuid?.() ?? -1) ? userName() : String(stat.uid),
    node: '',
    stowage: VERSION,
  };
}
