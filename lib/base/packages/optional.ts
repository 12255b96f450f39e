/** Packages that are heavy, native or optional are loaded when first needed, synchronously, and only then. */
import { MissingPackageError } from '../errors.js';
import { warnOnce } from '../warn.js';
import { isBundled, leftBehind, requireHere } from './home.js';

const loaded = new Map<string, unknown>();

/**
 * The package's module object.
 * @throws BundledError where it is not found from a bundle; elsewhere what `require` throws
 */
export function load<T>(name: string): T {
  if (!loaded.has(name)) loaded.set(name, required(name));
  return loaded.get(name) as T;
}

function required(name: string): unknown {
  try {
    return requireHere(name);
  } catch (cause) {
    if (!isBundled() || isInstalled(name)) throw cause;
    const error = leftBehind(name, { cause });
    // What is stored goes unused in silence, without what decodes it.
    warnOnce(error.code, name, error.message);
    throw error;
  }
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
    if (isBundled() || isInstalled(name)) throw cause;
    throw new MissingPackageError(name, purpose, { cause });
  }
}

/** @throws MissingPackageError where a package that is loaded later, in a thread, is not installed */
export function requirePeer(name: string, purpose: string): void {
  if (!isBundled() && !isInstalled(name)) throw new MissingPackageError(name, purpose);
}

function isInstalled(name: string): boolean {
  try {
    requireHere.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The module object that `import` gives, of a package that has its ES modules beside those of CommonJS: two copies in one
 * process, and the classes of one do not know the objects of the other. Where ES modules cannot be required, under Jest, it is
 * that of CommonJS.
 */
export function loadImported<T>(name: string): T {
  const key = `import ${name}`;
  if (!loaded.has(key)) loaded.set(key, importedOf(name));
  return loaded.get(key) as T;
}

function importedOf(name: string): unknown {
  try {
    return requireHere(requireHere.resolve(name).replace(/\.js$/, '.mjs'));
  } catch {
    return load(name);
  }
}

/** Has the program loaded the package by `require`? */
export function isRequired(name: string): boolean {
  return isInstalled(name) && requireHere.cache[requireHere.resolve(name)] !== undefined;
}
