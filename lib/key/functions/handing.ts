/**
 * How a function came to be handed to a cache: by which calls, in which evaluation of their files. So a function that a module
 * makes once more, because it is loaded again, is told from another one of the same source.
 */
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isProxy } from 'node:util/types';
import { isOwnFile, requireHere } from '../../base/packages/home.js';
import { callSites } from '../../base/run/call-sites.js';

/** The calls that led to the handing over, the innermost first, and the realm of the function. */
export interface Handing {
  sites: readonly Site[];
  realm: WeakRef<object>;
}

/** A call that is under way. */
interface Site {
  /** Path or address of the script, without what tells one import of it from the next; `''` for code of `eval`. */
  readonly file: string;
  /** Differs between two evaluations of the file. */
  readonly evaluation: string;
  /** Line and column. */
  readonly position: string;
}

export function handingOf(fn: object): Handing {
  return { sites: sites(), realm: new WeakRef(realmOf(fn)) };
}

/**
 * Is it the same code, evaluated once more? The innermost call that differs decides: where it is in another evaluation of the
 * same file, all that it does is done again; elsewhere it is another call.
 */
export function isHandedAgain(before: Handing, now: Handing): boolean {
  for (const [index, site] of now.sites.entries()) {
    const other = before.sites[index];
    if (other?.file !== site.file) return false;
    const isMoved = other.position !== site.position;
    // The text of a file may have changed meanwhile; scripts without a file may have nothing in common but that.
    if (other.evaluation !== site.evaluation && site.file !== '') return isFile(site.file) || !isMoved;
    if (isMoved) return false;
  }
  // A notebook gives each run of a cell a realm.
  return now.sites.length > 0 && before.realm.deref() !== now.realm.deref();
}

/** Path of the file whose code handed the function over; `undefined` where it is code of no file. */
export function fileHanding({ sites }: Handing): string | undefined {
  const outside = sites.find(({ file }) => !isOwnFile(file) && !file.startsWith('node:'))?.file ?? '';
  if (isAbsolute(outside)) return outside;
  return outside.startsWith('file:') ? fileURLToPath(outside) : undefined;
}

function isFile(name: string): boolean {
  return name.startsWith('file:') || isAbsolute(name);
}

function sites(): Site[] {
  return callSites().map(({ scriptName, scriptId = '', lineNumber, columnNumber }) => {
    const [, file = scriptName, query = ''] = /^(file:[^?#]*)(.*)$/s.exec(scriptName) ?? [];
    const evaluation = `${query} ${numberOfModule(scriptName)} ${scriptId}`;
    return { file, evaluation, position: `${lineNumber}:${columnNumber}` };
  });
}

/** A CommonJS module that is loaded again is another object under the same name, and to V8 the script that it was. */
const modules = requireHere.cache;
const numbers = new WeakMap<object, number>();
let count = 0;

function numberOfModule(file: string): number | undefined {
  const module = modules[file];
  if (module === undefined) return undefined;
  let number = numbers.get(module);
  if (number === undefined) numbers.set(module, (number = ++count));
  return number;
}

/** The last of a function's prototypes; of a proxy, which is asked nothing, that of everything here. */
function realmOf(fn: object): object {
  let last = fn;
  for (let at: object | null = fn; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (isProxy(at)) return Object.prototype;
    last = at;
  }
  return last;
}
