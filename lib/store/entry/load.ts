/** From disk to value: verified, and read once, into the buffer that the value keeps. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { FormatError } from '../../base/errors.js';
import { errorOf } from '../../base/thrown.js';
import { isErrno } from '../../base/files/files.js';
import { perform, type Flow } from '../../base/run/flow.js';
import { NotAFileError, openRegularFile, type OpenFile } from '../../base/files/open-regular-file.js';
import { pause } from '../../base/run/pause.js';
import { OtherLibraryError } from '../../library/errors.js';
import type { Codec } from '../../codec/shared/codec.js';
import { codecNamed } from '../../codec/registry.js';
import { checksumOf } from '../record/checksum.js';
import { findEntry, type Found } from './find.js';
import { entryFolder, wasTrusted } from '../disk/folder.js';
import { isBeingWritten, settleEntry, settleOnce } from './leftovers.js';
import { noteUsed, type Refused } from './nearest.js';
import type { Place } from '../disk/place.js';
import { readParts } from '../disk/read-data.js';
import { ownVersion, versionsFound, versionsOf } from './versions.js';
import type { Identity } from '../record/identity.js';
import type { EntryRecord } from '../record/record.js';
import type { StoredEntry } from '../record/stored-entry.js';
import { restamp } from './rewrite.js';

/**
 * What loading came to. What was refused was not even tried, or is of another version of a library. What is `unreadable` here may be readable elsewhere: its files are kept. Of what is `pruned` only
 * the record is left, which is as it should be.
 */
export type Loaded =
  | {
      kind: 'value';
      value: unknown;
      record: EntryRecord;
      stem: string;
      codec: Codec;
      /** It is an earlier version: why the one that lies in its place is refused. */
      insteadOf?: string;
    }
  | { kind: 'missing'; seen: Found }
  | { kind: 'pruned'; record: EntryRecord; stem: string; seen: Found }
  | { kind: 'corrupt'; stem: string; reason: string; replaced?: boolean; seen: Found }
  | { kind: 'refused'; reason: string; record: EntryRecord; stem: string; seen: Found }
  | { kind: 'unreadable'; stem: string; error: Error };

export interface LoadOptions {
  /** Judges a record before its data is read; the answer is why it may not be used, if so. */
  refuse(record: EntryRecord): Flow<string | undefined>;
  /** Judges earlier versions of an entry that is refused. @defaultValue they are not looked at */
  versions?: {
    refuse(record: EntryRecord): Flow<string | undefined>;
    /** The code that calls now: its versions are looked at first. */
    own(): string;
    /** Of results that are all refused, the one that comes nearest. */
    nearest(refused: readonly Refused[]): Refused | undefined;
  };
  /** May a record be re-stamped after its data moved? */
  writable: boolean;
}

/** How often an entry is looked at whose data is not that of its record: a writer may just be replacing both. */
const MOST_LOOKS = 300;

/** Seconds before the next look where a writer is seen that is about to put its record in place. */
const WRITERS_TIME = 0.01;

/** `.npy` data above this many bytes is trusted by size, time and inode. */
const ALWAYS_VERIFIED = 1 << 20;

const NOTHING: Found = { kind: 'absent', isTaken: false, records: {} };

