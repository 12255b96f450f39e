/** What the program has loaded by `require`. */
import { createRequire } from 'node:module';
import { sep } from 'node:path';

const require = createRequire(import.meta.url);

/** Files of a package that are loaded, whichever copy of it. */
export function loadedModules(name: string): string[] {
  const inside = `${sep}node_modules${sep}${name.split('/').join(sep)}${sep}`;
  return Object.keys(require.cache).filter((file) => file.includes(inside));
}

/** Folders of copies of which something is loaded. */
export function loadedCopies(name: string): string[] {
  const inside = `${sep}node_modules${sep}${name.split('/').join(sep)}${sep}`;
  return loadedModules(name).map((file) => file.slice(0, file.lastIndexOf(inside) + inside.length - 1));
}
