/** A name and the members that are asked of it, `a.b.c`, and what becomes of them. */
import type { Local, Scope } from './scope.js';

/** A use of something from outside: a free variable, or `this` and `super` of the function itself. */
export interface Use {
  /** Name of the variable; `this`; `super`. */
  readonly name: string;
  /** Where it stands in the text. */
  readonly start: number;
  /** Names of the members that are asked of it, one of the other. */
  readonly members: readonly string[];
  /** Is a member asked of it whose name is made up as the program runs, as in `a[name]`? */
  readonly dynamic: boolean;
  /** Does a call hand it this function's `this`, as `original.apply(this, …)` does? */
  readonly givenThis: boolean;
  /** Is it called without what it is a member of, as in `(0, a.b)()`? */
  readonly bare: boolean;
  /** Is all of it used, and not a member: `draw(this)`, `const { x } = this`? */
  readonly whole: boolean;
}

/** A name as it is met, before it is known whether the text declares it: it may do so below. */
export class Mention implements Use {
  members: string[] = [];
  dynamic = false;
  givenThis = false;
  bare = false;
  /** Is a `#member` asked of it? */
  hasPrivate = false;
  /** What is called with it as its `this`. */
  handedTo: Mention | undefined;

  constructor(
    readonly name: string,
    readonly start: number,
    readonly scope: Scope,
    /** Where it is known at once what it means. */
    readonly local?: Local,
  ) {}

  /** What is called with this function's `this`, and can be followed, says itself what it uses of it. */
  get whole(): boolean {
    const { handedTo } = this;
    const isFollowed = handedTo !== undefined && (handedTo.local ?? handedTo.scope.find(handedTo.name)) === undefined;
    return this.members.length === 0 && !this.dynamic && !this.hasPrivate && !isFollowed;
  }
}

/** Something that is changed: a variable, where the path is empty, or a member of it. */
export interface Change {
  readonly path: readonly string[];
  /** By a method, which other classes may have as well, and which changes nothing then. */
  readonly byMethod: boolean;
}

/** Methods of arrays, Maps and Sets that change what they are called on. */
export const CHANGING: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
  'add',
  'delete',
  'clear',
]);

/** A member of the class that a text is. */
export interface ClassMember {
  /** `#name` of a private one; none where it is made up. */
  readonly name: string | undefined;
  readonly isField: boolean;
  /** Is it a field whose value is written as a function? */
  readonly isFunction: boolean;
  readonly source: string;
}

/** What the text of a function or class says. */
export interface FunctionText {
  /** The canonical text, with what it uses from outside. */
  readonly pieces: readonly (string | Use)[];
  /** `#names` that no class in the text declares. */
  readonly privates: ReadonlySet<string>;
  /** What the function changes of `this`. */
  readonly changesOfThis: readonly Change[];
  /** Of a class; empty for functions. */
  readonly members: readonly ClassMember[];
}
