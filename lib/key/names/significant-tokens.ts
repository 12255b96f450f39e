/** The tokens of JavaScript that make a difference. */
import jsTokens, { type Token } from 'js-tokens';

const INSIGNIFICANT = new Set(['WhiteSpace', 'LineTerminatorSequence', 'MultiLineComment', 'SingleLineComment']);

/** The words and signs of a source; comments and white space are none. */
export function* significantTokens(source: string): Generator<Token> {
  for (const token of jsTokens(source)) if (!INSIGNIFICANT.has(token.type)) yield token;
}
