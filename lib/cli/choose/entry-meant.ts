/** The one entry that a command line names. */
import { lstatSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, resolve } from 'node:path';
import { userPath } from '../../base/files/user-path.js';
import { entryAt, type CatalogEntry } from './catalog.js';
import type { Context } from '../terminal/command.js';
import { recordNamesIn } from './entry-names.js';
import { CommandError } from '../terminal/errors.js';
import { nearestEntry } from './nearest-entry.js';
import { Patterns } from './pattern.js';
import { tagFolderAt, tagFolders, type TagFolder } from './tag-folder.js';

/** How many candidates are named where there are several. */
const MOST_NAMED = 8;

/**
 * The entry of a pattern that fits one alone, earlier versions aside where others fit; of a name, in whatever tag has it; or of a file, data or record.
 * @throws CommandError where there is none, or where there are several
 */
export function entryMeant(text: string, context: Context): CatalogEntry {
  const byFile = entryOfFile(text);
  if (byFile !== undefined) return byFile;
  const all = [...candidates(text, context)];
  const present = all.filter(({ version }) => version === undefined);
  const found = present.length > 0 ? present : all;
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (first === undefined) throw new CommandError(whyNone(text, context));
  const names = found.slice(0, MOST_NAMED).map(nameOf);
  const more = found.length > MOST_NAMED ? ` and ${String(found.length - MOST_NAMED)} more` : '';
  throw new CommandError(`'${text}' fits ${String(found.length)} entries: say which of ${names.join(', ')}${more}`);
}

/** A tag is no entry, but it has some; and the user may have meant a name that is near. */
function whyNone(text: string, { tmpdir, prefix }: Context): string {
  const folders = tagFolders(tmpdir, prefix);
  const tag = text.replace(/\/$/, '');
  const named = folders.find((folder) => folder.tag === tag || folder.folderName === tag);
  if (named !== undefined)
    return `'${tag}' is a tag, and no entry of one: stowage ls '${named.tag}/*' shows its entries`;
  return `there is no entry '${text}' in ${tmpdir}${nearestEntry(text, folders)}: stowage ls shows the tags, and stowage ls 'tag/*' the entries of one`;
}

/** How an entry is named on the command line: `night/root.Night.psd/3f9a12c04d77`; with `~` and a digest, an earlier version of it. */
export function nameOf({
  folder,
  name,
  key,
  version,
}: Pick<CatalogEntry, 'folder' | 'name' | 'key' | 'version'>): string {
  const entry = [folder.tag, name, key?.slice(0, 12)].filter((part) => part !== undefined).join('/');
  return version === undefined ? entry : `${entry}~${version}`;
}

function* candidates(text: string, { tmpdir, prefix }: Context): Generator<CatalogEntry> {
  const folders = tagFolders(tmpdir, prefix);
  yield* entriesNamed(text.includes('/') ? text : `*/${text}`, folders);
  // `root.Night.psd/3f9a`: a name and a key, without a tag.
  if (text.split('/').length === 2) yield* entriesNamed(`*/${text}`, folders);
}

function* entriesNamed(text: string, folders: readonly TagFolder[]): Generator<CatalogEntry> {
  const patterns = new Patterns([text], folders);
  for (const folder of patterns.folders) {
    const { fitsName, fits } = patterns.within(folder);
    for (const record of recordNamesIn(folder.path, fitsName)) {
      const entry = fits(record) ? entryAt(folder, record) : undefined;
      if (entry !== undefined) yield entry;
    }
  }
}

/** A file of an entry lies in its tag's folder, or two levels below it. */
function entryOfFile(text: string): CatalogEntry | undefined {
  const given = userPath(text) ?? text;
  const path = resolve(given);
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const stem = path.slice(0, path.length - extname(path).length);
  for (const folder of [dirname(path), dirname(dirname(dirname(path)))]) {
    const found = tagFolderAt(dirname(folder), basename(folder), undefined);
    if (found === undefined) continue;
    for (const record of recordNamesIn(folder)) if (record.stem === stem) return entryAt(found, record);
  }
  // What has the name of a file by chance may be an entry's name all the same.
  if (!isAbsolute(given)) return undefined;
  throw new CommandError(`${text} is no entry: it does not lie in the folder of a tag, or no record speaks of it`);
}
