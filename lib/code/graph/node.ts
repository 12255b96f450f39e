/** A node of the graph that a function reaches. */
import { hash } from 'node:crypto';
import type { PartKind } from '../part/code.js';
import type { Piece } from '../text/canonical.js';

/** From a node's text to what it reaches. */
export interface Edge {
  /** As a part is called. */
  readonly name: string;
  readonly to: CodeNode;
  /** Does it change as the program runs, so that what it is just now says nothing? */
  readonly changing: boolean;
}

export class CodeNode {
  file = '';
  /** Digest of its text, with constants in it and a mark for whatever else it reaches. */
  text = '';
  /** What it reaches, in the order of the text. */
  edges: readonly Edge[] = [];
  /** Digest of the text alone, with names in place of what they lead to. */
  own = '';
  /** For people. */
  value: string | undefined;
  /** Text that may stand for it: a constant is the same as a literal. */
  literal: string | undefined;
  /** Was something not set yet when it was looked at? */
  unsettled = false;

  constructor(public kind: PartKind) {}

  /** One whose text is known at once. */
  static leaf(kind: PartKind, text: string, value?: string): CodeNode {
    const node = new CodeNode(kind);
    node.become(kind, text, value);
    return node;
  }

  static unseen(reason: string): CodeNode {
    return CodeNode.leaf('unseen', 'unseen', reason);
  }

  become(kind: PartKind, text: string, value?: string): void {
    this.kind = kind;
    this.value = value;
    this.settle([text]);
  }

  settle(pieces: readonly Piece<Edge>[], own?: string): void {
    const texts = pieces.map((piece) => (typeof piece === 'string' ? piece : (standInOf(piece.outside) ?? '@')));
    this.text = digestOf(texts.join(''));
    this.own = own === undefined ? this.text : digestOf(own);
    this.edges = pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.outside]));
  }
}

/** What stands in the text for what an edge leads to, where that needs no look at it. */
export function standInOf({ changing, to }: Edge): string | undefined {
  return changing ? 'changing' : to.literal;
}

export function digestOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
