/** From a module's name to analyzers: what a worker does. */
import * as fs from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isUrl, userPath } from '../../base/files/user-path.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import { datasetOf } from '../../method/hierarchy/dataset.js';
import { setPrefix, setTag, setTmpdir } from '../../method/hierarchy/tagging.js';
import { Analyzer } from '../single/analyzer.js';

/** Makes the analyzer of a tag. */
export type MakeAnalyzer = (tag: string, args: readonly unknown[]) => unknown;

type Constructor = new (tag: string, ...args: readonly unknown[]) => object;

/**
 * The class or function that a module exports: a subclass of Analyzer, any other class whose constructor takes the tag, or
 * a function that takes the tag and returns an analyzer or a promise of one.
 * @throws InvalidOptionError where the module cannot be loaded or exports nothing of the kind
 */
export async function analyzerFrom(module: string, name: string): Promise<MakeAnalyzer> {
  const found = exportOf(await imported(module), name, module);
  if (typeof found !== 'function') {
    throw new InvalidOptionError(
      `the export '${name}' of ${module} is a ${typeof found}, not a class or function that makes analyzers`,
    );
  }
  const isClass = found.prototype instanceof Analyzer || Function.prototype.toString.call(found).startsWith('class');
  return isClass
    ? (tag, args) => new (found as unknown as Constructor)(tag, ...args)
    : (tag, args) => (found as (tag: string, ...args: readonly unknown[]) => unknown)(tag, ...args);
}

/** The address of a module, by its path or as it is. @throws InvalidOptionError where there is no such file */
export function moduleUrl(module: string | URL): string {
  const isAddress = isUrl(module) || (typeof module === 'string' && /^(file|data|node):/.test(module));
  const path = isAddress ? undefined : userPath(module);
  if (!isAddress && path === undefined) throw new InvalidOptionError('module must be a URL or the path of a file');
  const url = path === undefined ? new URL(module) : pathToFileURL(path);
  if (url.protocol !== 'file:' || fs.existsSync(fileURLToPath(url))) return url.href;
  throw new InvalidOptionError(`there is no module ${fileURLToPath(url)}`);
}

async function imported(module: string): Promise<Record<string, unknown>> {
  try {
    return (await import(module)) as Record<string, unknown>;
  } catch (cause) {
    throw new InvalidOptionError(`${module} cannot be loaded: ${String(cause)}`, { cause });
  }
}

/** A CommonJS module may show its exports only under `default`. */
function exportOf(namespace: Record<string, unknown>, name: string, module: string): unknown {
  if (name in namespace) return namespace[name];
  const inner = namespace.default;
  if (typeof inner === 'object' && inner !== null && name in inner) return (inner as Record<string, unknown>)[name];
  const names = Object.keys(namespace).filter((each) => typeof namespace[each] === 'function');
  throw new InvalidOptionError(
    `${module} has no export '${name}'${didYouMean(name, names)}; it exports ${names.join(', ') || 'no class or function'}: ` +
      'name the one that makes analyzers with the option analyzer',
  );
}

/** Tags the object that was made, and puts it in its place. @throws InvalidOptionError where it is no object */
export function placed(made: unknown, tag: string, place: { tmpdir?: string; prefix?: string }): object {
  if (typeof made !== 'object' || made === null) {
    throw new InvalidOptionError(
      `for the tag '${tag}' there was ${made === null ? 'null' : `a ${typeof made}`} instead of an analyzer`,
    );
  }
  if (place.prefix !== undefined) setPrefix(made, place.prefix);
  if (place.tmpdir !== undefined) setTmpdir(made, place.tmpdir);
  if (datasetOf(made) === undefined) setTag(made, tag);
  return made;
}
