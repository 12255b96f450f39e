/** Where inside a result a value sits, in the words of the one who wrote the result: `result.fits[2].callback`. */

/** One step from an object to what it holds: a property, an index, or a part of a Map's entry. */
export type Step = string | number | symbol | readonly [entry: number, part: 'key' | 'value'];

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** One step as text, to be put after the path of the object. */
export function stepText(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  if (typeof step === 'symbol') return `[${String(step)}]`;
  if (typeof step !== 'string') return `[${step[0]}].${step[1]}`;
  return IDENTIFIER.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
