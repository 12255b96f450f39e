/** Paths as users write them, where no shell has read them. */
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * The path that is meant: `~` and `~/…` lie in the user's home folder, and a file URL, as text or as an object, is the path
 * that it names. Any other text is a path as it stands.
 * @returns `undefined` where it can be none: no text, empty, with a NUL, or a URL of another kind
 */
export function userPath(given: unknown): string | undefined {
  const text = isUrl(given) ? given.href : given;
  if (typeof text !== 'string' || text === '' || text.includes('\0')) return undefined;
  if (/^file:\/\//i.test(text)) return pathOfUrl(text);
  // One letter is a drive of Windows.
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return undefined;
  return /^~(?=[/\\]|$)/.test(text) ? homedir() + text.slice(1) : text;
}

/** One of another realm is no `instanceof URL`. */
export function isUrl(given: unknown): given is URL {
  return Object.prototype.toString.call(given) === '[object URL]' && typeof (given as URL).href === 'string';
}

/** A host in it, a slash or a NUL that is spelled out, what follows a `?` or a `#`, or damage: then it names no path here. */
function pathOfUrl(url: string): string | undefined {
  if (/[?#]|%00/.test(url)) return undefined;
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
