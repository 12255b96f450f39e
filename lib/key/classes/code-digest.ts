/** The digest by which a change of a method's code is noticed. */
import { createHash } from 'node:crypto';
import { significantTokens } from '../names/significant-tokens.js';
import { sourceOf } from './class-source.js';

const digests = new WeakMap<object, string>();

/** Digest of a function's source as it runs; comments and white space make no difference. */
export function codeDigestOf(method: object): string {
  let digest = digests.get(method);
  if (digest === undefined) {
    const hash = createHash('sha256');
    for (const { value } of significantTokens(sourceOf(method))) hash.update(value).update('\0');
    digest = hash.digest('hex').slice(0, 32);
    digests.set(method, digest);
  }
  return digest;
}