/** Loads an entry. File system errors are thrown; damage is an answer. */
export function* loadEntry(place: Place, identity: Identity, options: LoadOptions): Flow<Loaded> {
  const directory = dirname(place.plain);
  const isThere = wasTrusted(directory) || entryFolder(place.folder, directory) !== undefined;
  if (!isThere) return { kind: 'missing', seen: NOTHING };
  let last: Loaded | undefined;
  let unreplaced: EntryRecord | undefined;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const found = findEntry(place, identity);
    if (found.kind === 'absent') {
      if (last !== undefined) return last;
      if (options.writable && settleOnce(place.folder, directory)) continue;
      return { kind: 'missing', seen: found };
    }
    if (found.kind === 'newer') return { kind: 'unreadable', stem: found.stem, error: newerFormat(found.stem) };
    if (found.kind === 'damaged') {
      const { stem } = found;
      const reason = `the record ${stem}.json is damaged`;
      const versions = options.versions === undefined ? [] : versionsFound(place, identity);
      const version = yield* loadVersion(place, found, reason, options, () => versions);
      const generation = versions[0]?.record.generation ?? 0;
      return version ?? { kind: 'corrupt', stem, reason, seen: { ...found, generation } };
    }
    const { record, stem, records } = found;
    requireTrust(place, records.alternative ?? records.plain);
    const reason = yield* options.refuse(record);
    if (reason !== undefined) {
      const versions = ({ own }: { own(): string }): Iterable<StoredEntry> =>
        record.versions === undefined ? [] : versionsOf(place, identity, record, own());
      const refused: Refused[] = [{ entry: { stem, record }, reason }];
      const version = yield* loadVersion(place, found, reason, options, versions, refused);
      if (version !== undefined) return version;
      const nearest = options.versions?.nearest(refused);
      return {
        kind: 'refused',
        seen: found,
        ...(nearest?.entry ?? { stem, record }),
        reason: nearest?.reason ?? reason,
      };
    }
    const codec = codecNamed(record.codec);
    if (codec === undefined) return { kind: 'unreadable', stem, error: unknownCodec(record.codec, stem) };
    const outcome: Loaded = yield* readValue(codec, found, options.writable, found, place);
    if (outcome.kind === 'value' && record.versions !== undefined && options.writable) noteUsed(stem);
    if (outcome.kind !== 'corrupt') return outcome;
    const isReplaced = outcome.replaced === true && !(unreplaced && isSameWriting(unreplaced, record));
    if (!isReplaced) {
      // A writer that died between its two renames has kept it before: where nothing may be written, it is found there.
      return (
        (yield* loadVersion(place, found, outcome.reason, options, () => ownVersion(place, identity, record))) ??
        outcome
      );
    }
    last = outcome;
    // However long the system keeps a writer from its second rename. One that is done when it is looked for has put another
    // record in place by the next look.
    if (isBeingWritten(stem)) yield* perform(pause(WRITERS_TIME));
    else {
      if (options.writable) settle(place);
      unreplaced = record;
    }
  }
  return last ?? { kind: 'missing', seen: NOTHING };
}

/** Loads what a record speaks of, whether it is the one that would be used or not; nothing is written. */
export function* loadRecord({ stem, record }: StoredEntry): Flow<Loaded> {
  const codec = codecNamed(record.codec);
  if (codec === undefined) return { kind: 'unreadable', stem, error: unknownCodec(record.codec, stem) };
  return yield* readValue(codec, { stem, record }, false);
}

/**
 * The first earlier version that may be used, and can.
 * @param reason why the present one is not used
 * @param refused gets those that may not be used
 */
function* loadVersion(
  place: Place,
  seen: Found,
  reason: string,
  { versions, writable }: LoadOptions,
  candidates: (options: NonNullable<LoadOptions['versions']>) => Iterable<StoredEntry>,
  refused: Refused[] = [],
): Flow<Loaded | undefined> {
  if (versions === undefined) return undefined;
  for (const version of candidates(versions)) {
    const codec = codecNamed(version.record.codec);
    if (codec === undefined) continue;
    const objection = yield* versions.refuse(version.record);
    if (objection !== undefined) {
      refused.push({ entry: version, reason: objection });
      continue;
    }
    const outcome: Loaded = yield* readValue(codec, version, writable, seen, place);
    if (outcome.kind !== 'value') continue;
    if (writable) noteUsed(version.stem);
    return { ...outcome, insteadOf: reason };
  }
  return undefined;
}

/** Finishes what a writer began that died between its two renames. */
function settle({ folder, plain, alternative }: Place): boolean {
  return [plain, alternative].map((stem) => settleEntry(folder, stem)).includes(true);
}

