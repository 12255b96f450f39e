/**
 * What sums remember of records from one time to the next, in a file of the user's cache folder, and nowhere near the results.
 * It can always be removed: what cannot be read is as good as absent, and what it says holds only of files that are still
 * the same (`entry-facts.ts`).
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { discardFile, temporaryName } from '../../base/files/files.js';
import { createFile } from '../../base/files/new-file.js';
import { openRegularFile } from '../../base/files/open-regular-file.js';
import { VERSION } from '../../base/version.js';
import { checkFolder } from '../../store/disk/folder.js';
import type { FileStamp } from '../../store/record/read-record-file.js';
import type { StoredState } from '../choose/catalog.js';

/** States with which nothing is wrong. */
const STATES = ['stored', 'pruned', 'invalidated'] as const satisfies readonly StoredState[];
type KnownState = (typeof STATES)[number];

export function isRemembered(state: StoredState): state is KnownState {
  return (STATES as readonly StoredState[]).includes(state);
}

export interface KnownRecord {
  stamp: FileStamp;
  state: KnownState;
  dataBytes: number;
  /** Name of its data file, and whether that was there. */
  file: string | undefined;
  hasData: boolean;
  computedAt: number;
  seconds: number;
  class: string | undefined;
  method: string | undefined;
}

export interface FolderStamp {
  dev: number;
  ino: number;
  mtimeMs: number;
  ctimeMs: number;
}

export interface KnownFolder {
  stamp: FolderStamp;
  /** Had it been left alone for long enough that any later change shows in its stamp? */
  isSettled: boolean;
  /** Names of folders in it. */
  methods: readonly string[];
  /** Names of records without extension. */
  names: string[];
  /** What is known of each, {@link WIDTH} numbers: objects would take longer to make than records to look at. */
  numbers: ArrayLike<number>;
  /** Other names that may be those of records, likewise. */
  others: string[];
}

/** What is known of the records of a folder of tags. */
export interface Known {
  folders: Map<string, KnownFolder>;
  /** What numbers of records stand for. */
  texts: (string | undefined)[];
}

/** As it is written. */
interface Saved {
  version: string;
  folders: (Omit<KnownFolder, 'names' | 'numbers'> & { path: string; names: string; count: number })[];
  numbers: Float64Array;
  texts: (string | undefined)[];
}

const SUM_BYTES = 32;

/** What a file says that was written by this version; nothing where it is damaged, another's, or absent. */
export function readKnown(path: string): Known {
  try {
    const bytes = read(path);
    const body = bytes.subarray(SUM_BYTES);
    if (!sumOf(body).equals(bytes.subarray(0, SUM_BYTES))) return nothing();
    const saved = deserialize(body) as Saved;
    return saved.version === WRITTEN_BY ? unpack(saved) : nothing();
  } catch {
    return nothing();
  }
}

/** Another version may see other states in a record, and another user may not see it at all. */
const WRITTEN_BY = [VERSION, process.geteuid?.(), process.getegid?.(), ...(process.getgroups?.() ?? [])].join();

