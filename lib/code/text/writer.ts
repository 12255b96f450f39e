/**
 * Writes the canonical text of a program as it is read: what an operation works on comes first, then its sign, so that no
 * parentheses are needed and nothing must be kept but what is written.
 */
import { primitiveText } from './literal.js';
import { type Place, Scanner } from './scanner.js';
import { type Local, Scope, type ScopeKind } from './scope.js';
import { type Change, Mention } from './use.js';

/** A change, and what is changed. */
export interface ChangeOf extends Change {
  readonly of: Mention;
}

/** What an expression turned out to be, for what comes after it. */
export type Shape = 'function' | 'wrapped function' | 'list or object' | 'name given' | undefined;

/** How far it has come. */
interface Mark {
  readonly place: Place;
  readonly pieces: number;
  readonly text: string;
  readonly changes: number;
  readonly scopes: number;
}

/** Members that mean something else where their names are computed. */
export const SPECIAL: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export class Writer extends Scanner {
  readonly pieces: (string | Mention)[] = [];
  readonly changes: ChangeOf[] = [];
  readonly scopes: Scope[] = [];
  protected scope: Scope = new Scope(undefined, 0, 'static');
  /** The piece that is being written. */
  private text = '';

  /** The name with its members that the last expression is. */
  protected ref: Mention | undefined;
  /** Is the last expression a member of `ref` with a name that is made up? */
  protected isItem = false;
  /** The literal that the last expression is, and how long its text is. */
  protected literal: { readonly value: unknown; readonly length: number } | undefined;
  protected shape: Shape;

  protected write(text: string): void {
    this.text += text;
    this.ref = this.literal = this.shape = undefined;
  }

  protected writeLiteral(value: unknown): void {
    const text = primitiveText(value);
    this.write(text);
    this.literal = { value, length: text.length };
  }

  /** What ends in literals is but another way to write a value. */
  protected replaceLiterals(length: number, value: unknown): void {
    this.text = this.text.slice(0, -length);
    this.write(primitiveText(value));
  }

  /** A name that may be followed by members. */
  protected mention(name: string, start: number, local?: Local): void {
    const mention = new Mention(name, start, this.scope, local);
    this.endPiece();
    this.pieces.push(mention);
    this.ref = mention;
    this.isItem = false;
    this.literal = this.shape = undefined;
  }

  /** A member of the last expression. */
  protected writeMember(name: string): void {
    if (this.ref !== undefined && !this.isItem) this.ref.members.push(name);
    else this.write(memberText(name));
  }

  /** The name with its members that the last expression is, and is nothing more. */
  protected get chain(): Mention | undefined {
    return this.isItem ? undefined : this.ref;
  }

  protected get mark(): Mark {
    const { place, pieces, text, changes, scopes } = this;
    return { place, pieces: pieces.length, text, changes: changes.length, scopes: scopes.length };
  }

  /** Forgets what was written since. */
  protected rewind({ place, pieces, text, changes, scopes }: Mark): void {
    this.goTo(place);
    this.pieces.length = pieces;
    this.text = text;
    this.changes.length = changes;
    this.scopes.length = scopes;
  }

  /** Leaves out what was written since, and goes on from here. */
  protected takeBack(mark: Mark): void {
    this.rewind({ ...mark, place: this.place });
  }

  protected endPiece(): void {
    if (this.text !== '') this.pieces.push(this.text);
    this.text = '';
  }

  /** What is read until it is closed belongs to a scope of its own. */
  protected open(start: number, kind?: ScopeKind): void {
    this.scope = new Scope(this.scope, start, kind);
    this.scopes.push(this.scope);
  }

  protected close(): void {
    const { scope } = this;
    scope.end = this.last;
    if (scope.outer !== undefined) this.scope = scope.outer;
  }

  /** Notes that the last expression is changed. */
  protected change(): void {
    if (this.ref !== undefined) this.changes.push({ of: this.ref, path: this.ref.members, byMethod: false });
  }
}

export function memberText(name: string): string {
  return `.${JSON.stringify(name)};`;
}
