/** The canonical text of a function: the same for whatever means the same, however it is written or was built. */
import { literalText, templateText } from './literal.js';
import { type PlainSource, isStatementList, made, plainField, plainForm, plainStatements } from './plain-form.js';
import type { Local } from './scope.js';
import { type Syntax, fieldsOf, isSyntax } from './syntax.js';

/** A piece of the text, or what stands in it for something from outside. */
export type Piece<Outside> = string | { readonly outside: Outside };

/** What canonical text is made from. */
export interface Source<Outside> extends PlainSource {
  readonly tree: Syntax;
  /** What stands for a node, with the members that it ends with. */
  outsideOf(node: Syntax): Outside | undefined;
  /** What stands for it where its value does not count: the same for each mention of the same. */
  nameOf(node: Syntax): string | undefined;
}

export interface CanonicalText<Outside> {
  readonly pieces: readonly Piece<Outside>[];
  /** The text alone, without what its names lead to. */
  readonly own: string;
}

export function canonicalText<Outside>(source: Source<Outside>): CanonicalText<Outside> {
  return new Canonical(source).write();
}

/** Fields with no meaning of their own. */
const LEFT_OUT = new Set(['shorthand', 'expression']);

class Canonical<Outside> {
  private readonly pieces: Piece<Outside>[] = [];
  /** The piece that is being written. */
  private piece = '';
  private own = '';
  private readonly locals = new Map<Local, number>();
  private readonly privates = new Map<string, number>();
  private readonly outer = new Map<string, number>();
  /** What is still to be written, last first. */
  private readonly open: (Syntax | string)[] = [];
  /** How much of that belongs to a node that something from outside stands for; -1 where none is being written. */
  private hidden = -1;

  constructor(private readonly source: Source<Outside>) {}

  write(): CanonicalText<Outside> {
    this.open.push(rootOf(this.source.tree));
    for (let next = this.open.pop(); next !== undefined; next = this.open.pop()) {
      if (this.open.length < this.hidden) this.hidden = -1;
      if (typeof next === 'string') this.add(next);
      else this.node(next);
    }
    this.endPiece();
    return { pieces: this.pieces, own: this.own };
  }

  private add(text: string): void {
    this.own += text;
    if (this.hidden < 0) this.piece += text;
  }

  private endPiece(): void {
    if (this.piece !== '') this.pieces.push(this.piece);
    this.piece = '';
  }

  private node(given: Syntax): void {
    const outside = this.hidden < 0 ? this.source.outsideOf(given) : undefined;
    if (outside !== undefined) {
      this.endPiece();
      this.pieces.push({ outside });
      this.hidden = this.open.length;
    }
    const name = this.source.nameOf(given);
    if (name !== undefined) {
      this.add(`@${numberOf(this.outer, name)};`);
      return;
    }
    const node = plainForm(given, this.source);
    if (node !== given) this.open.push(node);
    else if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') this.add(this.identifier(node));
    else if (node.type === 'Literal') this.add(literalText(node));
    else if (node.type === 'TemplateElement') this.add(templateText(node));
    else this.fields(node);
  }

  private identifier(node: Syntax): string {
    const name = node.name as string;
    if (node.type === 'PrivateIdentifier') return `#${numberOf(this.privates, name)};`;
    const local = this.source.names.locals.get(node);
    if (local !== undefined) return `local ${numberOf(this.locals, local)};`;
    return `${this.source.names.free.has(node) ? 'outer' : 'word'} ${name};`;
  }

  private fields(node: Syntax): void {
    const todo: (Syntax | string)[] = [`${node.type}(`];
    for (const field of fieldsOf(node)) {
      const value = node[field];
      if (value === null || value === undefined || value === false) continue;
      if (LEFT_OUT.has(field) && value === true) continue;
      // An expression's own name counts where it is used.
      if (field === 'id' && node.type.endsWith('Expression')) continue;
      if (Array.isArray(value)) {
        const items = isStatementList(node, field)
          ? plainStatements(value as Syntax[], this.source)
          : (value as unknown[]);
        if (items.length === 0) continue;
        todo.push(`${field}[`);
        for (const item of items) todo.push(isSyntax(item) ? item : 'hole;');
        todo.push(']');
      } else if (isSyntax(value)) todo.push(`${field}:`, plainField(node, field, value, this.source));
      else todo.push(`${field}=${JSON.stringify(value)};`);
    }
    todo.push(')');
    for (let at = todo.length - 1; at >= 0; at--) this.open.push(todo[at] as Syntax | string);
  }
}

/** A method is the function it is, whatever it is called; an accessor says which one it is. */
function rootOf(tree: Syntax): Syntax {
  if (tree.type !== 'Property' && tree.type !== 'MethodDefinition') return tree;
  const { kind, value } = tree as unknown as { kind: string; value: Syntax };
  return kind === 'get' || kind === 'set' ? made('Accessor', { kind, value }) : value;
}

/** Names get numbers in the order in which they are met. */
function numberOf<Name>(numbers: Map<Name, number>, name: Name): number {
  let number = numbers.get(name);
  if (number === undefined) numbers.set(name, (number = numbers.size));
  return number;
}
