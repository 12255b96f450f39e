/** Constants as canonical text. */
import type { Syntax } from './syntax.js';

export function literalText(node: Syntax): string {
  const { regex, bigint } = node as { regex?: { pattern: string; flags: string }; bigint?: string | null };
  if (regex !== undefined) return `regex ${JSON.stringify([regex.pattern, regex.flags])};`;
  if (typeof bigint === 'string') return `bigint ${BigInt(bigint)};`;
  return primitiveText(node.value);
}

/** A constant stands in the text as a literal of its value would. */
export function primitiveText(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'Undefined()';
    case 'bigint':
      return `bigint ${value};`;
    case 'number':
      return Object.is(value, -0) ? '-0;' : `${value};`;
    case 'symbol':
      return `symbol ${JSON.stringify(value.description ?? '')};`;
    default:
      return `${JSON.stringify(value)};`;
  }
}

/** A tag function sees the text as it was written, too. */
export function templateText(node: Syntax): string {
  const { cooked, raw } = node.value as { cooked: string | null; raw: string };
  return JSON.stringify(node.tagged === true ? [cooked, raw] : cooked);
}
