/** Packages that are heavy, native or optional are loaded when first needed, synchronously, and only then. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { MissingPackageError } from '../errors.js';

const require = createRequire(import.meta.url);
const loaded = new Map<string, unknown>();

/** The package's module object; throws what `require` throws where it is not installed. */
export function load<T>(name: string): T {
  if (!loaded.has(name)) loaded.set(name, require(name));
  return loaded.get(name) as T;
}

/**
 * The module object of a package that the user installs where it is needed: a peer dependency.
 * @param purpose what needs it
 * @throws MissingPackageError where it is not installed; what it throws itself where it cannot be loaded
 */
export function loadPeer<T>(name: string, purpose: string): T {
  try {
    return load<T>(name);
  } catch (cause) {
    if (isInstalled(name)) throw cause;
    throw new MissingPackageError(name, purpose, { cause });
  }
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The module object that `import` gives. A package that comes as both kinds of modules is two copies in one process,
 * and the classes of one do not know the objects of the other.
 */
export function loadImported<T>(name: string): T {
  return require(fileURLToPath(import.meta.resolve(name))) as T;
}

/** Has the program loaded the package by `require`? */
export function isRequired(name: string): boolean {
  return require.cache[require.resolve(name)] !== undefined;
}
