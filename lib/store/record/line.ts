/** Which code a result comes from. */
import type { EntryRecord } from './record.js';

type Coded = Pick<EntryRecord, 'code' | 'codeSeen'>;

/** What tells the code apart that had a part in a result; `''` where it is not known. Of older records, it is the method's text. */
export function lineOf({ codeSeen, code }: Coded): string {
  return codeSeen?.line ?? code;
}

/** The same of the method alone, with what it reaches. */
export function ownCodeOf({ codeSeen, code }: Coded): string {
  return codeSeen?.digest ?? code;
}

/** Do two results come from the same code, as far as both say it? */
export function isSameLine(one: Coded, other: Coded): boolean {
  const { codeSeen: seen } = one;
  const { codeSeen: otherSeen } = other;
  return seen === undefined || otherSeen === undefined ? one.code === other.code : seen.line === otherSeen.line;
}
