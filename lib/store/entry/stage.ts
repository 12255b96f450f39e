/** From value to disk: everything is written beside the entry first, so that committing is two renames. */
import * as fs from 'node:fs';
import { basename, dirname } from 'node:path';
import { textBytes } from '../../base/text/text-bytes.js';
import { discardFile, isErrno, syncFolder, temporaryName } from '../../base/files/files.js';
import { runNow, type Flow } from '../../base/run/flow.js';
import type { Codec, Encoded, ValueNotes } from '../../codec/shared/codec.js';
import { checksumOf } from '../record/checksum.js';
import { filesOf, namedFilesOf } from '../record/files-of.js';
import { findEntry, stemOf, type Found } from './find.js';
import { makeFolder } from '../disk/folder.js';
import { settleEntry, settleOnce } from './leftovers.js';
import { isStillThere } from './record-stamp.js';
import { aroundDamaged, stageAside, type Aside, type KeepVersions } from './set-aside.js';
import type { Place } from '../disk/place.js';
import type { Identity } from '../record/identity.js';
import { formatRecord, type EntryRecord } from '../record/record.js';
import { writeFile, type WriteOptions } from '../disk/write-file.js';

/** What the caller says of a result; the store adds what only the files can tell. */
export type Draft = Omit<
  EntryRecord,
  | 'format'
  | 'identity'
  | 'codec'
  | 'file'
  | 'value'
  | 'bytes'
  | 'mtimeNs'
  | 'inode'
  | 'checksum'
  | 'beside'
  | 'replaced'
  | 'versions'
>;

export interface StageOptions extends Pick<WriteOptions, 'durable'> {
  /** Texts to be put beside the entry, by extension. @defaultValue none */
  beside?: Readonly<Record<string, string>>;
  /** Keep results of other code, whose place it takes. @defaultValue none */
  versions?: KeepVersions;
  /** What was there when the value was not. @defaultValue it is looked at */
  seen?: Found | undefined;
}

/** A result that lies beside its entry, complete, and waits for its commit. */
export interface Staged {
  /** Name of the entry without extension. */
  readonly stem: string;
  /** The file that will hold the value: the data, or the record itself. */
  readonly file: string;
  readonly bytes: number;
  /** Makes it the entry. */
  commit(): void;
  /** Removes it, as far as the disk lets us. */
  abandon(): void;
}

interface StagedOnce extends Staged {
  /** Is another record there by now than when it was staged? */
  isOutdated(): boolean;
}

/** How often a result is written anew whose folder is gone: others may clear it while it is written. */
const ATTEMPTS = 8;

/**
 * Writes data and record under temporary names, again where the folder was removed meanwhile. File system errors are
 * thrown, with nothing left behind.
 */
export function* stageEntry(
  place: Place,
  identity: Identity,
  codec: Codec,
  encoded: Encoded,
  draft: Draft,
  options: StageOptions,
): Flow<Staged> {
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      const staged = yield* stageOnce(place, identity, codec, encoded, draft, options);
      // It is written here and now, since a commit does not wait.
      const again = (): void => {
        left--;
        staged.abandon();
        Object.assign(
          staged,
          runNow(stageOnce(place, identity, codec, encoded, draft, { ...options, seen: undefined })),
        );
      };
      const commit = (): void => {
        try {
          // Another program has stored meanwhile: its result is kept, too.
          if (left > 0 && staged.isOutdated()) again();
          staged.commit();
        } catch (error) {
          if (left <= 0 || !isErrno(error, 'ENOENT')) throw error;
          // What was written is gone with its folder.
          again();
          commit();
        }
      };
      return {
        get stem() {
          return staged.stem;
        },
        get file() {
          return staged.file;
        },
        bytes: staged.bytes,
        commit,
        abandon: () => {
          staged.abandon();
        },
      };
    } catch (error) {
      if (left <= 0 || !isErrno(error, 'ENOENT')) throw error;
    }
  }
}

