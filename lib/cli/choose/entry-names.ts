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
  const methods: string[] = [];
  const siblings = new Set<string>();
  const records: string[] = [];
  for (const entry of list(folder)) {
    siblings.add(entry.name);
    if (entry.isDirectory()) methods.push(entry.name);
    else if (entry.name.endsWith(EXTENSION)) records.push(entry.name.slice(0, -EXTENSION.length));
  }
  for (const [i, stem] of records.entries()) {
    const name = withoutVersion(stem);
    if (i % share.of === share.index && fits(name))
      yield { name, ...versionIn(stem), stem: join(folder, stem), siblings };
  }
  for (const name of methods) if (fits(name)) yield* keyedIn(join(folder, name), name, share);
}

/** `<two digits>/<the other 62>.json`, perhaps with a digest of the identity, or of a version, behind. */
function* keyedIn(folder: string, name: string, share: Share): Generator<RecordName> {
  for (const shard of shardsIn(folder)) {
    if (parseInt(shard, 16) % share.of !== share.index) continue;
    const path = `${folder}/${shard}`;
    const siblings = new Set(namesIn(path));
    for (const file of siblings) {
      if (!file.endsWith(EXTENSION)) continue;
      const rest = file.slice(0, -EXTENSION.length);
      yield { name, key: shard + rest.slice(0, 62), ...versionIn(rest), stem: `${path}/${rest}`, siblings };
    }
  }
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
