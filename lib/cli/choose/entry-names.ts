/** The names of a tag folder's entries, without a look into their records. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { isErrno } from '../../base/files/files.js';
import { isVersionStem, withoutVersion } from '../../store/entry/versions.js';

/** An entry by its names on disk. */
export interface EntryName {
  /** Name of its record without extension, or, for a call with a key, of its method's folder: `root.camera.Camera.spectrum`. */
  name: string;
  /** Call key. */
  key?: string;
  /** Of an earlier version of the entry: the digest at the end of its name. */
  version?: string;
}

/** Where an entry's record lies. */
export interface RecordName extends EntryName {
  /** Path without extension. */
  stem: string;
  /** Names in the folder of the record: is its data there? */
  siblings: ReadonlySet<string>;
}

/** One of some equal parts of a folder's records, for several threads to look at. */
export interface Share {
  index: number;
  of: number;
}

const all: Share = { index: 0, of: 1 };

const EXTENSION = '.json';

/** What is in a folder that holds records. */
export interface Listing {
  /** Names of records, without extension. */
  records: readonly string[];
  /** Of a tag's own folder: the folders of its methods. */
  methods: readonly string[];
  siblings: ReadonlySet<string>;
}

/** A folder that holds records: a tag's own, or one of a method's calls. */
export interface RecordFolder<L extends Listing = Listing> {
  path: string;
  listing: L;
  /** The names that its records stand for, as far as they are meant. */
  names: Iterable<RecordName>;
}

/**
 * Every record of a tag's folder, plain calls first. No link is followed.
 * @param fits which names are worth looking at, of entries and of methods' folders
 * @param share which of them
 */
export function* recordNamesIn(
  folder: string,
  fits: (name: string) => boolean = () => true,
  share: Share = all,
): Generator<RecordName> {
  for (const { names } of recordFoldersIn(folder, fits, share, listingOf)) yield* names;
}

/** The folders of those records. @param look lists one of them */
export function* recordFoldersIn<L extends Listing>(
  folder: string,
  fits: (name: string) => boolean,
  share: Share,
  look: (path: string, isTop: boolean) => L,
): Generator<RecordFolder<L>> {
  const listing = look(folder, true);
  yield { path: folder, listing, names: plainNames(folder, listing, fits, share) };
  for (const name of listing.methods) {
    if (!fits(name)) continue;
    for (const shard of shardsIn(join(folder, name))) {
      if (parseInt(shard, 16) % share.of !== share.index) continue;
      const path = `${folder}/${name}/${shard}`;
      const inShard = look(path, false);
      yield { path, listing: inShard, names: keyedNames(path, name, shard, inShard) };
    }
  }
}

/** What is there now. @param isTop of a tag's own folder: folders are told from files */
export function listingOf(path: string, isTop: boolean): Listing {
  const methods: string[] = [];
  const siblings = new Set<string>();
  const records: string[] = [];
  for (const entry of isTop ? list(path) : namesIn(path)) {
    const name = typeof entry === 'string' ? entry : entry.name;
    siblings.add(name);
    if (typeof entry !== 'string' && entry.isDirectory()) methods.push(name);
    else if (name.endsWith(EXTENSION)) records.push(name.slice(0, -EXTENSION.length));
  }
  return { records, methods, siblings };
}

function* plainNames(
  folder: string,
  { records, siblings }: Listing,
  fits: (name: string) => boolean,
  share: Share,
): Generator<RecordName> {
  for (const stem of records) {
    if (!isOfShare(stem, share)) continue;
    const name = withoutVersion(stem);
    if (fits(name)) yield { name, ...versionIn(stem), stem: `${folder}/${stem}`, siblings };
  }
}

/** `<two digits>/<the other 62>.json`, perhaps with a digest of the identity, or of a version, behind. */
function* keyedNames(path: string, name: string, shard: string, { records, siblings }: Listing): Generator<RecordName> {
  for (const rest of records)
    yield { name, key: shard + rest.slice(0, 62), ...versionIn(rest), stem: `${path}/${rest}`, siblings };
}

/** By its name alone: threads that list a folder in another order, or at another time, share it in the same way. */
function isOfShare(stem: string, { index, of }: Share): boolean {
  if (of === 1) return true;
  let sum = 0;
  for (let i = 0; i < stem.length; i++) sum = (sum * 31 + stem.charCodeAt(i)) | 0;
  return (sum >>> 0) % of === index;
}

function versionIn(stem: string): Pick<EntryName, 'version'> {
  return isVersionStem(stem) ? { version: stem.slice(withoutVersion(stem).length + 1) } : {};
}

function shardsIn(folder: string): string[] {
  return namesIn(folder).filter((name) => /^[0-9a-f]{2}$/.test(name));
}

/** About how many records there are, at a glance: a folder of calls is listed, and not looked into. */
export function roughCountIn(folder: string): number {
  const names = list(folder);
  const methods = names.filter((entry) => entry.isDirectory());
  return (
    names.length / 2 +
    methods.reduce((count, { name }) => count + CALLS_IN_SHARD * shardsIn(join(folder, name)).length, 0)
  );
}

/** No more than a guess, on the low side. */
const CALLS_IN_SHARD = 2;

function list(folder: string): fs.Dirent[] {
  return unlessGone(() => fs.readdirSync(folder, { withFileTypes: true }));
}

function namesIn(folder: string): string[] {
  return unlessGone(() => fs.readdirSync(folder));
}

/** None for a folder that is gone, is no folder, or cannot be read. */
function unlessGone<T>(look: () => T[]): T[] {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].some((code) => isErrno(error, code))) return [];
    throw error;
  }
}
