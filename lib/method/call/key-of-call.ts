import { callKeyDigest } from '../../key/canonical/canonical.js';
import { seesTrailing, withoutDefaults } from '../../key/classes/significant-arguments.js';
import { identityOfAnalyzer } from '../hierarchy/analyzer-identity.js';
import type { MethodInfo } from '../state/method-info.js';
import { codePolicy } from '../state/options.js';
import { ownKeyOf } from '../state/parameters.js';

/**
 * The key of a call; `undefined` for a plain one.
 * @throws UnkeyableArgumentError where an argument hides its state
 */
export function callKeyOf(
  info: MethodInfo,
  analyzer: object,
  args: readonly unknown[],
  ownKey: unknown = ownKeyOf(analyzer),
): string | undefined {
  const { options } = info;
  const said = options.key === undefined ? significant(info, args) : [options.key.apply(analyzer, [...args])];
  const subject = options.ignore === 'arguments' && options.key === undefined ? [] : said;
  if (subject.length === 0 && ownKey === undefined) return undefined;
  // Asked only where it matters: the source has to be read for it.
  const counted =
    options.key === undefined && subject.length > 0 && subject.at(-1) === undefined && seesTrailing(info.original);
  return callKeyDigest(subject, { ownKey, counted, identify: identityOfAnalyzer });
}

/** What is used although the code has changed may be of another default. */
function significant({ original, options }: MethodInfo, args: readonly unknown[]): readonly unknown[] {
  return codePolicy(options) === 'recompute' ? withoutDefaults(original, args) : args;
}
