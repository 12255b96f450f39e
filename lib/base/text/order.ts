/** Names in the order that a reader expects, the same on every machine. */

const collator = new Intl.Collator('en', { numeric: true, caseFirst: 'upper' });

/** Compares names, with the numbers in them as numbers: `modes[2]` before `modes[10]`. Different names never compare equal. */
export function compareNames(one: string, other: string): number {
  if (one === other) return 0;
  return collator.compare(one, other) || (one < other ? -1 : 1);
}
