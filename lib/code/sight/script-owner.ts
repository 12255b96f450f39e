/** To whom a script belongs: the program, an installed package, Node, or this package. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isOwnFile } from '../../base/packages/home.js';

export type ScriptOwner =
  | { readonly kind: 'program'; readonly file: string }
  | { readonly kind: 'package'; readonly name: string; readonly version: string }
  | { readonly kind: 'node' }
  | { readonly kind: 'stowage' };

const owners = new Map<string, ScriptOwner>();

export function scriptOwner(path: string): ScriptOwner {
  let owner = owners.get(path);
  if (owner === undefined) owners.set(path, (owner = find(path)));
  return owner;
}

function find(file: string): ScriptOwner {
  if (file.startsWith('node:')) return { kind: 'node' };
  if (isOwnFile(file)) return { kind: 'stowage' };
  const installed = /^(.*[/\\]node_modules[/\\])((?:@[^/\\]+[/\\])?[^/\\]+)[/\\]/.exec(file);
  if (installed === null) return { kind: 'program', file: file.startsWith('data:') ? 'data:' : file };
  const [, folder = '', name = ''] = installed;
  return { kind: 'package', name: name.replace('\\', '/'), version: versionIn(`${folder}${name}/package.json`) };
}

/** The path that a URL names; other URLs as they are. */
export function pathOf(url: string): string {
  try {
    return url.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/s, '')) : url;
  } catch {
    return url;
  }
}

function versionIn(file: string): string {
  try {
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : 'unknown';
  } catch {
    return 'unknown';
  }
}
