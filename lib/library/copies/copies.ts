/** Installed copies of a library: where they lie, and what they export. */
import { dirname, join, relative, resolve, sep } from 'node:path';
import { HERE, requireFrom, requireHere } from '../../base/packages/home.js';
import type { Adapter } from '../contract/adapter.js';
import type { LibraryNote, ModuleForm } from '../contract/library-note.js';
import { entryOf, manifestIn, type Manifest } from './entry.js';
import { loadedCopies } from './loaded.js';
import { projectFolder, projectFolders } from './project.js';

/** A copy of a package. */
export interface Copy {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** One module of a copy, in one of its forms. */
export interface LoadedModule {
  readonly copy: Copy;
  readonly module: string;
  readonly form: ModuleForm;
  readonly exports: Readonly<Record<string, unknown>>;
}

const FORMS: readonly ModuleForm[] = ['require', 'import'];

/** Copies that the program may have its values of, those of its own project first. */
export function copiesOf({ package: name, within = [] }: Adapter): Copy[] {
  const folders = new Set<string>();
  const starts = [...projectFolders(), dirname(HERE)];
  const holders = within.flatMap((holder) => [...installed(holder, starts), ...loadedCopies(holder)]);
  for (const folder of [...installed(name, starts), ...installed(name, holders), ...loadedCopies(name)])
    folders.add(folder);
  return [...folders].flatMap((folder) => copyIn(folder, name) ?? []);
}

/**
 * The copy that a note speaks of: the one at the same place, or, where none lies there any more, the first of the program's that
 * suits. A note only chooses among the copies that the program reaches by itself: what a cache folder says must not run other code.
 */
export function copyOfNote({ at }: LibraryNote, adapter: Adapter, suits: (copy: Copy) => boolean): Copy | undefined {
  const place = resolve(projectFolder(), at);
  const copies = copiesOf(adapter);
  const same = copies.find(({ folder }) => folder === place);
  if (same !== undefined) return same;
  // One that is there and not loaded is not to be mixed up with another one.
  if (copyIn(place, adapter.package) !== undefined) return undefined;
  return copies.find(suits) ?? copies[0];
}

/** Where a copy lies, for a note. */
export function placeOf({ folder }: Copy): string {
  return relative(projectFolder(), folder).split(sep).join('/');
}

/**
 * The modules of a copy that have the classes. What a program has values of is loaded already, mostly by `require` where that
 * has loaded anything; the other form is a second copy of all classes.
 */
export function* modulesOf(copy: Copy, { modules = [''] }: Adapter): Generator<LoadedModule> {
  for (const form of FORMS) {
    for (const module of modules) {
      const file = entryOf(copy.folder, copy.manifest, module, form);
      if (file === undefined || (form === 'require' && !isLoaded(file) && hasOther(copy, module, file))) continue;
      const exports = load(file);
      if (exports !== undefined) yield { copy, module, form, exports };
    }
  }
}

/** One module of a copy, in the form that a note says. */
export function moduleOf(copy: Copy, module: string, form: ModuleForm): LoadedModule | undefined {
  const file = entryOf(copy.folder, copy.manifest, module, form);
  const exports = file === undefined ? undefined : load(file);
  return exports && { copy, module, form, exports };
}

function isLoaded(file: string): boolean {
  return requireHere.cache[requireHere.resolve(file)] !== undefined;
}

/** Is there another file for `import`, which then is the one that the program has loaded? */
function hasOther(copy: Copy, module: string, file: string): boolean {
  return entryOf(copy.folder, copy.manifest, module, 'import') !== file;
}

/** A module that cannot be loaded at once, since it awaits something, is as good as absent. */
function load(file: string): LoadedModule['exports'] | undefined {
  try {
    return requireHere(file) as LoadedModule['exports'];
  } catch {
    return undefined;
  }
}

function copyIn(folder: string, name: string): Copy | undefined {
  const manifest = manifestIn(folder);
  return manifest?.name === name ? { folder, manifest } : undefined;
}

function installed(name: string, starts: readonly string[]): string[] {
  return starts.flatMap((start) => {
    const paths = requireFrom(join(start, 'index.js')).resolve.paths(name) ?? [];
    const found = paths.map((path) => join(path, name)).find((folder) => manifestIn(folder) !== undefined);
    return found ?? [];
  });
}
