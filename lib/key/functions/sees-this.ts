/** What a function's source says about the object that it is called on. */
import { isProxy } from 'node:util/types';
import { functionName } from '../../base/language/brand.js';
import { isNative } from '../classes/class-source.js';
import { tokensOf, type PlacedToken } from '../names/names-of-parameters.js';

/** With one of these a function reaches the object that it is called on; an arrow function, that around it. */
const REACHING = new Set(['this', 'super', 'eval']);

/** `'caller'`: the object that it is called on. `'maker'`: that in whose method it was made, as arrow functions do. */
export type SeenObject = 'none' | 'caller' | 'maker';

/** Whose `this` a function can depend on. */
export function seenObject(fn: object): SeenObject {
  // A bound function has its own `this`, whatever it is called on.
  if (isNative(fn)) return functionName(fn).startsWith('bound ') && !isProxy(fn) ? 'none' : 'caller';
  let tokens: PlacedToken[];
  try {
    tokens = tokensOf(fn);
  } catch {
    return 'caller';
  }
  if (!tokens.some(({ type, value }) => type === 'IdentifierName' && REACHING.has(value))) return 'none';
  const first = tokens.find(({ inParameters, value }) => !inParameters && (value === '=>' || value === '{'));
  return first?.value === '=>' ? 'maker' : 'caller';
}
