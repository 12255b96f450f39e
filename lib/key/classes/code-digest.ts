import { createHash } from 'node:crypto';
import jsTokens from 'js-tokens';

const insignificant = new Set(['WhiteSpace', 'LineTerminatorSequence', 'MultiLineComment', 'SingleLineComment']);
const digests = new WeakMap<object, string>();

/** Digest of a function's source as it runs; comments and white space make no difference. */
export function codeDigestOf(method: object): string {
  let digest = digests.get(method);
  if (digest === undefined) {
    const hash = createHash('sha256');
    const tokens = jsTokens(Function.prototype.toString.call(method));
    for (const token of tokens) if (!insignificant.has(token.type)) hash.update(token.value).update('\0');
    digest = hash.digest('hex').slice(0, 32);
    digests.set(method, digest);
  }
  return digest;
}
