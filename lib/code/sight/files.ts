/**
 * Finds the file that a script is, without V8's debugger: that takes long to list what is loaded, and makes V8 forget what was
 * covered. Where a class or a script is known to stand, the files that it imports are looked at, and one is taken if it
 * alone has the function where V8 says that it begins.
 */
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { requireFrom } from '../../base/packages/home.js';
import { atEndOfTurn } from '../../base/run/at-end-of-turn.js';
import { sourceOf } from '../../key/classes/class-source.js';
import type { Location } from './look.js';
import { notedFiles } from './noted-files.js';
import { offsetOf } from './offset.js';

/** A function, and where it begins. */
export interface Place {
  readonly fn: object;
  readonly location: Location;
  /** The file whose code led to it. */
  readonly from: string | undefined;
}

/** How many times what a file imports may be but passed on from another. */
const DEEPEST = 4;
const MOST_FILES = 200;

const texts = new Map<string, string | undefined>();
const imports = new Map<string, readonly string[]>();

/** `undefined` where none, or more than one, could be it. */
export function fileOf(place: Place): string | undefined {
  atEndOfTurn(forget);
  let files: Iterable<string> = place.from === undefined ? notedFiles() : [place.from, ...notedFiles()];
  const seen = new Set<string>();
  for (let depth = 0; depth <= DEEPEST && seen.size <= MOST_FILES; depth++) {
    const fresh = [...files].filter((file) => !seen.has(file));
    const found = fresh.filter((file) => standsIn(file, place));
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
    for (const file of fresh) seen.add(file);
    if (place.from === undefined) return undefined;
    files = (depth === 0 ? [place.from] : fresh).flatMap(importsOf);
  }
  return undefined;
}

export function textOfFile(file: string): string | undefined {
  if (!texts.has(file)) texts.set(file, read(file));
  return texts.get(file);
}

/** Does the function stand in the file, around the place where V8 says that it begins? Its name comes before that. */
export function standsIn(file: string, { fn, location }: Place): boolean {
  const text = textOfFile(file);
  const source = sourceOf(fn);
  if (text?.includes(source) !== true) return false;
  const at = offsetOf(text, location.lineNumber, location.columnNumber);
  const start = text.lastIndexOf(source, at);
  return start >= 0 && start + source.length > at;
}

const IMPORT = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(["'])([^"'\n]+)\1/g;

function importsOf(file: string): readonly string[] {
  let found = imports.get(file);
  if (found === undefined) {
    const names = [...(textOfFile(file) ?? '').matchAll(IMPORT)].map(([, , name = '']) => name);
    found = [...new Set(names)].flatMap((name) => resolved(name, file));
    imports.set(file, found);
  }
  return found;
}

/** Files that an import may mean: a package may have another for each way to import it. */
function resolved(name: string, file: string): string[] {
  if (/^\.\.?\/.*\.[cm]?js$/.test(name)) return [resolve(dirname(file), name)];
  if (name.startsWith('node:')) return [];
  try {
    const found = requireFrom(file).resolve(name);
    return isAbsolute(found) ? [found] : [];
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** What is on disk may change. */
function forget(): void {
  texts.clear();
  imports.clear();
}
