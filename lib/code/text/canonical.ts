/** The canonical text of a function: the same for whatever means the same, however it is written or was built. */
import type { FunctionText, Use } from './use.js';
import { memberText } from './writer.js';

/** What stands in the text for a use of something from outside. */
export interface Meaning<Outside> {
  readonly outside?: Outside;
  /** How many of its members belong to that. */
  readonly reached: number;
  /** What it is called where its value does not count: the same for each mention of the same. */
  readonly key?: string;
  /** How many of its members belong to that. */
  readonly exports: number;
}

/** A piece of the text, or what stands in it for something from outside. */
export type Piece<Outside> = string | { readonly outside: Outside };

/** The text as it is with what it means, and alone, without what its names lead to. */
export interface CanonicalText<Outside> {
  readonly pieces: readonly Piece<Outside>[];
  readonly own: string;
}

export function canonicalText<Outside>(
  { pieces }: FunctionText,
  meaningOf: (use: Use) => Meaning<Outside> | undefined,
): CanonicalText<Outside> {
  const found: Piece<Outside>[] = [];
  const numbers = new Map<string, number>();
  let own = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      own += piece;
      found.push(piece);
      continue;
    }
    const { name, members, bare } = piece;
    const meaning = meaningOf(piece);
    const isBare = bare && (meaning?.outside === undefined || meaning.reached < members.length);
    const key = meaning?.key;
    const alone =
      key === undefined
        ? nameText(name) + membersText(members, isBare)
        : `@${numberOf(numbers, key)};` + membersText(members.slice(meaning?.exports), isBare);
    own += alone;
    if (meaning?.outside === undefined) found.push(alone);
    else found.push({ outside: meaning.outside }, membersText(members.slice(meaning.reached), isBare));
  }
  return { pieces: found, own };
}

function nameText(name: string): string {
  return name === 'this' || name === 'super' ? `${name};` : `outer ${name};`;
}

/** Names get numbers in the order in which they are met. */
export function numberOf<Name>(numbers: Map<Name, number>, name: Name): number {
  let number = numbers.get(name);
  if (number === undefined) numbers.set(name, (number = numbers.size));
  return number;
}

/** Members that a name is followed by, and whether it is called without what it is a member of. */
export function membersText(members: readonly string[], bare: boolean): string {
  if (members.length === 0) return '';
  return members.map(memberText).join('') + (bare ? 'bare;' : '');
}
