/** The canonical text of a function: the same for whatever means the same, however it is written or was built. */
import type { Local, Names } from './names.js';
import { type Syntax, fieldsOf, isClass, isFunction, isSyntax } from './syntax.js';

/** A piece of the text, or what stands in it for something from outside. */
export type Piece<Outside> = string | { readonly outside: Outside };

/** What canonical text is made from. */
export interface Source<Outside> {
  readonly tree: Syntax;
  readonly names: Names;
  /** What stands for a node: what its use reaches. */
  outsideOf(node: Syntax): Outside | undefined;
  /** Is the node a helper with which build tools set the name of a function? */
  isNaming(node: Syntax): boolean;
}

/** A tree made up of parts of another. */
function made(type: string, fields: object): Syntax {
  return { type, start: 0, end: 0, ...fields };
}

const UNDEFINED = made('Undefined', {});
/** Fields with no meaning of their own. */
const LEFT_OUT = new Set(['shorthand', 'expression']);
const CONTROLLED = new Set(['body', 'consequent', 'alternate']);

export function canonicalText<Outside>(source: Source<Outside>): Piece<Outside>[] {
  return new Canonical(source).write();
}

class Canonical<Outside> {
  private readonly pieces: Piece<Outside>[] = [];
  private readonly numbers = new Map<Local, number>();
  private readonly privates = new Map<string, number>();
  /** What is still to be written, last first. */
  private readonly open: (Syntax | string)[] = [];

  constructor(private readonly source: Source<Outside>) {}

  write(): Piece<Outside>[] {
    this.open.push(this.root());
    for (let next = this.open.pop(); next !== undefined; next = this.open.pop()) {
      if (typeof next === 'string') this.pieces.push(next);
      else this.node(next);
    }
    return this.pieces;
  }

  /** A method is the function it is, whatever it is called; an accessor says which one it is. */
  private root(): Syntax {
    const { tree } = this.source;
    if (tree.type !== 'Property' && tree.type !== 'MethodDefinition') return tree;
    const { kind, value } = tree as unknown as { kind: string; value: Syntax };
    return kind === 'get' || kind === 'set' ? made('Accessor', { kind, value }) : value;
  }

  private node(given: Syntax): void {
    const outside = this.source.outsideOf(given);
    if (outside !== undefined) {
      this.pieces.push({ outside });
      return;
    }
    const node = this.simplified(given);
    if (node !== given) {
      this.open.push(node);
      return;
    }
    switch (node.type) {
      case 'Identifier':
      case 'PrivateIdentifier':
        this.pieces.push(this.identifier(node));
        return;
      case 'Literal':
        this.pieces.push(literalText(node));
        return;
      case 'TemplateElement': {
        const { cooked, raw } = node.value as { cooked: string | null; raw: string };
        this.pieces.push(node.tagged === true ? JSON.stringify([cooked, raw]) : JSON.stringify(cooked));
        return;
      }
      default:
        this.fields(node);
    }
  }

  private identifier(node: Syntax): string {
    const name = node.name as string;
    if (node.type === 'PrivateIdentifier') return `#${numberOf(this.privates, name)};`;
    const local = this.source.names.locals.get(node);
    if (local === undefined) return `${this.source.names.free.has(node) ? 'outer' : 'word'} ${name};`;
    return `${numberOf(this.numbers, local)};`;
  }

  private fields(node: Syntax): void {
    const todo: (Syntax | string)[] = [`${node.type}(`];
    for (const field of fieldsOf(node)) {
      if (LEFT_OUT.has(field) && typeof node[field] === 'boolean') continue;
      // An expression's own name counts where it is used.
      if (field === 'id' && node.type.endsWith('Expression')) continue;
      const value = node[field];
      if (value === null || value === undefined || value === false) continue;
      if (Array.isArray(value)) {
        const items = isStatementList(node, field) ? this.statements(value as Syntax[]) : (value as unknown[]);
        if (items.length === 0) continue;
        todo.push(`${field}[`);
        for (const item of items) todo.push(isSyntax(item) ? item : 'hole;');
        todo.push(']');
      } else if (isSyntax(value)) todo.push(`${field}:`, this.field(node, field, value));
      else todo.push(`${field}=${JSON.stringify(value)};`);
    }
    todo.push(')');
    for (let at = todo.length - 1; at >= 0; at--) this.open.push(todo[at] as Syntax | string);
  }

  private field(node: Syntax, field: string, value: Syntax): Syntax {
    if (field === 'key' || field === 'property') return propertyKey(node, value);
    if (node.type === 'ArrowFunctionExpression' && field === 'body' && value.type !== 'BlockStatement') {
      return made('BlockStatement', { body: [made('ReturnStatement', { argument: value })] });
    }
    if (CONTROLLED.has(field) && !isFunction(node) && !isClass(node) && value.type === 'BlockStatement' && node.type !== 'CatchClause') {
      const body = this.statements(value.body as Syntax[]);
      const [only] = body;
      if (body.length === 1 && only !== undefined && !isLexical(only)) return only;
    }
    return value;
  }

  /** Statements that do something, declarations of one variable each. */
  private statements(list: readonly Syntax[]): Syntax[] {
    const kept: Syntax[] = [];
    for (const statement of list) {
      if (this.isNothing(statement)) continue;
      if (statement.type !== 'VariableDeclaration') kept.push(statement);
      else for (const each of statement.declarations as Syntax[]) kept.push(made(statement.type, { kind: statement.kind, declarations: [each] }));
    }
    return kept;
  }

