/** What sums need to know of an entry; and the one way to it, which asks the files whether what is remembered of them holds. */
import * as fs from 'node:fs';
import { basename } from 'node:path';
import { entryAt, type CatalogEntry } from '../choose/catalog.js';
import { listingOf, recordFoldersIn, type Listing, type RecordName, type Share } from '../choose/entry-names.js';
import type { Patterns } from '../choose/pattern.js';
import type { TagFolder } from '../choose/tag-folder.js';
import {
  isRemembered,
  isStill,
  numbersOf,
  recordOf,
  WIDTH,
  type FolderStamp,
  type Known,
  type KnownFolder,
  type KnownRecord,
} from './known-records.js';

/** An entry as sums see it. */
export interface EntryFacts extends Pick<
  CatalogEntry,
  'folder' | 'name' | 'key' | 'version' | 'state' | 'dataBytes' | 'recordBytes' | 'lastUse'
> {
  seconds: number;
  class?: string | undefined;
  method?: string | undefined;
}

/** What earlier sums have left of a folder of tags, and what this one leaves. */
export interface Memory {
  known: Known;
  seen: Map<string, SeenFolder>;
  /** Milliseconds since the epoch: what has changed later may change again within one tick of the file system's clock. */
  settledBefore: number;
  /** How many records and folders had to be read which the next sum will know. */
  learnt: number;
}

/** What there will be to remember of a folder. */
interface SeenFolder extends KnownFolder {
  numbers: number[];
}

/** A folder as it is listed, or as it was listed and still is. */
interface Look extends Listing {
  known: KnownFolder | undefined;
  isUnchanged: boolean;
  /** Where in the numbers a record begins. */
  placeOf: (stem: string) => number | undefined;
  seen: SeenFolder | undefined;
}

/** The entries of a tag's folder that patterns pick. @param memory where there is one */
export function* factsOf(
  folder: TagFolder,
  patterns: Patterns,
  share: Share,
  memory: Memory | undefined,
): Generator<EntryFacts> {
  const { fitsName, fits } = patterns.within(folder);
  const look = (path: string, isTop: boolean): Look => lookAt(path, isTop, memory);
  for (const { listing, names } of recordFoldersIn(folder.path, fitsName, share, look)) {
    for (const record of names) {
      if (!fits(record)) continue;
      const facts = rememberedFacts(folder, record, listing, memory) ?? factsAt(folder, record, listing, memory);
      if (facts !== undefined) yield facts;
    }
  }
}

function lookAt(path: string, isTop: boolean, memory: Memory | undefined): Look {
  // Before the names are read: what changes meanwhile is seen the next time.
  const stamp = memory && folderStamp(path);
  if (memory === undefined || stamp === undefined) return { ...listingOf(path, isTop), ...UNKNOWN };
  const before = memory.known.folders.get(path);
  const known = before?.stamp.dev === stamp.dev && before.stamp.ino === stamp.ino ? before : undefined;
  const isSettled = Math.max(stamp.ctimeMs, stamp.mtimeMs) < memory.settledBefore;
  const isUnchanged =
    known?.isSettled === true && known.stamp.ctimeMs === stamp.ctimeMs && known.stamp.mtimeMs === stamp.mtimeMs;
  const listing = isUnchanged
    ? { records: [...known.names, ...known.others], methods: known.methods, siblings: none }
    : listingOf(path, isTop);
  if (isSettled && !isUnchanged) memory.learnt++;
  const seen = { stamp, isSettled, methods: listing.methods, names: [], numbers: [], others: [] };
  memory.seen.set(path, seen);
  return { ...listing, known, isUnchanged, placeOf: placesIn(known?.names ?? []), seen };
}

const UNKNOWN = { known: undefined, isUnchanged: false, placeOf: () => undefined, seen: undefined };

/** They are mostly asked for in their order. */
function placesIn(names: readonly string[]): Look['placeOf'] {
  let next = 0;
  let places: Map<string, number> | undefined;
  return (stem) => {
    if (names[next] === stem) return next++ * WIDTH;
    places ??= new Map(names.map((name, i) => [name, i * WIDTH]));
    return places.get(stem);
  };
}

/** Whether a file is there that a record names is then asked of the disk. */
const none: ReadonlySet<string> = new Set();

/** `undefined` where it is no folder, or not ours to look at. */
function folderStamp(path: string): FolderStamp | undefined {
  const stat = statOf(path);
  if (stat?.isDirectory() !== true) return undefined;
  return { dev: stat.dev, ino: stat.ino, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs };
}

function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** `undefined` where nothing is remembered of the record, or it, or its data, is not what it was. */
function rememberedFacts(
  folder: TagFolder,
  { stem: path, name, key, version }: RecordName,
  { known, isUnchanged, siblings, placeOf, seen }: Look,
  memory: Memory | undefined,
): EntryFacts | undefined {
  const stem = basename(path);
  const at = placeOf(stem);
  if (memory === undefined || known === undefined || at === undefined) return undefined;
  const stat = statOf(`${path}.json`);
  if (stat === undefined || !isStill(stat, known.numbers, at)) return undefined;
  const { file, hasData, computedAt, state, dataBytes, seconds, ...of } = recordOf(
    stem,
    known.numbers,
    at,
    memory.known.texts,
  );
  if (!isUnchanged && file !== undefined && siblings.has(file) !== hasData) return undefined;
  if (seen !== undefined) {
    seen.names.push(stem);
    for (let i = 0; i < WIDTH; i++) seen.numbers.push(known.numbers[at + i] as number);
  }
  const lastUse = Math.max(stat.atimeMs / 1000, computedAt);
  return {
    folder,
    name,
    ...(key !== undefined && { key }),
    ...(version !== undefined && { version }),
    state,
    dataBytes,
    recordBytes: stat.size,
    lastUse,
    seconds,
    class: of.class,
    method: of.method,
  };
}

/** Reads the record. */
function factsAt(
  folder: TagFolder,
  record: RecordName,
  { seen }: Look,
  memory: Memory | undefined,
): EntryFacts | undefined {
  const entry = entryAt(folder, record);
  const stem = basename(record.stem);
  const known = entry && memory && knownOf(entry, memory.settledBefore);
  if (known === undefined || memory === undefined) {
    seen?.others.push(stem);
  } else {
    seen?.names.push(stem);
    seen?.numbers.push(...numbersOf(stem, known, memory.known.texts));
    memory.learnt++;
  }
  if (entry === undefined) return undefined;
  const { identity, summary } = entry;
  return { ...entry, seconds: summary?.seconds ?? 0, class: identity?.class, method: identity?.method };
}

/** `undefined` of what must be looked at each time: it may be changing just now, or something is wrong with it. */
function knownOf({ state, stamp, summary, dataBytes }: CatalogEntry, settledBefore: number): KnownRecord | undefined {
  if (summary === undefined || stamp === undefined || !isRemembered(state) || stamp.ctimeMs >= settledBefore)
    return undefined;
  const { file, computedAt, seconds, identity } = summary;
  return {
    stamp,
    state,
    dataBytes,
    file,
    hasData: file !== undefined && state !== 'pruned',
    computedAt,
    seconds,
    class: identity.class,
    method: identity.method,
  };
}
