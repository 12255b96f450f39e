/** From the text of a function, or of a whole script, to its syntax tree. What cannot be parsed has none. */
import type * as acorn from 'acorn';
import { load } from '../../base/packages/optional.js';
import type { Syntax } from './syntax.js';

/** What makes an expression of the text of a function: of a declaration or an arrow, of a method, of a private one. */
type Wrapping = readonly [before: string, after: string, unwrap: (expression: Syntax) => unknown];
const wrappings: readonly [Wrapping, Wrapping, Wrapping] = [
  ['(', '\n)', (expression) => expression],
  ['({', '\n})', (expression) => (expression.properties as unknown[])[0]],
  ['(class{', '\n})', (expression) => (expression.body as { body: unknown[] }).body[0]],
];

/** A first guess, which spares most texts a second attempt. */
const EXPRESSION = /^(?:async\s+function|function|class)\b|^(?:async\s*)?\(|^(?:async\s+)?[\w$]+\s*=>/;

/**
 * The trees of functions' or classes' texts: of expressions, or of the properties or class members that methods are.
 * `undefined` for what cannot be parsed: native code, or a syntax younger than the parser. To begin takes the parser
 * longer than most functions do, so that all are given to it at once.
 */
export function parseFunctions(sources: readonly string[]): (Syntax | undefined)[] {
  const guesses = sources.map((source) => (EXPRESSION.test(source) ? wrappings[0] : wrappings[1]));
  const all = sources.map((source, at) => wrapped(source, guesses[at] as Wrapping)).join(';\n');
  const body = parsed(all, 'module')?.body as Syntax[] | undefined;
  if (body?.length !== sources.length) return sources.map(parseFunction);
  return body.map((statement, at) => unwrapped(statement, guesses[at] as Wrapping));
}

function parseFunction(source: string): Syntax | undefined {
  for (const sourceType of ['module', 'script'] as const) {
    for (const wrapping of wrappings) {
      const body = parsed(wrapped(source, wrapping), sourceType)?.body as Syntax[] | undefined;
      if (body?.length === 1) return unwrapped(body[0] as Syntax, wrapping);
    }
  }
  return undefined;
}

function wrapped(source: string, [before, after]: Wrapping): string {
  return before + source + after;
}

function unwrapped({ expression }: Syntax, [, , unwrap]: Wrapping): Syntax {
  return unwrap(expression as Syntax) as Syntax;
}

/** The tree of a module or script, or of a CommonJS module's text. */
export function parseProgram(source: string): Syntax | undefined {
  return parsed(source, 'module') ?? parsed(source, 'script');
}

function parsed(source: string, sourceType: 'module' | 'script'): Syntax | undefined {
  try {
    return load<typeof acorn>('acorn').parse(source, {
      sourceType,
      ecmaVersion: 'latest',
      allowSuperOutsideMethod: true,
      allowReturnOutsideFunction: true,
      allowHashBang: true,
      checkPrivateFields: false,
    }) as unknown as Syntax;
  } catch {
    return undefined; // not this kind of text, or nested too deep for the parser
  }
}
