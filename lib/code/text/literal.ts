/** Constants as canonical text. */

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
