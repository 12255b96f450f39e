import { callKeyDigest } from '../../key/canonical/canonical.js';
import { seesTrailing } from '../../key/classes/sees-trailing.js';
import { identityOfAnalyzer } from '../hierarchy/analyzer-identity.js';
import type { MethodInfo } from '../state/method-info.js';
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
  const said = options.key === undefined ? args : [options.key.apply(analyzer, [...args])];
  const subject = options.ignore === 'arguments' && options.key === undefined ? [] : said;
  if (subject.length === 0 && ownKey === undefined) return undefined;
  // Asked only where it matters: the source has to be read for it.
  const counted = subject === args && args.length > 0 && args.at(-1) === undefined && seesTrailing(info.original);
  return callKeyDigest(subject, { ownKey, counted, identify: identityOfAnalyzer });
}
