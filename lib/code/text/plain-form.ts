/** One of the many ways to write the same, chosen for each kind of syntax. */
import type { Names } from './names.js';
import { type Syntax, isFunction, isSyntax } from './syntax.js';

/** What is known of the names in a text. */
export interface PlainSource {
  readonly names: Names;
  /** What stands for a node that leads outside. */
  outsideOf(node: Syntax): unknown;
  /** Is the node a helper with which build tools set the name of a function? */
  isNaming(node: Syntax): boolean;
}

/** A tree made up of parts of another. */
export function made(type: string, fields: object): Syntax {
  return { type, start: 0, end: 0, ...fields };
}

const UNDEFINED = made('Undefined', {});
/** Names that mean something else where they are computed. */
const SPECIAL = new Set(['__proto__', 'constructor', 'prototype']);

const uncomputed = (node: Syntax): Syntax =>
  node.computed === true && isText(node.key) && !SPECIAL.has(node.key.value) ? { ...node, computed: false } : node;

/** By the type of node. What is the plain form already is given back as it is. */
const FORMS: Readonly<Record<string, (node: Syntax, source: PlainSource) => Syntax>> = {
  Identifier: (node, { names }) => (node.name === 'undefined' && names.free.has(node) ? UNDEFINED : node),
  UnaryExpression: plainUnary,
  BinaryExpression: (node) =>
    isNumber(node.left, 1) && node.operator === '/' && isNumber(node.right, 0)
      ? made('Identifier', { name: 'Infinity' })
      : node,
  TemplateLiteral: (node) =>
    (node.expressions as unknown[]).length > 0 ? node : made('Literal', { value: cookedOf(node) }),
  TaggedTemplateExpression: (node) => made('Tagged', { tag: node.tag, ...taggedParts(node.quasi as Syntax) }),
  CallExpression: plainCall,
  MemberExpression: (node) => (node.computed === true && isText(node.property) ? { ...node, computed: false } : node),
  Property: uncomputed,
  MethodDefinition: uncomputed,
  PropertyDefinition: uncomputed,
  VariableDeclaration: (node) => (node.kind === 'const' ? { ...node, kind: 'let' } : node),
};

export function plainForm(node: Syntax, source: PlainSource): Syntax {
  const form = FORMS[node.type];
  return form === undefined ? node : form(node, source);
}

/** The plain form of what stands in a field. */
export function plainField(node: Syntax, field: string, value: Syntax, source: PlainSource): Syntax {
  if (field === 'key' || field === 'property') return propertyKey(node, value);
  const isBlock = value.type === 'BlockStatement';
  if (node.type === 'ArrowFunctionExpression' && field === 'body' && !isBlock) {
    return made('BlockStatement', { body: [made('ReturnStatement', { argument: value })] });
  }
  if (isBlock && CONTROLLED.has(field) && !isFunction(node) && node.type !== 'CatchClause') {
    const [only, ...others] = plainStatements(value.body as Syntax[], source);
    if (only !== undefined && others.length === 0 && !isLexical(only)) return only;
  }
  return value;
}
/** Where a single statement needs no braces. */
const CONTROLLED = new Set(['body', 'consequent', 'alternate']);

export function isStatementList(node: Syntax, field: string): boolean {
  if (field === 'consequent') return node.type === 'SwitchCase';
  return field === 'body' && ['BlockStatement', 'StaticBlock', 'ClassBody'].includes(node.type);
}

/** Statements that do something, declarations of one variable each. */
export function plainStatements(list: readonly Syntax[], source: PlainSource): Syntax[] {
  const kept: Syntax[] = [];
  for (const statement of list) {
    if (isNothing(statement, source)) continue;
    if (statement.type !== 'VariableDeclaration') kept.push(statement);
    else {
      for (const each of statement.declarations as Syntax[]) {
        kept.push(made(statement.type, { kind: statement.kind, declarations: [each] }));
      }
    }
  }
  return kept;
}

function isNothing(statement: Syntax, source: PlainSource): boolean {
  switch (statement.type) {
    case 'EmptyStatement':
      return true;
    case 'StaticBlock': {
      const body = statement.body as Syntax[];
      return body.length > 0 && body.every((each) => isNothing(each, source));
    }
    case 'ExpressionStatement':
      return statement.directive === 'use strict' || isNamingCall(statement.expression as Syntax, source);
    default:
      return false;
  }
}

function isNamingCall(node: Syntax, source: PlainSource): boolean {
  return (
    node.type === 'CallExpression' &&
    (node.arguments as unknown[]).length === 2 &&
    source.isNaming(node.callee as Syntax)
  );
}

function plainCall(node: Syntax, source: PlainSource): Syntax {
  if (isNamingCall(node, source)) return (node.arguments as [Syntax])[0];
  const callee = plainCallee(node.callee as Syntax, source);
  return callee === node.callee ? node : { ...node, callee };
}

/** `(0, scale)(x)` is how tools write `scale(x)` where `scale` is a member of a module. */
function plainCallee(callee: Syntax, source: PlainSource): Syntax {
  if (callee.type !== 'SequenceExpression') return callee;
  const [zero, called, ...others] = callee.expressions as Syntax[];
  if (called === undefined || others.length > 0 || !isNumber(zero, 0)) return callee;
  return called.type === 'Identifier' || source.outsideOf(called) !== undefined ? called : callee;
}

function plainUnary(node: Syntax): Syntax {
  const { type, value } = node.argument as Syntax;
  if (type !== 'Literal') return node;
  if (node.operator === 'void') return UNDEFINED;
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

function isLexical({ type, kind }: Syntax): boolean {
  return (
    (type === 'VariableDeclaration' && kind !== 'var') || type === 'FunctionDeclaration' || type === 'ClassDeclaration'
  );
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

function taggedParts({ quasis, expressions }: Syntax): object {
  const tagged = (quasis as Syntax[]).map((quasi) => made('TemplateElement', { value: quasi.value, tagged: true }));
  return { quasis: tagged, expressions };
}
