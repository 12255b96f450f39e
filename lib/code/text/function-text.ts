/** The text of a function or class, understood once for all functions that were made of it. */
import { atEndOfTurn } from '../../base/run/at-end-of-turn.js';
import { sourceOf } from '../../key/classes/class-source.js';
import { readFunction } from './read.js';
import type { FunctionText } from './use.js';

/** They are kept while functions are looked at. */
const texts = new Map<string, FunctionText | undefined>();
const MOST_TEXTS = 1000;
const forget = (): void => {
  texts.clear();
};

/** `undefined` for what cannot be read. */
export function textOf(fn: object): FunctionText | undefined {
  const source = sourceOf(fn);
  if (texts.has(source)) return texts.get(source);
  if (texts.size >= MOST_TEXTS) forget();
  atEndOfTurn(forget);
  const text = readFunction(source);
  texts.set(source, text);
  return text;
}

export function isClassText(fn: object): boolean {
  return sourceOf(fn).startsWith('class');
}
