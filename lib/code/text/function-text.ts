/** The text of a function or class, understood once for all functions that were made of it. */
import { atEndOfTurn } from '../../base/run/at-end-of-turn.js';
import { sourceOf } from '../../key/classes/class-source.js';
import { type Names, namesOf } from './names.js';
import { parseFunctions } from './parse.js';
import type { Syntax } from './syntax.js';

export interface FunctionText {
  readonly tree: Syntax;
  readonly names: Names;
}

/** Trees are large: they are kept while functions are looked at. */
const texts = new Map<string, FunctionText | undefined>();
const MOST_TEXTS = 1000;
const forget = (): void => {
  texts.clear();
};

/** Texts of functions, in their order; `undefined` for what cannot be parsed. */
export function textsOf(functions: readonly object[]): (FunctionText | undefined)[] {
  const sources = functions.map(sourceOf);
  if (texts.size > MOST_TEXTS) forget();
  atEndOfTurn(forget);
  const unknown = [...new Set(sources)].filter((source) => !texts.has(source));
  for (const [at, tree] of (unknown.length > 0 ? parseFunctions(unknown) : []).entries()) {
    texts.set(unknown[at] as string, tree && { tree, names: namesOf(tree) });
  }
  return sources.map((source) => texts.get(source));
}

export function textOf(fn: object): FunctionText | undefined {
  return textsOf([fn])[0];
}

export function isClassText(fn: object): boolean {
  return sourceOf(fn).startsWith('class');
}
