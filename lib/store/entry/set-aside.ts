/**
 * Keeping a result whose place another takes that comes from other code. Its data gets a second name, and a record of its
 * own, before the new record stands: killed at any moment, a writer leaves the result under its old name or under both.
 */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { textBytes } from '../../base/text/text-bytes.js';
import { discardFile, removeFile, syncToDisk, temporaryName } from '../../base/files/files.js';
import { perform, type Flow, type Step } from '../../base/run/flow.js';
import { isSameLine, lineOf, ownCodeOf } from '../record/line.js';
import { formatRecord, type EntryRecord, type VersionNote } from '../record/record.js';
import type { StoredEntry } from '../record/stored-entry.js';
import type { Place } from '../disk/place.js';
import { checksumOfFile } from '../disk/read-data.js';
import { removeVersion, renamedFor, versionsFound, versionsOf, versionStem } from './versions.js';
import { writeFile } from '../disk/write-file.js';

/** Which results are kept when others take their place. */
export interface KeepVersions {
  /** How many of an entry, beside the present one. */
  most: number;
  /** Is a result of no more use, whatever code it comes from? */
  isOver(record: EntryRecord): boolean;
  /** Told why a result could not be kept. */
  onFailure(error: unknown): void;
}

/** What becomes of the results that were there when a new one is committed. */
export interface Aside {
  /** What the new record says of them. */
  notes: VersionNote[];
  /** Keeps what is kept, and removes the rest; called before the new record stands. Never throws. */
  commit(): void;
  abandon(): void;
}

interface Prepared {
  /** The version's name. */
  stem: string;
  moves: [from: string, to: string][];
}

/**
 * Prepares to keep what is there, under temporary names.
 * @param before what is there
 * @param next the record that will take its place
 */
export function* stageAside(place: Place, before: StoredEntry, next: EntryRecord, keep: KeepVersions): Flow<Aside> {
  const { record: present } = before;
  const { identity } = next;
  // What was invalidated holds no longer, nor do its versions.
  const holds = present.generation === next.generation && present.invalidated !== true;
  const stemOfLine = (line: string): string => versionStem(place, identity, line);
  let prepared: Prepared | undefined;
  if (holds && keep.most > 0 && isWorthKeeping(present, next, keep)) {
    try {
      prepared = yield* prepare(stemOfLine(lineOf(present)), before);
    } catch (error) {
      keep.onFailure(error);
    }
  }
  const earlier = holds ? [...versionsOf(place, identity, present)].map(({ record }) => noteOf(record)) : [];
  const others = earlier.filter(({ line }) => line !== lineOf(next) && line !== lineOf(present));
  const notes = [...(prepared === undefined ? [] : [noteOf(present)]), ...others].slice(0, keep.most);
  const known = [lineOf(next), lineOf(present), ...(present.versions ?? []).map(({ line }) => line)];
  const superseded = new Set(known.filter((line) => !notes.some((note) => note.line === line)).map(stemOfLine));
  return {
    notes,
    commit() {
      try {
        for (const stem of superseded) removeVersion(stem);
        if (prepared !== undefined) put(prepared);
      } catch (error) {
        keep.onFailure(error);
      }
    },
    abandon() {
      for (const [temporary] of prepared?.moves ?? []) discardFile(temporary);
    },
  };
}

/** The same where the record of what is there is damaged: its earlier versions are found again. */
export function aroundDamaged(place: Place, next: EntryRecord, { most, onFailure }: KeepVersions): Aside {
  const found = versionsFound(place, next.identity);
  const kept = found
    .filter(({ record }) => record.generation === next.generation && lineOf(record) !== lineOf(next))
    .slice(0, most);
  return {
    notes: kept.map(({ record }) => noteOf(record)),
    commit() {
      try {
        for (const version of found) if (!kept.includes(version)) removeVersion(version.stem);
      } catch (error) {
        onFailure(error);
      }
    },
    abandon: () => undefined,
  };
}

/** Of what another program computed, the code is not known. */
function isWorthKeeping(present: EntryRecord, next: EntryRecord, { isOver }: KeepVersions): boolean {
  const isOther = lineOf(present) !== '' && !isSameLine(present, next);
  return isOther && present.adopted !== true && !isOver(present);
}

function noteOf(record: EntryRecord): VersionNote {
  return { line: lineOf(record), own: ownCodeOf(record), computedAt: record.computedAt };
}

/** @returns `undefined` where what is there is damaged */
function* prepare(stem: string, { stem: from, record }: StoredEntry): Flow<Prepared | undefined> {
  const version = renamedFor(stem, record, from);
  const durable = record.durable !== false;
  const moves: Prepared['moves'] = [];
  try {
    if (version.file !== undefined && record.file !== undefined) {
      const path = join(dirname(stem), version.file);
      const temporary = temporaryName(path);
      moves.push([temporary, path]);
      const stat = yield* secondName(join(dirname(from), record.file), temporary, record);
      if (stat !== undefined) Object.assign(version, { mtimeNs: String(stat.mtimeNs), inode: String(stat.ino) });
      else if (record.pruned !== undefined) moves.pop();
      else return undefined;
    }
    const path = `${stem}.json`;
    const temporary = temporaryName(path);
    moves.push([temporary, path]);
    yield* writeFile(temporary, [textBytes(formatRecord(version))], { durable });
    return { stem, moves };
  } catch (error) {
    for (const [temporary] of moves) discardFile(temporary);
    throw error;
  }
}

/**
 * Gives data a second name, or makes a copy where the file system has no such names.
 * @returns `undefined`, with nothing left, where it is not what its record says
 */
function* secondName(from: string, to: string, record: EntryRecord): Flow<fs.BigIntStats | undefined> {
  const there = fs.lstatSync(from, { throwIfNoEntry: false });
  if (there?.isFile() !== true || there.size !== record.bytes) return undefined;
  let isCopy = false;
  try {
    fs.linkSync(from, to);
  } catch {
    yield* perform(copying(from, to));
    isCopy = true;
  }
  const stat = fs.lstatSync(to, { bigint: true });
  if (String(stat.mtimeNs) === record.mtimeNs && String(stat.ino) === record.inode) return stat;
  const fd = fs.openSync(to, isCopy ? 'r+' : 'r');
  try {
    if ((yield* checksumOfFile(fd)) === record.checksum) {
      if (isCopy) yield* perform(syncToDisk(fd));
      return stat;
    }
  } finally {
    fs.closeSync(fd);
  }
  discardFile(to);
  return undefined;
}

function copying(from: string, to: string): Step<void> {
  const { COPYFILE_EXCL, COPYFILE_FICLONE } = fs.constants;
  return {
    sync() {
      fs.copyFileSync(from, to, COPYFILE_EXCL | COPYFILE_FICLONE);
    },
    async async() {
      await fs.promises.copyFile(from, to, COPYFILE_EXCL | COPYFILE_FICLONE);
    },
  };
}

/** The version's old record goes first: it must not speak of new data. */
function put({ stem, moves }: Prepared): void {
  removeFile(`${stem}.json`);
  for (const [from, to] of moves) {
    fs.renameSync(from, to);
    // Two names of one file stay two.
    discardFile(from);
  }
}