/** @throws UnsafeFolderError where a file may be another's than the folder's owner's */
function requireTrust({ folder, plain }: Place, file: fs.BigIntStats | undefined): void {
  const directory = dirname(plain);
  if (!wasTrusted(directory, file)) entryFolder(folder, directory);
}

function isSameWriting(one: EntryRecord, other: EntryRecord): boolean {
  return one.mtimeNs === other.mtimeNs && one.inode === other.inode && one.checksum === other.checksum;
}

function newerFormat(stem: string): FormatError {
  return new FormatError(
    `${stem}.json is of a format that this version of Stowage does not know: a later one wrote it`,
  );
}

function unknownCodec(name: string, stem: string): FormatError {
  return new FormatError(
    `${stem}.json names the codec '${name}', which is not registered in this process: call registerCodec first`,
  );
}

function* readValue(
  codec: Codec,
  { record, stem }: StoredEntry,
  writable: boolean,
  seen: Found = NOTHING,
  place?: Place,
): Flow<Loaded> {
  if (record.file === undefined) {
    const body = new TextEncoder().encode(JSON.stringify(record.value));
    const outcome = decoded(codec, { record, stem }, seen, body, new Uint8Array(0));
    if (outcome.kind === 'value' && writable && record.trace.length > 0) restamp(stem, record);
    return outcome;
  }
  const path = join(dirname(stem), record.file);
  let file: OpenFile;
  try {
    file = openRegularFile(path, { followsLinks: false });
  } catch (error) {
    if (error instanceof NotAFileError)
      return { kind: 'corrupt', stem, seen, reason: `${path} is no file`, replaced: true };
    if (!isErrno(error, 'ENOENT') && !isErrno(error, 'ELOOP')) throw error;
    if (record.pruned !== undefined && isErrno(error, 'ENOENT')) return { kind: 'pruned', record, stem, seen };
    return { kind: 'corrupt', stem, seen, reason: `the data file ${path} is missing or a link`, replaced: true };
  }
  const { fd, stat } = file;
  try {
    if (place !== undefined) requireTrust(place, stat);
    const untouched = String(stat.mtimeNs) === record.mtimeNs && String(stat.ino) === record.inode;
    const corrupt = (reason: string): Loaded => ({
      kind: 'corrupt',
      stem,
      seen,
      reason: `${path} ${reason}`,
      replaced: !untouched,
    });
    if (stat.size !== BigInt(record.bytes)) {
      return corrupt(`has ${String(stat.size)} bytes instead of ${String(record.bytes)}`);
    }
    const parts = yield* readParts(codec, fd, record.bytes);
    const trusted = untouched && codec.name === 'npy' && record.bytes > ALWAYS_VERIFIED && record.durable !== false;
    if (!trusted && (parts instanceof FormatError || checksumOf([parts.head, parts.body]) !== record.checksum)) {
      return corrupt('is not what was written: its checksum differs');
    }
    if (parts instanceof FormatError) return corrupt(`is no ${codec.name} file: ${parts.message}`);
    const outcome = decoded(codec, { record, stem }, seen, parts.body, parts.head);
    const isAnew = !untouched || record.trace.length > 0;
    if (outcome.kind === 'value' && writable && isAnew) restamp(stem, record, untouched ? undefined : stat);
    return outcome;
  } finally {
    fs.closeSync(fd);
  }
}

/** What has the right checksum and still cannot be decoded was written by another runtime or with other classes. */
function decoded(
  codec: Codec,
  { record, stem }: StoredEntry,
  seen: Found,
  body: Uint8Array<ArrayBuffer>,
  head: Uint8Array,
): Loaded {
  try {
    return { kind: 'value', value: codec.decode(body, record, head), record, stem, codec };
  } catch (error) {
    // What the method returns now is of another version of a library, too.
    if (error instanceof OtherLibraryError) return { kind: 'refused', reason: error.message, record, stem, seen };
    return { kind: 'unreadable', stem, error: errorOf(error) };
  }
}
