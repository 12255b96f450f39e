/** The option `validate`: a word of the user's own on a stored result. */
import { ValidateError } from '../base/errors.js';
import { messageOf } from '../base/thrown.js';
import type { Facts } from './question.js';

/** What a `validate` is told. */
export interface ResultInfo {
  /** When it was computed, in seconds since the epoch. */
  computedAt: number;
  /** What computing it cost. */
  seconds: number;
  /** Length of its data. */
  bytes: number;
  /** The arguments as a reader sees them, or the key in their place: `3, { dark: true }`. */
  arguments: string;
}

/** `false`: the stored result is computed again. */
export type Validate = (info: ResultInfo) => boolean;

/**
 * Why a result may not be used, if so.
 * @throws ValidateError where the function throws, or says neither
 */
export function refusalByUser(
  validate: Validate | undefined,
  { computedAt, seconds, bytes, arguments: args }: Pick<Facts, 'computedAt' | 'seconds' | 'bytes' | 'arguments'>,
  self: unknown,
  name: string,
): string | undefined {
  if (validate === undefined) return undefined;
  let answer: unknown;
  try {
    answer = validate.call(self, { computedAt, seconds, bytes, arguments: args?.preview ?? '' });
  } catch (cause) {
    throw new ValidateError(`validate of ${name} threw: ${messageOf(cause)}`, { cause });
  }
  if (typeof answer === 'boolean') return answer ? undefined : 'validate says no';
  throw new ValidateError(
    `validate of ${name} must return true or false at once, not ${answer instanceof Promise ? 'a promise' : typeof answer}`,
  );
}
