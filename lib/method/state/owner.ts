/** Which package, or script without one, a class was defined in: another program's class of the same name is another class. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileOf } from './method-info.js';

/** What compilers put between a class and its decorators. */
const HELPERS = /[\\/]node_modules[\\/](?:tslib|reflect-metadata|@swc[\\/]helpers|@babel[\\/]runtime)[\\/]/;

/** So many frames up, at most, stands the class. */
const FURTHEST = 20;

/**
 * The file whose code calls a function; `undefined` where the stack cannot be read, or the code is of no file.
 * @param above the function that is called
 */
export function callingFile(above: (...args: never[]) => unknown): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = FURTHEST;
    Error.prepareStackTrace = (_, frames) => frames.map((frame) => frame.getFileName());
    const holder: { stack?: (string | null)[] } = {};
    Error.captureStackTrace(holder, above);
    const name = holder.stack?.find(
      (each) => typeof each === 'string' && !each.startsWith('node:') && !HELPERS.test(each),
    );
    return name?.startsWith('file:') === true ? fileURLToPath(name.replace(/[?#].*$/, '')) : (name ?? undefined);
  } catch {
    // Where Error is frozen.
    return undefined;
  } finally {
    try {
      Object.assign(Error, { prepareStackTrace, stackTraceLimit });
    } catch {
      // Then nothing was set.
    }
  }
}

/** Whose an analyzer is; `undefined` where nothing says so. */
export function ownerOf(analyzer: object): string | undefined {
  const found = fileOf(analyzer);
  return found && ownerOfFile(found.file);
}

const owners = new Map<string, string | undefined>();

/**
 * The name of the nearest package, wherever its folder lies; of a script without one, its path and a digest of its text, so
 * that it is known when it is moved, and when it is changed. What is typed in belongs to the package of the working folder.
 */
function ownerOfFile(file: string | undefined): string | undefined {
  const isFile = file !== undefined && isAbsolute(file);
  const key = isFile ? file : '';
  if (!owners.has(key))
    owners.set(key, nameOfPackage(isFile ? dirname(file) : process.cwd()) ?? (isFile ? nameOfScript(file) : undefined));
  return owners.get(key);
}

function nameOfPackage(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { name } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { name?: unknown };
      if (typeof name === 'string' && name !== '') return name;
    } catch {
      // There is none here, or none that can be read.
    }
    if (dirname(at) === at) return undefined;
  }
}

function nameOfScript(file: string): string | undefined {
  try {
    return `script ${file}#${createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16)}`;
  } catch {
    return `script ${file}`;
  }
}

/** One text for the owners of all classes that make a result. */
export function ownersText(names: readonly (string | undefined)[]): string | undefined {
  const known = new Set(names.filter((name) => name !== undefined));
  return known.size === 0 ? undefined : [...known].join(' + ');
}
