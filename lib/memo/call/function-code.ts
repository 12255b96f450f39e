/** What the code of a cached function is: itself, and what it reaches from the object that it is called on. */
import { codeOf } from '../../code/code-of.js';
import type { Code } from '../../code/part/code.js';
import { codeDigestOf } from '../../key/classes/code-digest.js';
import { homeOf } from '../../key/functions/receiver.js';
import type { Draft } from '../../store/entry/stage.js';
import { codeSeenOf } from '../../store/record/code-seen.js';
import type { Traced } from '../../store/record/traced.js';

export function codeOfFunction(original: object, receiver: unknown): Code {
  return codeOf(original, homeOf(receiver) ?? undefined);
}

/** What a record says of it. */
export function codeFacts(
  original: object,
  receiver: unknown,
  trace: readonly Traced[],
): Pick<Draft, 'code' | 'codeSeen'> {
  return { code: codeDigestOf(original), codeSeen: codeSeenOf(codeOfFunction(original, receiver), trace) };
}
