import { callKeyDigest } from '../key/canonical.js';
import { seesTrailing } from '../key/sees-trailing.js';
import { identityOfAnalyzer } from './analyzer-identity.js';
import type { MethodInfo } from './method-info.js';
import { ownKeyOf } from './parameters.js';

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
  const subject = options.args === 'ignore' && options.key === undefined ? [] : said;
  if (subject.length === 0 && ownKey === undefined) return undefined;
  // Asked only where it matters: the source has to be read for it.
  const counted = subject === args && args.length > 0 && args.at(-1) === undefined && seesTrailing(info.original);
  return callKeyDigest(subject, { ownKey, counted, identify: identityOfAnalyzer });
}
