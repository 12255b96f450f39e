/** From the graph that a function reaches to its digest and its tree of parts. */
import { createHash } from 'node:crypto';
import { relative, sep } from 'node:path';
import { type Part, MOST_PARTS } from './code.js';
import { MOST_NODES } from './graph.js';
import type { CodeNode, Edge } from './node.js';

export interface Summary {
  readonly digest: string;
  readonly parts: readonly Part[];
  readonly more: number;
  readonly opaque: readonly string[];
  /** Was something not set yet? */
  readonly unsettled: boolean;
}

/** What changes as the program runs says nothing about the code. */
const CHANGING = 'changes as the program runs';

interface Draft {
  name: string;
  node: CodeNode;
  changing: boolean;
  parts: Draft[];
}

export function summaryOf(root: CodeNode): Summary {
  const { changes, unsettled } = changesIn(root);
  const hash = createHash('sha256');
  // The graph is written breadth first, each node once, with a number where it is met again.
  const numbers = new Map<CodeNode, number>([[root, 0]]);
  const top: Draft = { name: '', node: root, changing: false, parts: [] };
  const drafts: Draft[] = [top];
  const opaque = new Set<string>();
  let count = 0;
  for (const draft of drafts) {
    hash.update('\n');
    if (draft.node.kind === 'unseen') opaque.add(`${draft.name}: ${draft.node.value ?? ''}`);
    const constants = new Set<string>();
    for (const piece of draft.node.pieces ?? []) {
      if (typeof piece === 'string') {
        hash.update(piece);
        continue;
      }
      const { name, to, through } = piece.outside;
      const changing = through.some((key) => changes.has(key));
      const text = changing ? 'changing' : to.literal;
      if (text !== undefined) {
        hash.update(text);
        if (changing) opaque.add(`${name}: ${CHANGING}`);
        // What is inside of data is told by the data.
        if (constants.has(name) || (draft.node.kind === 'data' && !changing)) continue;
        constants.add(name);
        if (++count <= MOST_PARTS) draft.parts.push({ name, node: to, changing, parts: [] });
        continue;
      }
      let number = numbers.get(to);
      if (number === undefined && drafts.length <= MOST_NODES) {
        numbers.set(to, (number = numbers.size));
        const inner: Draft = { name, node: to, changing: false, parts: [] };
        drafts.push(inner);
        if (++count <= MOST_PARTS) draft.parts.push(inner);
      }
      hash.update(`@${number ?? 'more'};`);
    }
  }
  return {
    digest: hash.digest('hex').slice(0, 32),
    parts: finished(top, drafts),
    more: Math.max(count - MOST_PARTS, 0),
    opaque: [...opaque].slice(0, MOST_PARTS),
    unsettled,
  };
}

function changesIn(root: CodeNode): { changes: ReadonlySet<string>; unsettled: boolean } {
  const changes = new Set<string>();
  const met = new Set<CodeNode>([root]);
  let unsettled = false;
  for (const node of met) {
    for (const key of node.changes) changes.add(key);
    unsettled ||= node.unsettled;
    if (met.size <= MOST_NODES) for (const { to } of edgesOf(node)) met.add(to);
  }
  return { changes, unsettled };
}

function edgesOf({ pieces = [] }: CodeNode): Edge[] {
  return pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.outside]));
}

/** Innermost first, since a part holds finished ones. */
function finished(top: Draft, drafts: readonly Draft[]): readonly Part[] {
  const parts = new Map<Draft, Part>();
  const partOf = (draft: Draft): Part => {
    const { name, node, changing } = draft;
    const inner = draft.parts.map((each) => parts.get(each) ?? partOf(each));
    return {
      name,
      kind: changing ? 'unseen' : node.kind,
      ...(node.file !== '' && { file: shortFile(node.file) }),
      digest: changing ? '' : node.own,
      ...(changing ? { value: CHANGING } : node.value !== undefined && { value: node.value }),
      ...(inner.length > 0 && { parts: inner }),
    };
  };
  for (let at = drafts.length - 1; at > 0; at--) parts.set(drafts[at] as Draft, partOf(drafts[at] as Draft));
  return partOf(top).parts ?? [];
}

/** As seen from the program's folder, where it is below that. */
function shortFile(file: string): string {
  let short = shortFiles.get(file);
  if (short === undefined) shortFiles.set(file, (short = shortened(file)));
  return short;
}
const shortFiles = new Map<string, string>();

function shortened(file: string): string {
  const short = relative(process.cwd(), file);
  return short.startsWith('..') || file.includes('://') ? file : short.split(sep).join('/');
}
