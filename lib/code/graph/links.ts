/** How what is being looked at asks for what it leads to. */
import type { CodeDepth } from '../part/code.js';
import type { Seen } from '../sight/look.js';
import type { CodeNode, Edge } from './node.js';

/** A function, class, or member of a class that is still to be looked at. */
export interface Pending {
  readonly node: CodeNode;
  /** Whose scopes are seen. */
  readonly fn: object;
  /** What `this` gets its methods from. */
  readonly home: object | undefined;
  /** Does it belong to the class that is asked about, so that its text counts wherever it is installed? */
  readonly inside: boolean;
  /** Texts of members of a class; otherwise the function's own is meant. */
  readonly members: readonly string[] | undefined;
  /** The file whose code leads to it. */
  readonly from: string | undefined;
  /** What it sees, where that is known without the inspector. */
  readonly seen: Seen | undefined;
}

/** As what a function is wanted. */
export type Wanted = Partial<Pick<Pending, 'home' | 'inside' | 'seen'>>;

export interface Links {
  readonly depth: CodeDepth;
  /** The file whose code is being read. */
  from: string | undefined;
  edgeTo(name: string, value: unknown, wanted?: Wanted, changing?: boolean): Edge;
  /** To members of a class that its text alone shows. */
  edgeToMember(name: string, Class: object, members: readonly string[], home: object | undefined): Edge;
  /** What a getter returns that does nothing but return a variable, or a member of one. */
  readonly aliasOf: (getter: object) => unknown;
  readonly isCached: (fn: object) => boolean;
}
