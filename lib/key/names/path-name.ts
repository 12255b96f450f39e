/** Names that every file system takes, built so that two different things never get one name. */
import { hash } from 'node:crypto';
import { textBytes } from '../../base/text/text-bytes.js';

/** Longest name of an entry in bytes of UTF-8; an extension, a temporary suffix and a digest still fit behind it. */
const LONGEST_NAME = 180;
const DIGEST_LENGTH = 16;

/**
 * What no name may hold: what separates folders, what Windows refuses (save the double quote, which instance paths
 * need to be readable), control characters, lone surrogates, which UTF-8 cannot express, `%`, which begins an escape,
 * and `~`, which begins a digest.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSAFE = /[%~/\\<>:|?*\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/gu;
/** Names of devices on Windows, with or without an extension. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/** `%2F`; `%uD800` for half of a surrogate pair. */
function percent(char: string): string {
  if (/\p{Surrogate}/u.test(char)) return `%u${char.charCodeAt(0).toString(16).toUpperCase()}`;
  let escaped = '';
  for (const byte of textBytes(char)) escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return escaped;
}

/**
 * A text that may stand inside a name. Injective: two different texts never give one.
 * @param also further characters to escape
 */
export function escapeText(text: string, also?: RegExp): string {
  const escaped = text.replace(UNSAFE, percent);
  return also === undefined ? escaped : escaped.replace(also, percent);
}

/** A name that may stand alone as a file or folder on Linux, macOS and Windows. Injective; the empty name is `%`. */
export function escapeComponent(name: string): string {
  return name === '' ? '%' : asComponent(escapeText(name));
}

/** Escapes what only matters at the ends of a whole name. */
function asComponent(escaped: string): string {
  return escaped.replace(/[. ]$/, percent).replace(RESERVED, (device) => percent(device.charAt(0)) + device.slice(1));
}

/**
 * The name of a method's entries: `root.modes[3].Mode.psd`. A name longer than 180 bytes of UTF-8 is cut and ends in
 * `~` and 16 hexadecimal digits of a SHA-256 of all of it, which no ordinary name can look like.
 * @param instancePath built by the functions of `instance-path.ts`, whose escapes are kept as they are
 * @param methodId `Class.method`, as the class spells them
 */
export function entryStem(instancePath: string, methodId: string): string {
  const path = instancePath.replace(UNSAFE, (char) => (char === '%' ? char : percent(char)));
  return shortened(asComponent(`${path}.${escapeText(methodId)}`));
}

/**
 * The name of an entry's file after a text of the user's choice, without extension. Injective, as {@link escapeComponent},
 * and as long as {@link entryStem}'s at most.
 */
export function fileName(text: string): string {
  return shortened(escapeComponent(text));
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  const digest = hash('sha256', name, 'hex').slice(0, DIGEST_LENGTH);
  return `${cut(name, LONGEST_NAME - 1 - DIGEST_LENGTH)}~${digest}`;
}

/** The longest beginning that fits, ending before a whole character and a whole escape. */
function cut(name: string, bytes: number): string {
  let kept = '';
  let used = 0;
  for (const [unit] of name.matchAll(/(?:%(?:u[0-9A-F]{4}|[0-9A-F]{2}))|[^]/gu)) {
    used += Buffer.byteLength(unit);
    if (used > bytes) break;
    kept += unit;
  }
  return kept;
}
