/** What a record keeps of the code by which its result was computed. */
import { hash } from 'node:crypto';
import { type KnownCode, differencesOf } from '../../code/part/difference.js';
import { type Code, type CodeDepth, DEPTHS, type Part } from '../../code/part/code.js';
import { count, having, listOf, optional, text, type Check } from './shape.js';
import { isTracedCode, type Traced } from './traced.js';

/** The code of a method or function, as far as it was looked into when the result was computed. */
export interface CodeSeen {
  /** Of the function and of all that it reaches. */
  digest: string;
  /** Of its own text alone. */
  own: string;
  /** How far it was looked into: digests of different depths cannot be compared. */
  depth: CodeDepth;
  /** Of the function, and of every cached method that had a part in the value, with all that each of them reaches. */
  line: string;
  /** Why it was looked into less than was asked for. */
  why?: string;
  /** What it reaches, nearest first. */
  parts: readonly Part[];
  /** How many parts more there are. */
  more?: number;
  /** Names and reasons of what cannot be looked into, and may change unnoticed. */
  opaque?: readonly string[];
}

/** @param trace of the result */
export function codeSeenOf(code: Code, trace: readonly Traced[]): CodeSeen {
  const { digest, own, depth, parts, more, opaque, why } = code;
  return {
    digest,
    own,
    depth,
    line: lineOf(digest, trace),
    ...(why !== undefined && { why }),
    parts,
    ...(more > 0 && { more }),
    ...(opaque.length > 0 && { opaque }),
  };
}

/** In whatever order, and however often, results were used. */
function lineOf(digest: string, trace: readonly Traced[]): string {
  const used = new Set<string>();
  for (const item of trace) {
    if ('call' in item) used.add(item.code ?? '');
    else if ('parameter' in item && isTracedCode(item)) used.add(item.digest);
  }
  return hash('sha256', [digest, ...[...used].sort()].join('\0'), 'hex').slice(0, 32);
}

/** Digest of what the trace of a caller says of a call that left no result. */
export function digestOfCode({ depth, own, digest }: Pick<CodeSeen, 'depth' | 'own' | 'digest'>): string {
  return [depth, own, digest].join(' ');
}

/** A code, as far as it can be compared. */
type Compared = Pick<CodeSeen, 'digest' | 'own' | 'depth' | 'parts' | 'more'>;

/** What the digest of {@link digestOfCode} was made of. */
export function codeOfDigest(digest: string): Compared {
  const [depth, own = '', all = ''] = digest.split(' ');
  return { depth: DEPTHS.find((each) => each === depth) ?? 'method', own, digest: all, parts: [] };
}

/** What changed from one code to another, nearest first; of what was looked into to different depths, in the text alone. */
export function changesOfCode(before: Compared, now: Compared): string[] {
  if (before.depth !== now.depth) return differencesOf(textOf(before), textOf(now));
  return before.digest === now.digest ? [] : differencesOf(before, now);
}

function textOf({ own }: Compared): KnownCode {
  return { digest: own, own, parts: [] };
}

/** What a record says of its code. */
export interface RecordedCode {
  code: string;
  codeSeen?: CodeSeen;
}

/** What changed from the code of one record to that of another, in words; nothing where one is not known. */
export function changesBetween(before: RecordedCode, now: RecordedCode): string[] {
  if (before.code === '' || now.code === '') return [];
  if (before.codeSeen !== undefined && now.codeSeen !== undefined) return changesOfCode(before.codeSeen, now.codeSeen);
  return before.code === now.code ? [] : ['its own code changed'];
}

/** A list, not the stack, carries the depth of parts in parts. */
const partsCheck: Check = (value) => {
  if (!Array.isArray(value)) return false;
  const open: unknown[] = [...(value as unknown[])];
  for (const each of open) {
    if (!partCheck(each)) return false;
    const { parts } = each as Part;
    if (parts !== undefined) open.push(...parts);
  }
  return true;
};

const partCheck: Check = having({
  name: text,
  kind: text,
  file: optional(text),
  digest: text,
  value: optional(text),
  parts: optional(listOf(() => true)),
});

/** Does it make sense? */
export const codeSeenCheck: Check = having({
  digest: text,
  own: text,
  depth: (value) => DEPTHS.some((depth) => depth === value),
  line: text,
  why: optional(text),
  parts: partsCheck,
  more: optional(count),
  opaque: optional(listOf(text)),
});
