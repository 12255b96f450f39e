/** Packages that are heavy, native or optional are loaded when first needed, synchronously, and only then. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const loaded = new Map<string, unknown>();

/** The package's module object; throws what `require` throws where it is not installed. */
export function load<T>(name: string): T {
  if (!loaded.has(name)) loaded.set(name, require(pathOf(name)));
  return loaded.get(name) as T;
}

/**
 * Some packages are there twice, as an ES module and as a CommonJS one, and the classes of one copy know nothing of the
 * other's instances: it must be the copy that the user's code has, the CommonJS one where that is loaded already.
 */
function pathOf(name: string): string {
  const common = require.resolve(name);
  const url = import.meta.resolve(name);
  return common in require.cache || !url.startsWith('file:') ? common : fileURLToPath(url);
}
