/** Packages that are heavy, native or optional are loaded when first needed, synchronously, and only then. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const loaded = new Map<string, unknown>();

/** The package's module object; throws what `require` throws where it is not installed. */
export function load<T>(name: string): T {
  if (!loaded.has(name)) loaded.set(name, require(fileURLToPath(import.meta.resolve(name))));
  return loaded.get(name) as T;
}