  private isNothing(statement: Syntax): boolean {
    if (statement.type === 'EmptyStatement') return true;
    if (statement.type === 'StaticBlock') {
      const body = statement.body as Syntax[];
      return body.length > 0 && body.every((each) => this.isNothing(each));
    }
    if (statement.type !== 'ExpressionStatement') return false;
    return statement.directive === 'use strict' || this.isNamingCall(statement.expression as Syntax);
  }

  private isNamingCall(node: Syntax): boolean {
    return node.type === 'CallExpression' && (node.arguments as unknown[]).length === 2 && this.source.isNaming(node.callee as Syntax);
  }

  private simplified(node: Syntax): Syntax {
    switch (node.type) {
      case 'Identifier':
        return node.name === 'undefined' && this.source.names.free.has(node) ? UNDEFINED : node;
      case 'UnaryExpression':
        return simplifiedUnary(node);
      case 'BinaryExpression':
        return isNumber(node.left, 1) && node.operator === '/' && isNumber(node.right, 0) ? made('Identifier', { name: 'Infinity' }) : node;
      case 'TemplateLiteral':
        return (node.expressions as unknown[]).length > 0 ? node : made('Literal', { value: cookedOf(node) });
      case 'TaggedTemplateExpression':
        return made('Tagged', { tag: node.tag, ...taggedParts(node.quasi as Syntax) });
      case 'CallExpression': {
        if (this.isNamingCall(node)) return (node.arguments as Syntax[])[0] as Syntax;
        const callee = this.plainCallee(node.callee as Syntax);
        return callee === node.callee ? node : made(node.type, { arguments: node.arguments, callee, optional: node.optional });
      }
      case 'MemberExpression':
        return node.computed === true && isText(node.property) ? made(node.type, { ...node, computed: false }) : node;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        return node.computed === true && isText(node.key) && !SPECIAL.has(node.key.value)
          ? made(node.type, { ...node, computed: false })
          : node;
      case 'VariableDeclaration':
        return node.kind === 'const' ? made(node.type, { ...node, kind: 'let' }) : node;
      default:
        return node;
    }
  }

  /** `(0, scale)(x)` is how tools write `scale(x)` where `scale` is a member of a module. */
  private plainCallee(callee: Syntax): Syntax {
    if (callee.type !== 'SequenceExpression') return callee;
    const [zero, called, ...others] = callee.expressions as Syntax[];
    if (called === undefined || others.length > 0 || !isNumber(zero, 0)) return callee;
    return called.type === 'Identifier' || this.source.outsideOf(called) !== undefined ? called : callee;
  }
}

/** Names get numbers in the order in which they are met. */
function numberOf<Name>(numbers: Map<Name, number>, name: Name): number {
  let number = numbers.get(name);
  if (number === undefined) numbers.set(name, (number = numbers.size));
  return number;
}

/** Names that mean something else where they are computed. */
const SPECIAL = new Set(['__proto__', 'constructor', 'prototype']);

function simplifiedUnary(node: Syntax): Syntax {
  const argument = node.argument as Syntax;
  if (argument.type !== 'Literal') return node;
  if (node.operator === 'void') return UNDEFINED;
  const { value } = argument;
  if (node.operator === '!' && (value === 0 || value === 1)) return made('Literal', { value: value === 0 });
  if (node.operator === '-' && typeof value === 'number') return made('Literal', { value: -value });
  return node;
}

function isNumber(node: unknown, value: number): boolean {
  return isSyntax(node) && node.type === 'Literal' && node.value === value;
}

function isText(node: unknown): node is Syntax & { value: string } {
  return isSyntax(node) && node.type === 'Literal' && typeof node.value === 'string';
}

function isStatementList(node: Syntax, field: string): boolean {
  if (field === 'consequent') return node.type === 'SwitchCase';
  return field === 'body' && ['BlockStatement', 'StaticBlock', 'ClassBody'].includes(node.type);
}

function isLexical({ type, kind }: Syntax): boolean {
  return (type === 'VariableDeclaration' && kind !== 'var') || type === 'FunctionDeclaration' || type === 'ClassDeclaration';
}

/** Names of properties are text, however they are written. */
function propertyKey(node: Syntax, key: Syntax): Syntax {
  if (node.computed === true || node.type === 'MetaProperty') return key;
  if (key.type === 'Identifier') return made('Literal', { value: key.name });
  return key.type === 'Literal' && typeof key.value === 'number' ? made('Literal', { value: String(key.value) }) : key;
}

function cookedOf(template: Syntax): unknown {
  return ((template.quasis as Syntax[])[0]?.value as { cooked: unknown }).cooked;
}

/** A tag function sees the text as it was written, too. */
function taggedParts({ quasis, expressions }: Syntax): object {
  return { quasis: (quasis as Syntax[]).map((quasi) => made('TemplateElement', { value: quasi.value, tagged: true })), expressions };
}

function literalText(node: Syntax): string {
  const { regex, bigint } = node as { regex?: { pattern: string; flags: string }; bigint?: string | null };
  if (regex !== undefined) return `regex ${JSON.stringify([regex.pattern, regex.flags])};`;
  if (typeof bigint === 'string') return `bigint ${BigInt(bigint)};`;
  return primitiveText(node.value);
}

/** A constant stands in the text as a literal of its value would. */
export function primitiveText(value: unknown): string {
  if (typeof value === 'string') return `${JSON.stringify(value)};`;
  if (typeof value === 'bigint') return `bigint ${value};`;
  if (value === undefined) return 'Undefined()';
  if (typeof value === 'number') return Object.is(value, -0) ? '-0;' : `${value};`;
  return `${JSON.stringify(value)};`;
}
