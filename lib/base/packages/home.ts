/**
 * Where this code lies, beside its threads and packages, unless a bundler has made it part of a program. Asked of the stack,
 * since `import.meta` is lost, or names the place of building, where bundlers and Jest turn modules into CommonJS.
 */
import { readFileSync } from 'node:fs';
import { Module } from 'node:module';
import { basename, isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BundledError } from '../errors.js';
import { callSites } from '../run/call-sites.js';

/** The path of the file that runs; where Error is frozen, one from which the program's packages are found. */
export const HERE =
  callSites()
    .map(({ scriptName }) => pathOfScript(scriptName))
    .find((path) => path !== undefined) ?? join(process.cwd(), 'program.js');

/** Is each file of lib a file, as in build/, and not one of a few? */
const FILE_BY_FILE = /[/\\]base[/\\]run[/\\]call-sites\.[jt]s$/.test(HERE);

/** `require` as it is in the file that runs. */
export const requireHere = requireFrom(HERE);

/** `require` as it is in a file. */
export function requireFrom(file: string): NodeJS.Require {
  return Module.createRequire(file);
}

function pathOfScript(name: string): string | undefined {
  if (name.startsWith('file:')) return fileURLToPath(name.replace(/[?#].*$/s, ''));
  return isAbsolute(name) ? name : undefined;
}

let home: string | null | undefined;

/** The folder of the package's code, with a slash at its end; `null` where the code is part of a bundle. */
function homeFolder(): string | null {
  if (home === undefined) {
    const folder = join(HERE, FILE_BY_FILE ? '../../..' : '..', '/');
    home = isOfPackage(folder) ? folder : null;
  }
  return home;
}

function isOfPackage(folder: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8')) as { name?: unknown }).name === 'stowage';
  } catch {
    return false;
  }
}

/** Is the code part of a bundle? */
export function isBundled(): boolean {
  return homeFolder() === null;
}

/** Is it a file of this package, whose functions are no part of a program? By its path or URL. */
export function isOwnFile(script: string): boolean {
  const folder = homeFolder();
  return folder !== null && pathOfScript(script)?.startsWith(folder) === true;
}

/**
 * The program of a thread, by its path in lib without an ending.
 * @throws BundledError where it was left behind
 */
export function threadProgram(path: string): URL {
  const folder = homeFolder();
  const name = `${FILE_BY_FILE ? path : basename(path)}.js`;
  if (folder === null) throw leftBehind(name);
  return pathToFileURL(join(folder, name));
}

/** A file that the build makes beside the code, for others than Node. @throws BundledError where it was left behind */
export function packageFile(name: string): string {
  const folder = homeFolder();
  if (folder === null) throw leftBehind(name);
  return join(folder, FILE_BY_FILE ? '../../dist' : '.', name);
}

/** What is said where a file or a package is missed. */
export function leftBehind(name: string, options?: ErrorOptions): BundledError {
  return new BundledError(name, HERE, options);
}
