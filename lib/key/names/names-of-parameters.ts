/** The parameters of a function, read from its source. */
import { significantTokens } from './significant-tokens.js';

const OPENING = new Set(['(', '[', '{', '${']);
const CLOSING = new Set([')', ']', '}']);

/** `x => …` has its only parameter without parentheses. */
const ALONE_BEFORE_ARROW = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u;

/** The names that a method gives its parameters, `''` for a parameter that it takes apart. */
export function namesOfParameters(method: object): string[] {
  const alone = ALONE_BEFORE_ARROW.exec(sourceOf(method))?.[1];
  if (alone !== undefined) return [alone];
  const names: string[] = [];
  let current: string | undefined;
  for (const { type, value, depth } of tokensOf(method).filter(({ inParameters }) => inParameters)) {
    if (depth === 1 && value === ',') {
      names.push(current ?? '');
      current = undefined;
    } else if (depth === 1 && type === 'IdentifierName') {
      current ??= value;
    } else if (depth > 1) {
      // A bracket inside the list takes a parameter apart, or is part of a default.
      current ??= '';
    }
  }
  return current === undefined ? names : [...names, current];
}

/** A word or sign in the source of a function. */
export interface PlacedToken {
  type: string;
  value: string;
  /**
   * How many brackets are open, from the bracket of the list of parameters on; those brackets themselves count as in
   * it.
   */
  depth: number;
  /** Does it stand between the parentheses of the list of parameters? */
  inParameters: boolean;
}

/** The source of a function, taken apart; comments are left out. */
export function tokensOf(method: object): PlacedToken[] {
  const source = sourceOf(method);
  const tokens: PlacedToken[] = [];
  let list: 'before' | 'in' | 'after' = ALONE_BEFORE_ARROW.test(source) ? 'after' : 'before';
  let depth = 0;
  let bracket = 0;
  for (const { type, value } of significantTokens(source)) {
    const isSign = type === 'Punctuator';
    const isOpening = isSign && OPENING.has(value);
    const isClosing = isSign && CLOSING.has(value);
    if (list === 'before' && isSign && value === '(' && bracket === 0) {
      list = 'in';
      depth = 1;
      continue;
    }
    // Before the list there may be a computed name: `[Symbol.for('x')](a, b)`.
    if (list === 'before' && isSign && value === '[') bracket++;
    if (list === 'before' && isSign && value === ']') bracket--;
    if (list === 'in' && isOpening) depth++;
    if (list === 'in' && isClosing && depth === 1) list = 'after';
    tokens.push({ type, value, depth, inParameters: list === 'in' });
    if (list === 'in' && isClosing) depth--;
  }
  return tokens;
}

function sourceOf(method: object): string {
  return Function.prototype.toString.call(method);
}
