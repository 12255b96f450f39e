/** Syntax trees of functions, as the parser gives them (ESTree), and a walk over them that needs no recursion. */
import type * as acorn from 'acorn';
import { load } from '../base/optional.js';

/** A node of a syntax tree. Which fields there are depends on its type. */
export interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const options = {
  ecmaVersion: 'latest',
  allowSuperOutsideMethod: true,
  checkPrivateFields: false,
} as const;

/** What makes an expression of the text of a function: of a declaration or an arrow, of a method, of a private one. */
type Wrapping = readonly [before: string, after: string, unwrap: (expression: Syntax) => unknown];
const wrappings: readonly [Wrapping, Wrapping, Wrapping] = [
  ['(', '\n)', (expression) => expression],
  ['({', '\n})', (expression) => (expression.properties as unknown[])[0]],
  ['(class{', '\n})', (expression) => (expression.body as { body: unknown[] }).body[0]],
];

/**
 * The tree of a function's or class's text: of an expression, or of the property or class member that a method is.
 * `undefined` for what cannot be parsed: native code, or a syntax younger than the parser.
 */
export function parseFunction(source: string): Syntax | undefined {
  const { parse } = load<typeof acorn>('acorn');
  const ordered = EXPRESSION.test(source) ? wrappings : [wrappings[1], wrappings[0], wrappings[2]];
  for (const sourceType of ['module', 'script'] as const) {
    for (const [before, after, unwrap] of ordered) {
      try {
        const program = parse(before + source + after, { ...options, sourceType }) as unknown as { body: Syntax[] };
        const [statement] = program.body;
        if (program.body.length !== 1 || statement === undefined) continue;
        return unwrap(statement.expression as Syntax) as Syntax;
      } catch {
        // Not this kind of text, or nested too deep for the parser.
      }
    }
  }
  return undefined;
}

/** A first guess, which spares most texts a second attempt. */
const EXPRESSION = /^(?:async\s+function|function|class)\b|^(?:async\s*)?\(|^(?:async\s+)?[\w$]+\s*=>/;

export function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Syntax>).type === 'string';
}

/** Is it a function with a `this` of its own? */
export function isPlainFunction(node: Syntax): boolean {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression';
}

export function isFunction(node: Syntax): boolean {
  return isPlainFunction(node) || node.type === 'ArrowFunctionExpression';
}

export function isClass(node: Syntax): boolean {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** Names of a node's fields in the order of the alphabet, without those that say nothing about the program. */
export function fieldsOf(node: Syntax): string[] {
  return Object.keys(node).filter((field) => !SILENT.has(field)).sort();
}
/** `type` is written first; the others are about the text. */
const SILENT = new Set(['type', 'start', 'end', 'raw', 'directive', 'range', 'loc', 'sourceFile']);

/** Nodes right below a node, in the order of `fieldsOf`. */
export function childrenOf(node: Syntax): [child: Syntax, field: string][] {
  const children: [Syntax, string][] = [];
  for (const field of fieldsOf(node)) {
    const value = node[field];
    if (Array.isArray(value)) {
      for (const item of value) if (isSyntax(item)) children.push([item, field]);
    } else if (isSyntax(value)) children.push([value, field]);
  }
  return children;
}

/** Visits every node, parents before their children; `leave` is told when all of a node's children are done. */
export function walk(
  root: Syntax,
  enter: (node: Syntax, parent: Syntax | undefined, field: string) => void,
  leave?: (node: Syntax) => void,
): void {
  const open: ([Syntax, Syntax | undefined, string] | Syntax)[] = [[root, undefined, '']];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!Array.isArray(next)) {
      leave?.(next);
      continue;
    }
    const [node, parent, field] = next;
    enter(node, parent, field);
    open.push(node);
    const children = childrenOf(node);
    for (let at = children.length - 1; at >= 0; at--) {
      const [child, name] = children[at] as [Syntax, string];
      open.push([child, node, name]);
    }
  }
}
