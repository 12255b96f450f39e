/** A node of the graph that a function reaches. */
import { hash } from 'node:crypto';
import type { PartKind } from './code.js';
import type { Piece } from './canonical.js';

/** From a node's text to what it reaches. */
export interface Edge {
  /** As a part is called. */
  readonly name: string;
  readonly to: CodeNode;
  /** Keys of the variables, properties and objects on the way: any of them may turn out to change as the program runs. */
  readonly through: readonly string[];
}

export class CodeNode {
  file = '';
  /** Its text, with edges in it; `undefined` until it has been looked at. */
  pieces: readonly Piece<Edge>[] | undefined;
  /** Digest of the text alone, with names in place of what they lead to. */
  own = '';
  /** For people. */
  value: string | undefined;
  /** Text that may stand for it: a constant is the same as a literal. */
  literal: string | undefined;
  /** Keys of what its code changes. */
  changes: readonly string[] = [];
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
    this.settle([text], text);
  }

  settle(pieces: readonly Piece<Edge>[], own: string): void {
    this.pieces = pieces;
    this.own = digestOf(own);
  }
}

export function digestOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
