/** Who vouches for what lies in a remote: whoever has the secret, or the keys that are trusted. */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto';
import { textBytes } from '../../base/text/text-bytes.js';
import { InvalidOptionError } from '../../base/errors.js';

/** Keys of ed25519, as PEM texts: who has `sign` vouches for what it pushes; who has `trust` believes those. */
export interface RemoteKeys {
  /** A private key: `openssl genpkey -algorithm ed25519`. What it has signed is trusted, too. */
  sign?: string;
  /** Public keys: `openssl pkey -pubout`. */
  trust?: string | readonly string[];
}

/** A key as a user gives it: a secret that all share, a PEM text, or several of these. */
export type RemoteKey = string | RemoteKeys;

/** The same, checked, in a form that can be handed to a thread. */
export type KeySettings = { secret: string } | { sign?: string; trust: string[] };

const SHORTEST_SECRET = 16;

/** @throws InvalidOptionError where it is none */
export function checkKey(given: unknown, option: string): KeySettings {
  if (typeof given === 'string') {
    if (given.includes('-----BEGIN'))
      return keysOf(given.includes('PRIVATE KEY') ? { sign: given } : { trust: given }, option);
    if (given.length >= SHORTEST_SECRET) return { secret: given };
    throw new InvalidOptionError(
      `${option} is too short to be a secret: it needs ${String(SHORTEST_SECRET)} characters or more, such as \`openssl rand -hex 32\` gives`,
    );
  }
  if (isPlainObject(given)) return keysOf(given, option);
  throw new InvalidOptionError(`${option} must be a secret text, a PEM text, or { sign, trust } with PEM texts`);
}

/** What holds a key in another form, a Buffer or a KeyObject, has a prototype of its own. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function keysOf({ sign: own, trust = [], ...rest }: Record<string, unknown>, option: string): KeySettings {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new InvalidOptionError(`${option} has no '${unknown}'; it has sign and trust`);
  if (own !== undefined && !isText(own)) throw new InvalidOptionError(`${option}: sign must be a PEM text`);
  const given = isText(trust) ? [trust] : trust;
  if (!Array.isArray(given) || !given.every(isText))
    throw new InvalidOptionError(`${option}: trust must be a PEM text, or a list of PEM texts`);
  const trusted = [...given, ...(own === undefined ? [] : [publicOf(own, option)])];
  for (const pem of trusted) keyOf(() => createPublicKey(pem), option);
  if (trusted.length === 0) throw new InvalidOptionError(`${option} needs a key to sign with, or keys to trust`);
  return { ...(own !== undefined && { sign: own }), trust: trusted };
}

function publicOf(pem: string, option: string): string {
  const key = keyOf(() => createPrivateKey(pem), option);
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

function keyOf(read: () => KeyObject, option: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new InvalidOptionError(`${option} holds a PEM text that cannot be read as a key`, { cause });
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new InvalidOptionError(`${option} must be a key of ed25519, not ${String(key.asymmetricKeyType)}`);
}

/** Can one push who has this key? */
export function canSign(key: KeySettings | undefined): boolean {
  return key === undefined || 'secret' in key || key.sign !== undefined;
}

/** Signs, and says whether others did. */
export interface Signer {
  sign(bytes: Uint8Array): string;
  isRight(bytes: Uint8Array, signature: string): boolean;
}

/** @returns `undefined` where there is no key */
export function signerOf(key: KeySettings | undefined): Signer | undefined {
  if (key === undefined) return undefined;
  return 'secret' in key ? hmacSigner(key.secret) : ed25519Signer(key);
}

function hmacSigner(secret: string): Signer {
  const own = (bytes: Uint8Array): string => `hmac-sha256:${createHmac('sha256', secret).update(bytes).digest('hex')}`;
  return {
    sign: own,
    isRight: (bytes, signature) => {
      const [given, right] = [textBytes(signature), textBytes(own(bytes))];
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}

const ED25519 = 'ed25519:';

function ed25519Signer(keys: { sign?: string; trust: string[] }): Signer {
  const own = keys.sign === undefined ? undefined : createPrivateKey(keys.sign);
  const trusted = keys.trust.map((pem) => createPublicKey(pem));
  return {
    sign: (bytes) => {
      if (own === undefined) throw new TypeError('there is no key to sign with');
      return ED25519 + sign(null, bytes, own).toString('base64');
    },
    isRight: (bytes, signature) => {
      if (!signature.startsWith(ED25519)) return false;
      const given = textBytes(signature.slice(ED25519.length), 'base64');
      return trusted.some((key) => verify(null, bytes, key, given));
    },
  };
}
