/** Results of other programs, made entries: arte's, NumPy's, pandas'. */
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { refuseIfReadonly } from '../../base/settings.js';
import { InvalidOptionError, TagNotSetError } from '../../base/errors.js';
import { adoptableExtensions, adoptFile, hasRecord, type Adoption } from '../../store/maintain/adopt.js';
import { findEntry } from '../../store/entry/find.js';
import { checkFolder } from '../../store/disk/folder.js';
import { namesIn } from '../../store/disk/list-files.js';
import { isVersionStem } from '../../store/entry/versions.js';
import { placeOf, tagFolder } from '../../store/disk/place.js';
import type { Identity } from '../../store/record/identity.js';
import { toldError } from '../../store/entry/disk-errors.js';
import { identityOf, placeUnder } from '../call/identity-of-call.js';
import { partsOf } from '../hierarchy/subtree.js';
import { isUrl } from '../../base/files/user-path.js';
import { folderNamed } from '../../base/files/folder-named.js';
import { codeDigestOf } from '../../key/classes/code-digest.js';
import { codeSeenOf } from '../../store/record/code-seen.js';
import { codeOfMethod } from '../state/method-code.js';
import { callKeyOf } from '../call/key-of-call.js';
import { bindingOfMethod } from '../call/locate.js';
import { everyCachedMethodOf, type MethodInfo } from '../state/method-info.js';
import { isPathAtOrUnder } from '../state/path-under.js';

/** Options of {@link adopt}. */
export interface AdoptOptions {
  /**
   * What of the folder's name is the prefix; the rest is the tag.
   * @defaultValue `'cache'` where the name begins with it
   */
  prefix?: string;
}

/** What {@link adopt} did. */
export interface AdoptReport {
  /** The tag's folder. */
  folder: string;
  /** Files that are entries from now on. */
  adopted: { file: string; instance: string; method: string }[];
  /** Files that stay what they were, and why. */
  skipped: { file: string; reason: string }[];
  /** How many files were entries already. */
  known: number;
}

/**
 * Writes records for `.npy` and `.arrow` files that another program put where a cached method's result would be, so that
 * they are hits from then on. Nothing else is written, and no file is changed; but an adopted file is an entry: computing
 * it again replaces it, and `clearCache` removes it. What the other program writes over it later is adopted by adopting
 * again, and is damaged until then.
 *
 * - `adopt(root)`, best: looks at the place of every cached method of every object that the root reaches, and adopts what
 *   lies there for exactly that method.
 * - `adopt(folder)`, the folder of a tag: takes every file for what its name says. `root.foo.Member.myMethod.npy` becomes
 *   the result of whatever call has that name, whatever the classes of root and analyzer; not of one with a `version`.
 *
 * Only plain calls have such names: not those with arguments or `@parameter` fields. Files that hold something else than
 * their extension says (arte's pickled values, NumPy's arrays of objects) and names with a record stay as they are; the
 * report says why. The age of a result is that of its file. There is no trace, and the code is taken to be today's.
 *
 * @throws InvalidOptionError where there is no such folder, or the prefix is not that of the folder
 * @throws TagNotSetError where nothing that the object reaches has a tag
 * @throws ReadonlyError where nothing may be written
 * @throws StowageError `STOWAGE_DISK` where the folder cannot be read
 */
export async function adopt(rootOrFolder: object | string | URL, options: AdoptOptions = {}): Promise<AdoptReport> {
  refuseIfReadonly('adopt');
  if (typeof rootOrFolder === 'string' || isUrl(rootOrFolder)) {
    return telling(folderNamed(rootOrFolder, 'adopt'), (folder) => adoptFolder(folder, options.prefix));
  }
  const parts = partsOf(rootOrFolder, 'adopt').filter(({ root }) => root.tag !== undefined);
  const [first] = parts;
  if (first === undefined) {
    throw new TagNotSetError(
      'adopt(root) looks where results of a tag are: call setTag(root, tag) first, or name the folder',
    );
  }
  const { tmpdir, prefix, tag = '' } = first.root;
  const report: AdoptReport = { folder: tagFolder(tmpdir, prefix, tag), adopted: [], skipped: [], known: 0 };
  for (const part of parts) {
    for (const [path, analyzer] of part.root.reach.analyzers()) {
      if (!isPathAtOrUnder(path, part.path)) continue;
      for (const info of everyCachedMethodOf(analyzer)) {
        await telling(report.folder, () => adoptResult(report, analyzer, info));
      }
    }
  }
  return report;
}

