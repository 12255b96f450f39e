/** Strings as pickles spell them: UTF-8 that lets lone surrogates pass, and Python's raw-unicode-escape. */
import { isUtf8 } from 'node:buffer';
import { textBytes } from '../../base/text/text-bytes.js';

/** A surrogate without its partner; pairs are one character here. */
const LONE_SURROGATE = /(\p{Surrogate})/u;

/** UTF-8 of a string; a lone surrogate becomes three bytes, as with Python's `surrogatepass`. */
export function encodeUtf8(text: string): Buffer {
  if (!LONE_SURROGATE.test(text)) return textBytes(text);
  const parts = text.split(LONE_SURROGATE);
  return Buffer.concat(parts.map((part, index) => (index % 2 === 0 ? textBytes(part) : threeBytes(part))));
}

/** The string of such bytes; `undefined` where they are none. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  if (isUtf8(bytes)) return bytes.toString();
  const parts: string[] = [];
  let start = 0;
  // 0xED begins a character wherever it stands, and one of U+D800 to U+DFFF if 0xA0 to 0xBF follow.
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    const [second = 0, third = 0] = [bytes[at + 1], bytes[at + 2]];
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    const before = bytes.subarray(start, at);
    if (!isUtf8(before)) return undefined;
    parts.push(before.toString(), String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)));
    start = at + 3;
  }
  const rest = bytes.subarray(start);
  return isUtf8(rest) ? parts.join('') + rest.toString() : undefined;
}

/** What protocol 0 escapes: all beyond Latin-1, the backslash, and what would end a line or a file. */
// eslint-disable-next-line no-control-regex -- those are the characters in question
const ESCAPED = /[^\0-\xff]|[\0\n\r\x1a\\]/gu;

/** A string as protocol 0 has it: Latin-1 with `\u` and `\U` escapes. */
export function encodeRawUnicode(text: string): Buffer {
  const escaped = text.replace(ESCAPED, (character) => {
    const code = character.codePointAt(0) as number;
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  });
  return textBytes(escaped, 'latin1');
}

/** A backslash takes the next character along, so that of two backslashes neither begins an escape. */
const ESCAPE = /\\(?:u([\da-fA-F]{4})?|U([\da-fA-F]{8})?|[^uU])/g;

/** The string of such a line; `undefined` where an escape is none. */
export function decodeRawUnicode(line: Buffer): string | undefined {
  let isSound = true as boolean;
  const text = line.toString('latin1').replace(ESCAPE, (escape, short?: string, long?: string) => {
    if (escape[1] !== 'u' && escape[1] !== 'U') return escape;
    const code = Number.parseInt(short ?? long ?? '', 16);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    isSound = false;
    return '';
  });
  return isSound ? text : undefined;
}

function threeBytes(surrogate: string): Buffer {
  const code = surrogate.charCodeAt(0);
  return Buffer.from([0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
