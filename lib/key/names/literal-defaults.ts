/** The defaults of parameters that a function's source says as literals. */
import { tokensOf, type PlacedToken } from './names-of-parameters.js';

/** By the index of the parameter; a hole where there is no default, or one that is no plain literal. */
export type LiteralDefaults = readonly ({ readonly value: unknown } | undefined)[];

const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };

/** Only what is beyond doubt: a default that is computed, taken apart, or written with an escape is none. */
export function literalDefaults(fn: object): LiteralDefaults {
  const parameters: PlacedToken[][] = [[]];
  for (const token of tokensOf(fn)) {
    if (!token.inParameters) continue;
    if (token.depth === 1 && token.value === ',' && token.type === 'Punctuator') parameters.push([]);
    else parameters.at(-1)?.push(token);
  }
  return parameters.map(([name, sign, ...literal]) =>
    name?.type === 'IdentifierName' && sign?.value === '=' ? valueOf(literal) : undefined,
  );
}

function valueOf([first, second, ...more]: readonly PlacedToken[]): { value: unknown } | undefined {
  if (first === undefined || more.length > 0) return undefined;
  if (second !== undefined) {
    const positive = first.value === '-' && second.type === 'NumericLiteral' ? numberOf(second.value) : undefined;
    return positive && { value: -positive.value };
  }
  switch (first.type) {
    case 'NumericLiteral':
      return numberOf(first.value);
    case 'StringLiteral':
    case 'NoSubstitutionTemplate':
      return /[\\\r]/.test(first.value) ? undefined : { value: first.value.slice(1, -1) };
    default:
      return Object.hasOwn(WORDS, first.value) ? { value: WORDS[first.value] } : undefined;
  }
}

function numberOf(text: string): { value: number | bigint } | undefined {
  // What begins so may be octal.
  if (/^0\d/.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  return { value: digits.endsWith('n') ? BigInt(digits.slice(0, -1)) : Number(digits) };
}
