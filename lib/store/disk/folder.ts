/** The folder of a tag: made private and marked as a cache, and trusted only where no other user could have planted it. */
import * as fs from 'node:fs';
import { tmpdir as systemTmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { UnsafeFolderError } from '../../base/errors.js';
import { isErrno } from '../../base/files/files.js';
import { shareAs, writeNewFile } from '../../base/files/new-file.js';
import { settings } from '../../base/settings.js';
import { readText } from '../record/read-text.js';

/** How backup programs recognise what they may skip (https://bford.info/cachedir/). */
const CACHE_DIR_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This file marks a folder of cached results, written by Stowage. They can be computed again.
# See https://bford.info/cachedir/
`;

/**
 * Under the system's temporary folder anybody can make a folder or a link of any name before we do; such a one is
 * refused. Elsewhere a link is the user's own business.
 * @throws UnsafeFolderError where the folder is a link or another user's
 * @returns whether the folder exists
 */
export function checkFolder(folder: string): boolean {
  const stat = lookAt(folder);
  if (stat === undefined || !isShared(folder)) return stat !== undefined;
  if (stat.isSymbolicLink()) throw unsafe(folder, 'is a symbolic link');
  // Whose files these would be: a daemon may have put on another user with seteuid.
  const user = process.geteuid?.();
  if (user !== undefined && stat.uid !== user) throw unsafe(folder, 'belongs to another user');
  return true;
}

function lookAt(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isErrno(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Does it lie in the system's temporary folder, by whatever name that is called? */
function isShared(folder: string): boolean {
  const shared = systemTmpdir();
  return folder.startsWith(shared + sep) || `${realPath(dirname(folder))}${sep}`.startsWith(realPath(shared) + sep);
}

function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    // What cannot be resolved is known by the name it was given.
    return path;
  }
}

/**
 * Inside the tag's folder there is no business with links: through one, what is stored would be written elsewhere.
 * @throws UnsafeFolderError where a level from the tag's folder down to `directory` is a link
 */
function checkLevels(folder: string, directory: string): void {
  for (let current = directory; current.length > folder.length; current = dirname(current)) {
    if (fs.lstatSync(current, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      throw unsafe(current, 'is a symbolic link');
  }
}

/** Folders of entries, and for whom nothing was found to be said against them. */
const trusted = new Map<string, { folder: fs.Stats; user: number | undefined }>();
const MOST_TRUSTED = 10_000;

/**
 * The folder that an entry lies in, as it is now: the tag's, or two levels below it; `undefined` where there is none. One that
 * could be trusted before can be as long as it is the same folder: then this is all that is looked at.
 * @throws UnsafeFolderError where it cannot be trusted
 */
export function entryFolder(folder: string, directory: string): fs.Stats | undefined {
  const stat = lookAt(directory);
  if (stat === undefined) return undefined;
  const before = trusted.get(directory);
  const isSame = before?.folder.ino === stat.ino && before.folder.dev === stat.dev && before.folder.uid === stat.uid;
  if (isSame && before.user === process.geteuid?.()) return stat;
  if (!checkFolder(folder)) return undefined;
  checkLevels(folder, directory);
  return trust(directory, stat);
}

/**
 * Could the folder of an entry be trusted when this process looked at it? Who puts another in its place has no files of its
 * owner's to put there.
 * @param file that was found there
 */
export function wasTrusted(directory: string, file?: fs.BigIntStats): boolean {
  const before = trusted.get(directory)?.folder;
  return before !== undefined && (file === undefined || file.uid === BigInt(before.uid));
}

function trust(directory: string, folder: fs.Stats): fs.Stats {
  if (trusted.size >= MOST_TRUSTED) trusted.clear();
  trusted.set(directory, { folder, user: process.geteuid?.() });
  return folder;
}

function unsafe(folder: string, what: string): UnsafeFolderError {
  return new UnsafeFolderError(
    `${folder} ${what}, so results are neither read from it nor stored in it: remove it, or choose a folder of your ` +
      `own with setTmpdir or STOWAGE_TMPDIR`,
  );
}

/**
 * Makes the tag's folder, private to the user unless `configure({ permissions })` says otherwise, and, below it,
 * `subfolder`, with the permissions that the tag's folder has.
 * @returns the latter, as it is now
 */
export function makeFolder(folder: string, subfolder: string): fs.Stats {
  const there = entryFolder(folder, subfolder);
  if (there !== undefined) return there;
  if (!checkFolder(folder)) {
    const mode = settings.permissions;
    fs.mkdirSync(dirname(folder), { recursive: true, mode });
    // Not recursive: where another user planted something since the check, this fails instead of following it.
    try {
      fs.mkdirSync(folder, { mode });
      // What the user's mask took from them.
      if ((mode & 0o077) !== 0) fs.chmodSync(folder, mode);
    } catch (error) {
      if (!isErrno(error, 'EEXIST') || !checkFolder(folder)) throw error;
    }
    markFolder(folder);
  }
  if (subfolder !== folder) makeBelow(folder, subfolder);
  const made = fs.lstatSync(subfolder);
  if (subfolder !== folder && made.isSymbolicLink()) throw unsafe(subfolder, 'is a symbolic link');
  return trust(subfolder, made);
}

function makeBelow(folder: string, subfolder: string): void {
  checkLevels(folder, dirname(subfolder));
  const made = fs.mkdirSync(subfolder, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  if (folder.startsWith(made)) {
    // Another process has just cleared the tag.
    fs.chmodSync(folder, settings.permissions);
    markFolder(folder);
  }
  for (let each = subfolder; each !== folder && each.startsWith(made); each = dirname(each))
    shareAs(folder, each, 0o7777);
}

/** Has Stowage made the folder? One that holds adopted files alone was made by another program. */
export function isMarked(folder: string): boolean {
  try {
    return readText(join(folder, 'CACHEDIR.TAG')) === CACHE_DIR_TAG;
  } catch {
    // No folder of ours is without one, and what else may be there says nothing.
    return false;
  }
}

/** Marks a folder as Stowage's. */
export function markFolder(folder: string): void {
  try {
    writeNewFile(join(folder, 'CACHEDIR.TAG'), CACHE_DIR_TAG);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}