function* stageOnce(
  place: Place,
  identity: Identity,
  codec: Codec,
  encoded: Encoded,
  draft: Draft,
  options: StageOptions,
): Flow<StagedOnce> {
  const around = makeFolder(place.folder, dirname(place.plain));
  const isChanged = settleOnce(place.folder, dirname(place.plain));
  const { stem, before } = seatOf(place, identity, codec.extension, isChanged ? undefined : options.seen);
  const writing = { durable: options.durable, around };
  const written: string[] = [];
  let aside: Aside | undefined;
  const abandon = (): void => {
    for (const path of written) discardFile(path);
    aside?.abandon();
  };
  try {
    const bytes = encoded.chunks.reduce((total, chunk) => total + chunk.length, 0);
    const record: EntryRecord = {
      format: 1,
      identity,
      ...draft,
      ...notesOf(encoded),
      codec: codec.name,
      bytes,
      checksum: checksumOf(encoded.chunks),
    };
    const recordFile = `${stem}.json`;
    const moves: [from: string, to: string][] = [];
    const beside = Object.entries(options.beside ?? {}).map(
      ([extension, text]) => [`${stem}.${extension}`, text] as const,
    );
    // Before the data: once that has its name, a writer that dies has only the record left to be renamed for it.
    for (const [path, text] of beside) {
      const temporary = temporaryName(path);
      written.push(temporary);
      yield* writeFile(temporary, [textBytes(text)], writing);
      moves.push([temporary, path]);
    }
    if (beside.length > 0) record.beside = beside.map(([path]) => basename(path));
    let file = recordFile;
    if (codec.extension === undefined) {
      record.value = JSON.parse(Buffer.concat(encoded.chunks).toString()) as unknown;
    } else {
      file = `${stem}.${codec.extension}`;
      const temporary = temporaryName(file);
      written.push(temporary);
      const stat = yield* writeFile(temporary, encoded.chunks, writing, (fd) => fs.fstatSync(fd, { bigint: true }));
      Object.assign(record, { file: basename(file), mtimeNs: String(stat.mtimeNs), inode: String(stat.ino) });
      moves.push([temporary, file]);
    }
    const replaced = replacedBy(record, before, stem);
    if (replaced !== undefined) record.replaced = replaced;
    if (options.versions !== undefined && before.kind === 'entry') {
      aside = yield* stageAside(place, before, record, options.versions);
    }
    if (options.versions !== undefined && before.kind === 'damaged')
      aside = aroundDamaged(place, record, options.versions);
    if (aside !== undefined && aside.notes.length > 0) record.versions = aside.notes;
    const temporary = temporaryName(recordFile);
    written.push(temporary);
    yield* writeFile(temporary, [textBytes(formatRecord(record))], writing);
    moves.push([temporary, recordFile]);
    const commit = (): void => {
      aside?.commit();
      moveAll(moves);
      if (options.durable) syncUnlessCleared(dirname(stem));
      if (before.kind === 'entry') removeBefore(before, stem, record);
    };
    const isOutdated = (): boolean =>
      (options.versions ?? options.seen) !== undefined && !isStillThere(place, stem, before);
    return { stem, file, bytes, isOutdated, commit, abandon };
  } catch (error) {
    abandon();
    throw error;
  }
}

/** The entry's name, and what is there; what a writer who died left under the plain one is not taken for another program's. */
function seatOf(
  place: Place,
  identity: Identity,
  extension: string | undefined,
  seen: Found | undefined,
): { stem: string; before: Found } {
  const look = (known?: Found): { stem: string; before: Found } => {
    const before = known ?? findEntry(place, identity);
    return { stem: stemOf(place, before, extension), before };
  };
  const seat = look(seen);
  return seat.stem === place.plain || !settleEntry(place.folder, place.plain) ? seat : look();
}

/** What has been stored, and cleared at once, is not stored again. */
function syncUnlessCleared(folder: string): void {
  try {
    syncFolder(folder);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

/** Data that got its name without its record would belong to no entry. */
function moveAll(moves: readonly [from: string, to: string][]): void {
  const moved: string[] = [];
  try {
    for (const [from, to] of moves) {
      fs.renameSync(from, to);
      moved.push(to);
    }
  } catch (error) {
    for (const path of moved) discardFile(path);
    throw error;
  }
}

/** A codec change leaves the old data behind, and a change of name the old record; they go once the new record stands. */
function removeBefore(old: { stem: string; record: EntryRecord }, stem: string, now: EntryRecord): void {
  if (old.stem !== stem) discardFile(`${old.stem}.json`);
  const kept = namedFilesOf(stem, now);
  for (const path of filesOf(old.stem, old.record)) if (!kept.includes(path)) discardFile(path);
}

/** The data that a record is going to replace, if it is not under the name of its own. */
function replacedBy(record: EntryRecord, found: Found, stem: string): EntryRecord['replaced'] {
  if (found.kind !== 'entry' || found.stem !== stem) return undefined;
  const named = namedFilesOf(stem, found.record);
  // One record names one such file.
  for (const path of filesOf(stem, found.record)) if (!named.includes(path)) discardFile(path);
  const { file, mtimeNs, inode } = found.record;
  if (file === undefined || mtimeNs === undefined || inode === undefined || file === record.file) return undefined;
  return { file, mtimeNs, inode };
}

function notesOf(encoded: Encoded): ValueNotes {
  const { chunks: _, ...notes } = encoded;
  return notes;
}