function read(path: string): Buffer {
  checkFolder(dirname(path));
  const { fd } = openRegularFile(path, { followsLinks: false });
  try {
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function sumOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Puts a file in the place of another, as a whole. Where it cannot be written, nothing happens. */
export function writeKnown(path: string, known: Known): void {
  const folder = dirname(path);
  const temporary = temporaryName(path);
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!checkFolder(folder)) return;
    const body = serialize(pack(known));
    const fd = createFile(temporary, false);
    try {
      fs.writeFileSync(fd, Buffer.concat([sumOf(body), body]));
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(temporary, path);
    removeOldest(folder);
  } catch {
    discardFile(temporary);
  }
}

/** Folders of tags come and go: the files of so many threads and folders of them stay, the latest. */
const MOST_FILES = 64;

function removeOldest(folder: string): void {
  const files = fs.readdirSync(folder).map((name) => join(folder, name));
  if (files.length <= MOST_FILES) return;
  const ages = new Map(files.map((file) => [file, fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0]));
  files.sort((one, other) => (ages.get(other) ?? 0) - (ages.get(one) ?? 0));
  for (const file of files.slice(MOST_FILES)) discardFile(file);
}

function nothing(): Known {
  return { folders: new Map(), texts: [] };
}

function pack({ folders, texts }: Known): Saved {
  const all = [...folders];
  const numbers = new Float64Array(all.reduce((sum, [, folder]) => sum + folder.numbers.length, 0));
  let end = 0;
  const saved = all.map(([path, { names, numbers: own, ...folder }]) => {
    numbers.set(own, end);
    end += own.length;
    return { path, ...folder, names: names.join('\0'), count: names.length };
  });
  return { version: WRITTEN_BY, folders: saved, numbers, texts };
}

function unpack({ folders, numbers, texts }: Saved): Known {
  let end = 0;
  const known = folders.map(({ path, names, count, ...folder }): [string, KnownFolder] => {
    const own = numbers.subarray(end, (end += count * WIDTH));
    return [path, { ...folder, names: count === 0 ? [] : names.split('\0'), numbers: own }];
  });
  return { folders: new Map(known), texts };
}

/** How many numbers say what is known of a record. */
export const WIDTH = 12;

/** A record in numbers. */
export function numbersOf(
  name: string,
  { stamp, state, dataBytes, file, hasData, computedAt, seconds, class: className, method }: KnownRecord,
  texts: (string | undefined)[],
): number[] {
  const numberOf = (text: string | undefined): number => numberIn(texts, text);
  // Most are called as their record is, up to the extension.
  const isNamedAlike = file?.startsWith(name) === true;
  return [
    stamp.size,
    stamp.mtimeMs,
    stamp.ctimeMs,
    stamp.ino,
    STATES.indexOf(state),
    dataBytes,
    numberOf(isNamedAlike ? file.slice(name.length) : file),
    (isNamedAlike ? NAMED_ALIKE : 0) | (hasData ? HAS_DATA : 0),
    computedAt,
    seconds,
    numberOf(className),
    numberOf(method),
  ];
}

/** Where texts stand in their list. */
const places = new WeakMap<(string | undefined)[], Map<string | undefined, number>>();

/** Adds a text that is not there yet. */
function numberIn(texts: (string | undefined)[], text: string | undefined): number {
  let known = places.get(texts);
  if (known === undefined) places.set(texts, (known = new Map(texts.map((each, i) => [each, i]))));
  let number = known.get(text);
  if (number === undefined) known.set(text, (number = texts.push(text) - 1));
  return number;
}

const NAMED_ALIKE = 1;
const HAS_DATA = 2;

/** Is a file still the one of which these numbers are? @param at where they begin */
export function isStill({ size, mtimeMs, ctimeMs, ino }: FileStamp, numbers: ArrayLike<number>, at: number): boolean {
  return numbers[at] === size && numbers[at + 1] === mtimeMs && numbers[at + 2] === ctimeMs && numbers[at + 3] === ino;
}

/** A record of numbers, as {@link numbersOf} has them. @param at where they begin */
export function recordOf(
  name: string,
  numbers: ArrayLike<number>,
  at: number,
  texts: readonly (string | undefined)[],
): Omit<KnownRecord, 'stamp'> {
  const number = (i: number): number => numbers[at + i] as number;
  const text = texts[number(6)];
  const flags = number(7);
  return {
    state: STATES[number(4)] as KnownState,
    dataBytes: number(5),
    file: (flags & NAMED_ALIKE) === 0 ? text : `${name}${String(text)}`,
    hasData: (flags & HAS_DATA) !== 0,
    computedAt: number(8),
    seconds: number(9),
    class: texts[number(10)],
    method: texts[number(11)],
  };
}
