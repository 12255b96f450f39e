/** What the program has loaded by `require`. */
import { sep } from 'node:path';
import { requireHere } from '../../base/packages/home.js';

/** Files of a package that are loaded, whichever copy of it. */
export function loadedModules(name: string): string[] {
  const inside = `${sep}node_modules${sep}${name.split('/').join(sep)}${sep}`;
  return Object.keys(requireHere.cache).filter((file) => file.includes(inside));
}

/** Folders of copies of which something is loaded. */
export function loadedCopies(name: string): string[] {
  const inside = `${sep}node_modules${sep}${name.split('/').join(sep)}${sep}`;
  return loadedModules(name).map((file) => file.slice(0, file.lastIndexOf(inside) + inside.length - 1));
}