async function telling<T>(folder: string, work: (folder: string) => Promise<T>): Promise<T> {
  try {
    return await work(folder);
  } catch (error) {
    throw toldError(folder, 'read', error);
  }
}

/** Adopts what lies where a plain call of a method has its result. */
async function adoptResult(report: AdoptReport, analyzer: object, info: MethodInfo): Promise<void> {
  const binding = bindingOfMethod(info, analyzer);
  if (binding?.root.tag === undefined) return;
  const identity = identityOf(info, analyzer, binding, undefined);
  const place = placeUnder(binding, identity);
  if (!checkFolder(place.folder)) return;
  const code = codeDigestOf(info.original);
  const codeSeen = codeSeenOf(codeOfMethod(info, analyzer, binding.root), []);
  for (const extension of adoptableExtensions) {
    const file = `${place.plain}.${extension}`;
    if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) continue;
    const reason = whyNotPlain(info, analyzer) ?? whyNotNeeded(place.plain, findEntry(place, identity));
    if (reason === undefined) await adoptInto(report, file, { identity, code, codeSeen });
    else report.skipped.push({ file, reason });
  }
}

function whyNotPlain(info: MethodInfo, analyzer: object): string | undefined {
  try {
    if (callKeyOf(info, analyzer, []) === undefined) return undefined;
  } catch {
    // Without arguments its key cannot be made.
  }
  return 'its name says nothing of the parameters or arguments that calls of this method have';
}

function whyNotNeeded(plain: string, found: ReturnType<typeof findEntry>): string | undefined {
  return (found.kind === 'entry' || found.kind === 'newer') && found.stem !== plain ? HAS_OWN : undefined;
}

const HAS_OWN = 'the method has a result of its own stored, under another name';

async function adoptFolder(folder: string, prefix: string | undefined): Promise<AdoptReport> {
  if (!checkFolder(folder))
    throw new InvalidOptionError(`adopt: there is no folder ${folder}: give the folder of a tag`);
  const dataset = splitName(basename(folder), prefix);
  const report: AdoptReport = { folder, adopted: [], skipped: [], known: 0 };
  const names = namesIn(folder).sort();
  for (const name of names) {
    const extension = adoptableExtensions.find((each) => name.endsWith(`.${each}`));
    if (extension === undefined) continue;
    const file = join(folder, name);
    const stem = name.slice(0, -1 - extension.length);
    if (isVersionStem(stem)) continue;
    const identity = identityNamed(stem, dataset);
    if (placeOf(dirname(folder), identity).plain !== join(folder, stem)) {
      if (hasRecord(file)) report.known++;
      else report.skipped.push({ file, reason: 'no plain call of a method has this name' });
    } else if (names.some((other) => isAlternative(other, stem))) {
      report.skipped.push({ file, reason: HAS_OWN });
    } else {
      await adoptInto(report, file, { identity, code: '' });
    }
  }
  return report;
}

/** The name that an entry gets where the plain one is another's. */
function isAlternative(name: string, stem: string): boolean {
  return name.startsWith(`${stem}~`) && /^[0-9a-f]{16}\.json$/.test(name.slice(stem.length + 1));
}

function splitName(name: string, prefix: string | undefined): { prefix: string; tag: string } {
  if (prefix === undefined) return /^cache./.test(name) ? splitName(name, 'cache') : { prefix: '', tag: name };
  if (name.startsWith(prefix) && name !== prefix) return { prefix, tag: name.slice(prefix.length) };
  throw new InvalidOptionError(`adopt: the folder's name ${name} does not begin with the prefix ${prefix}`);
}

/** `root.foo.Member.myMethod`: the method is the last two words, if there are so many. */
function identityNamed(stem: string, dataset: { prefix: string; tag: string }): Identity {
  const words = stem.split('.');
  const start = words.length > 2 ? -2 : -1;
  const instance = words.slice(0, start).join('.');
  return { ...dataset, instance, rootClass: '', method: words.slice(start).join('.'), byName: true };
}

async function adoptInto(report: AdoptReport, file: string, known: Adoption): Promise<void> {
  const { instance, method } = known.identity;
  const refusal = await adoptFile(file, known).catch((error: unknown) => ({ reason: String(error) }));
  if (refusal === undefined) report.adopted.push({ file, instance, method });
  else if ('entry' in refusal) report.known++;
  else report.skipped.push({ file, ...refusal });
}
