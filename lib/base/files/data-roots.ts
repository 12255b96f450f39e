/** Folders of data that lie elsewhere on other machines: records name them, so that a result holds wherever they are mounted. */
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { InvalidOptionError } from '../errors.js';
import { userPath } from './user-path.js';

/** What begins the name of an environment variable that sets one: `STOWAGE_DATA_raw`. */
const VARIABLE = 'STOWAGE_DATA_';

/** What an environment variable can be called. */
const NAME = /^[A-Za-z_]\w*$/;

/** By name; `undefined` for one that a program has taken back from the environment. */
let roots: Map<string, string | undefined> | undefined;

/**
 * Names a folder of data, such as the mount of raw frames. What results used in it, files and other tmpdirs, is recorded below that
 * name, `$raw/night1.fits`, instead of by its absolute path: results computed where the folder is mounted in one place hold where
 * it is mounted in another. For the whole process; to be called before the first result is asked for.
 * @param name letters, digits and underscores
 * @param folder a path or a file URL, taken from the present working directory, `~` being the home folder; `undefined` takes it back
 * @defaultValue the environment variable `STOWAGE_DATA_` followed by the name
 * @throws InvalidOptionError where the name cannot be one, or the folder no path; then nothing is changed
 */
export function setDataRoot(name: string, folder: string | URL | undefined): void {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new InvalidOptionError(
      `a data root is named with letters, digits and underscores, as environment variables are, not ${JSON.stringify(name)}`,
    );
  }
  const path = folder === undefined ? undefined : userPath(folder);
  if (folder !== undefined && path === undefined)
    throw new InvalidOptionError(
      `the data root ${name} needs the path of a folder, or its file: URL, not ${String(folder)}`,
    );
  allRoots().set(name, path && resolve(path));
}

function allRoots(): Map<string, string | undefined> {
  roots ??= new Map(
    Object.entries(process.env).flatMap(([variable, value]) => {
      const name = variable.startsWith(VARIABLE) ? variable.slice(VARIABLE.length) : '';
      const path = NAME.test(name) ? userPath(value) : undefined;
      return path === undefined ? [] : [[name, resolve(path)] as const];
    }),
  );
  return roots;
}

/**
 * A path as a record says it: relative to the tmpdir where inside it, so that both can be moved together; by the innermost data root
 * that it lies in; else as it is.
 */
export function storedPath(path: string, tmpdir: string): string {
  const inside = pathInside(path, tmpdir);
  // What begins so is another thing in a record.
  if (inside !== undefined && inside !== '') return inside.startsWith('$') ? `.${sep}${inside}` : inside;
  return namedPath(path) ?? path;
}

/** The path that a record's path means; below the tmpdir, where nothing is, if its data root is not set here. */
export function fullPath(stored: string, tmpdir: string): string {
  const { name, inside } = inDataRoot(stored) ?? {};
  const root = name === undefined ? undefined : allRoots().get(name);
  if (root !== undefined) return join(root, inside ?? '');
  return isAbsolute(stored) ? stored : join(tmpdir, stored);
}

/** A folder as a record says it, where the result itself lies elsewhere. */
export function storedFolder(folder: string): string {
  return namedPath(folder) ?? folder;
}

/** The data root that a record's path is told from and that is not set here, if so. */
export function missingDataRoot(stored: string): string | undefined {
  const { name } = inDataRoot(stored) ?? {};
  return name === undefined || allRoots().get(name) !== undefined ? undefined : name;
}

function inDataRoot(stored: string): { name: string; inside: string } | undefined {
  const [, name, inside = ''] = /^\$([A-Za-z_]\w*)(?:\/(.*))?$/s.exec(stored) ?? [];
  return name === undefined ? undefined : { name, inside };
}

/** By the innermost root, and by the first name of several: whichever way a program calls a file, it is the same file. */
function namedPath(path: string): string | undefined {
  let shortest: { name: string; inside: string } | undefined;
  for (const [name, root] of [...allRoots()].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (root === undefined) continue;
    const inside = pathInside(path, root) ?? pathInside(realPath(path), realPath(root));
    if (inside !== undefined && (shortest === undefined || inside.length < shortest.inside.length))
      shortest = { name, inside };
  }
  if (shortest === undefined) return undefined;
  const { name, inside } = shortest;
  return inside === '' ? `$${name}` : `$${name}/${inside.split(sep).join('/')}`;
}

function pathInside(path: string, folder: string): string | undefined {
  const inside = relative(folder, path);
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? undefined : inside;
}

/** Of what does not exist, that of the folder in which it would lie. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder), basename(path));
  }
}
