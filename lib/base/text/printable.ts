/** Text from files and names, made safe to show: nothing in it moves a cursor, hides a name or ends a line. */

/** Control characters, line and paragraph separators, changes of direction, halves of pairs, and no characters at all. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** The text with each such character spelled out: `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, spelled);
}

/** The same for a text of several lines, JSON for example, where such spellings mean the characters. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function spelled(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
