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
  /** What it reaches, in the order of the text. */
  edges: readonly Edge[] = [];
  /** For people. */
  value: string | undefined;
  /** Text that may stand for it: a constant is the same as a literal. */
  literal: string | undefined;
  /** Was something not set yet when it was looked at? */
  unsettled = false;
  /** Members that it asks of its `this`, and that `home` does not have: fields, which an object may have. By their text. */
  fields: Map<string, readonly string[]> | undefined;
  /** What its `this` gets its methods from. */
  home: object | undefined;

  /** A short text, of which most digests are not asked for. */
  private short: string | undefined;
  private textDigest = '';
  private ownDigest = '';

  constructor(public kind: PartKind) {}

  /** Digest of its text, with constants in it and a mark for whatever else it reaches. */
  get text(): string {
    this.digest();
    return this.textDigest;
  }

  /** Digest of the text alone, with names in place of what they lead to. */
  get own(): string {
    this.digest();
    return this.ownDigest;
  }

  private digest(): void {
    if (this.short === undefined) return;
    this.textDigest = this.ownDigest = digestOf(this.short);
    this.short = undefined;
  }

  /** One whose text is known at once. */
  static leaf(kind: PartKind, text: string, value?: string): CodeNode {
    const node = new CodeNode(kind);
    node.become(kind, text, value);
    return node;
  }

  /** What Node brings along that is no function. */
  static ofNode(name: string): CodeNode {
    const node = CodeNode.leaf('builtin', `builtin ${name}`, name);
    node.literal = `builtin ${name}`;
    return node;
  }

  static unseen(reason: string): CodeNode {
    return CodeNode.leaf('unseen', 'unseen', reason);
  }

  become(kind: PartKind, text: string, value?: string): void {
    this.kind = kind;
    this.value = value;
    this.short = text;
    this.edges = [];
  }

  settle(pieces: readonly Piece<Edge>[], own?: string): void {
    const edges: Edge[] = [];
    let text = '';
    for (const piece of pieces) {
      if (typeof piece === 'string') text += piece;
      else {
        text += standInOf(piece.outside) ?? '@';
        edges.push(piece.outside);
      }
    }
    this.short = undefined;
    this.textDigest = digestOf(text);
    this.ownDigest = own === undefined ? this.textDigest : digestOf(own);
    this.edges = edges;
  }
}

/** What stands in the text for what an edge leads to, where that needs no look at it. */
export function standInOf({ changing, to }: Edge): string | undefined {
  return changing ? 'changing' : to.literal;
}

export function digestOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
