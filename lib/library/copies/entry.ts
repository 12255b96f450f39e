/** Which file a package gives to `import`, and which to `require`. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { ModuleForm } from '../contract/library-note.js';

/** As much of a package.json as is read. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly main?: string;
  readonly exports?: unknown;
}

/** The manifest in a folder; `undefined` where there is none that can be read. */
export function manifestIn(folder: string): Manifest | undefined {
  try {
    return JSON.parse(fs.readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

const CONDITIONS: Readonly<Record<ModuleForm, readonly string[]>> = {
  import: ['import', 'node', 'module-sync', 'default'],
  require: ['require', 'node', 'module-sync', 'default'],
};

/** The file of a module of the package, `''` for the package itself; `undefined` where there is none for that form. */
export function entryOf(
  folder: string,
  { main, exports }: Manifest,
  module: string,
  form: ModuleForm,
): string | undefined {
  const path =
    exports === undefined || exports === null ? module || (main ?? 'index.js') : exported(exports, module, form);
  if (path === undefined) return undefined;
  const full = join(folder, path);
  return [full, `${full}.js`, join(full, 'index.js'), ...mainOf(full)].find(isFile);
}

/** A folder inside a package may have a manifest of its own. */
function mainOf(folder: string): string[] {
  const main = manifestIn(folder)?.main;
  if (main === undefined) return [];
  const full = join(folder, main);
  return [full, `${full}.js`, join(full, 'index.js')];
}

function exported(exports: unknown, module: string, form: ModuleForm): string | undefined {
  const name = module === '' ? '.' : `./${module}`;
  const isMap =
    typeof exports === 'object' && exports !== null && Object.keys(exports).some((key) => key.startsWith('.'));
  if (!isMap) return module === '' ? targetOf(exports, form) : undefined;
  return targetOf((exports as Record<string, unknown>)[name], form);
}

/** Conditions stand in the order of the package; the first that holds is taken. */
function targetOf(target: unknown, form: ModuleForm): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map((each) => targetOf(each, form)).find((each) => each !== undefined);
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (!CONDITIONS[form].includes(condition)) continue;
    const found = targetOf(inner, form);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFile(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
