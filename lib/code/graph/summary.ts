/** From the graph that a function reaches to its digest and its tree of parts. */
import { relative, sep } from 'node:path';
import { type Code, type Part, MOST_PARTS } from '../part/code.js';
import { MOST_NODES } from './graph.js';
import { type CodeNode, type Edge, digestOf, standInOf } from './node.js';

export interface Summary extends Pick<Code, 'digest' | 'more' | 'opaque'> {
  readonly parts: () => Part[];
  /** Was something not set yet? */
  readonly unsettled: boolean;
  /** Members that it asks of its `this`, through whatever methods, and that are none of its methods. */
  readonly fields: readonly (readonly string[])[];
  /** As a part of something else. */
  readonly asPart: (name: string) => Part;
}

/** What changes as the program runs says nothing about the code. */
const CHANGING = 'changes as the program runs';

/** A part, and those that were met through it. */
interface Draft {
  readonly name: string;
  readonly node: CodeNode;
  readonly changing: boolean;
  readonly inner: Draft[];
}

const draftOf = ({ name, to, changing }: Edge): Draft => ({ name, node: to, changing, inner: [] });

/** The graph is written breadth first, each node once, with a number where it is met again. */
export function summaryOf(root: CodeNode): Summary {
  const top = draftOf({ name: '', to: root, changing: false });
  const met = new Map([[root, 0]]);
  const drafts = [top];
  const opaque = new Set<string>();
  let text = '';
  let unsettled = false;
  const fields = new Map<string, readonly string[]>();
  let count = 0;
  for (const { name, node, inner } of drafts) {
    text += `\n${node.text}`;
    unsettled ||= node.unsettled;
    if (node.fields !== undefined && (node === root || node.home === root.home))
      for (const [path, members] of node.fields) fields.set(path, members);
    if (node.kind === 'unseen') opaque.add(`${name}: ${node.value ?? ''}`);
    const constants = new Set<string>();
    const attach = (draft: Draft): void => {
      if (++count <= MOST_PARTS) inner.push(draft);
    };
    for (const edge of node.edges) {
      if (edge.changing) opaque.add(`${edge.name}: ${CHANGING}`);
      if (standInOf(edge) !== undefined) {
        if (!constants.has(edge.name)) attach(draftOf(edge));
        constants.add(edge.name);
        continue;
      }
      let number = met.get(edge.to);
      if (number === undefined && drafts.length < MOST_NODES) {
        met.set(edge.to, (number = met.size));
        const draft = draftOf(edge);
        drafts.push(draft);
        attach(draft);
      }
      text += ` ${number ?? 'more'}`;
    }
  }
  return {
    digest: digestOf(text),
    parts: () => top.inner.map(partOf),
    more: Math.max(count - MOST_PARTS, 0),
    opaque: [...opaque].slice(0, MOST_PARTS),
    unsettled,
    fields: [...fields.values()],
    asPart: (name) => partOf({ ...top, name }),
  };
}

/** Nested no deeper than there are parts. */
function partOf({ name, node, changing, inner }: Draft): Part {
  const value = changing ? CHANGING : node.value;
  return {
    name,
    kind: changing ? 'unseen' : node.kind,
    ...(node.file !== '' && { file: shortFile(node.file) }),
    digest: changing ? '' : node.own,
    ...(value !== undefined && { value }),
    ...(inner.length > 0 && { parts: inner.map(partOf) }),
  };
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
