/** Checks of what the user names folders with: a tag, a prefix, a tmpdir. Nothing is normalised. */
import { tmpdir as systemTmpdir } from 'node:os';
import { resolve } from 'node:path';
import { InvalidTagError } from '../../base/errors.js';
import { isUrl, userPath } from '../../base/files/user-path.js';

/** The word for the system's temporary folder. */
const TEMPORARY = 'temporary';

/** Longest name of one file or folder, and longest path, in bytes, on the file systems of Linux and macOS. */
const LONGEST_COMPONENT = 255;
const LONGEST_PATH = 4095;

/** The faults that a name can have, and their messages; the first that applies is reported. */
const FAULTS: readonly [pattern: RegExp, what: string][] = [
  [/^\.{1,2}$/, 'names a folder that exists already by another name'],
  [/[/\\]/, 'holds a separator (/ or \\), which would lead to another folder'],
  [/\0/, 'holds a NUL character'],
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  [/[\u0001-\u001f\u007f-\u009f]/, 'holds a control character'],
  [/\p{Surrogate}/u, 'holds half of a surrogate pair, which no file name can'],
];
const WINDOWS_FAULTS: readonly [pattern: RegExp, what: string][] = [
  [/[<>:"|?*]/, 'holds a character that Windows refuses (< > : " | ? *)'],
  [/[. ]$/, 'ends in a dot or a space, which Windows drops'],
];

/** @throws InvalidTagError unless the tag can name a folder inside the tmpdir */
export function checkTag(tag: unknown): asserts tag is string {
  checkName('tag', tag);
}

/** @throws InvalidTagError unless the prefix can begin a folder's name inside the tmpdir */
export function checkPrefix(prefix: unknown): asserts prefix is string {
  checkName('prefix', prefix);
}

/** @throws InvalidTagError unless prefix and tag together can name a folder: 255 bytes of UTF-8 at most */
export function checkFolderName(prefix: unknown, tag: unknown): void {
  checkPrefix(prefix);
  checkTag(tag);
  const bytes = Buffer.byteLength(prefix + tag);
  if (bytes > LONGEST_COMPONENT) {
    throw new InvalidTagError(
      `The prefix and the tag together are ${bytes} bytes long; a folder's name has at most ${LONGEST_COMPONENT}: ` +
        'shorten them',
    );
  }
}

/**
 * The absolute path of the folder that is meant, which need not exist: a relative one is taken from the present working
 * directory, `~` is the user's home folder, and a file URL is a path. The word `temporary` is the system's temporary folder,
 * arte's default (`./temporary` is a folder of that name).
 * @throws InvalidTagError where it can be none
 */
export function tmpdirOf(given: unknown): string {
  if (!isUrl(given)) checkText('tmpdir', given, (pattern) => !pattern.test('/'));
  const path = userPath(given);
  if (path === undefined) fail('tmpdir', String(given), 'is no path of a folder, and no file: URL');
  const dir = resolve(path === TEMPORARY ? systemTmpdir() : path);
  const parts = process.platform === 'win32' ? dir.split(/[/\\]/) : dir.split('/');
  if (Buffer.byteLength(dir) > LONGEST_PATH || parts.some((part) => Buffer.byteLength(part) > LONGEST_COMPONENT)) {
    throw new InvalidTagError(
      `The tmpdir ${shown(dir)} is longer than a file system allows (${LONGEST_COMPONENT} bytes a name, ` +
        `${LONGEST_PATH} in all): choose another`,
    );
  }
  return dir;
}

function checkName(what: string, name: unknown): asserts name is string {
  checkText(what, name, () => true);
  if (process.platform === 'win32') {
    for (const [pattern, fault] of WINDOWS_FAULTS) if (pattern.test(name)) fail(what, name, fault);
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > LONGEST_COMPONENT) {
    fail(what, name, `is ${bytes} bytes long; a folder's name has at most ${LONGEST_COMPONENT}`);
  }
}

function checkText(what: string, text: unknown, applies: (pattern: RegExp) => boolean): asserts text is string {
  if (typeof text !== 'string') {
    throw new InvalidTagError(`The ${what} must be a string, not ${text === null ? 'null' : typeof text}`);
  }
  if (text === '') throw new InvalidTagError(`The ${what} is empty: give it at least one character`);
  for (const [pattern, fault] of FAULTS) if (applies(pattern) && pattern.test(text)) fail(what, text, fault);
}

function fail(what: string, name: string, fault: string): never {
  throw new InvalidTagError(`The ${what} ${shown(name)} ${fault}: choose another`);
}

/** Escapes what would garble a terminal, and cuts what would fill it. */
function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
