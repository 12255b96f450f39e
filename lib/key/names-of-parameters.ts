import type jsTokens from 'js-tokens';
import { load } from '../base/optional.js';

const opening = new Set(['(', '[', '{', '${']);
const closing = new Set([')', ']', '}']);

/** `x => …` has its only parameter without parentheses. */
const aloneBeforeArrow = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u;

/** The names that a method gives its parameters, `''` for one that it takes apart; read from its source. */
export function namesOfParameters(method: object): string[] {
  const source = Function.prototype.toString.call(method);
  const alone = aloneBeforeArrow.exec(source)?.[1];
  if (alone !== undefined) return [alone];
  const names: string[] = [];
  let depth = 0;
  let bracket = 0;
  let isInList = false;
  let current: string | undefined;
  for (const { type, value } of load<typeof jsTokens>('js-tokens')(source)) {
    // Before the list there may be a computed name: `[Symbol.for('x')](a, b)`.
    if (!isInList && !(type === 'Punctuator' && value === '(' && bracket === 0)) {
      if (type === 'Punctuator' && value === '[') bracket++;
      if (type === 'Punctuator' && value === ']') bracket--;
      continue;
    }
    isInList = true;
    if (type === 'Punctuator' && opening.has(value)) {
      depth++;
      // The first parenthesis opens the list; a bracket inside it takes a parameter apart, or is part of a default.
      if (depth === 1) current = undefined;
      else current ??= '';
    } else if (type === 'Punctuator' && closing.has(value)) {
      depth--;
      if (depth > 0) continue;
      if (current !== undefined) names.push(current);
      return names;
    } else if (depth === 1 && value === ',') {
      names.push(current ?? '');
      current = undefined;
    } else if (depth === 1 && type === 'IdentifierName') {
      current ??= value;
    }
  }
  return names;
}
