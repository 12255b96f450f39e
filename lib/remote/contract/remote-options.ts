/** Which remote is meant, and how it is spoken to: what users say of it, checked. */
import { resolve } from 'node:path';
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import { isUrl, userPath } from '../../base/files/user-path.js';
import { requirePeer } from '../../base/packages/optional.js';
import { checked, oneOf, text, that, time, type Check } from '../../base/text/check-options.js';
import type { Duration } from '../../base/text/duration.js';
import { redisAddress, type RedisAddress } from '../../base/text/redis-address.js';
import { credentialsFromEnvironment, type RemoteCredentials } from './credentials.js';
import { canSign, checkKey, type KeySettings, type RemoteKey } from './signature.js';

/** How a remote is used. */
export interface RemoteOptions {
  /** `'read'`: results are taken from it, and none are put there. @defaultValue `'read-write'`; `'read'` with public keys alone */
  mode?: 'read' | 'read-write';
  /**
   * What vouches for results: a secret that all who push and pull have, or keys of ed25519 as PEM texts. What lies there and is
   * not signed so is refused. Without a key, only plain arrays, tables and JSON are taken, never `.v8` and other blobs.
   * @defaultValue the environment variable `STOWAGE_REMOTE_KEY`
   */
  key?: RemoteKey;
  /** URL of an S3 server. @defaultValue `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, else Amazon's of the region */
  endpoint?: string | URL;
  /** @defaultValue `AWS_REGION`, `AWS_DEFAULT_REGION`, else `'us-east-1'` */
  region?: string;
  /** @defaultValue `AWS_ACCESS_KEY_ID` and its like, else the profile `AWS_PROFILE` of `~/.aws/credentials` */
  credentials?: RemoteCredentials;
  /** The longest that a call waits for the remote, in seconds or as a duration object; at most a day. @defaultValue 5 seconds */
  timeout?: number | Duration;
  /**
   * Calls that are known to take at least so long, in seconds or as a duration object, are computed by one host at a time: by what the
   * method took before in this process, and by results that no longer hold. @defaultValue 1 minute; 0 with `claims`
   */
  claimAfter?: number | Duration;
  /**
   * A Redis in which hosts say what they compute, `redis://host:6379`, in place of the remote itself; it needs the package ioredis.
   * @defaultValue the environment variable `STOWAGE_REMOTE_CLAIMS`, else the remote
   */
  claims?: string | URL;
}

/** Where a remote is, with how it is used. */
export interface RemotePlace extends RemoteOptions {
  /** `s3://bucket/prefix`, or `file:///project/shared`. */
  url: string | URL;
}

/** A remote, checked, in a form that can be handed to a thread. */
export interface RemoteSettings {
  /** For messages and events. */
  url: string;
  mode: 'read' | 'read-write';
  key?: KeySettings;
  timeout: number;
  claimAfter: number;
  /** Where claims are, if not in the remote. */
  claims?: RedisAddress;
  at: FilePlace | S3Place;
}

export interface FilePlace {
  kind: 'file';
  folder: string;
}

export interface S3Place {
  kind: 's3';
  bucket: string;
  /** Empty, or ending in a slash. */
  prefix: string;
  endpoint: string;
  region: string;
  credentials: RemoteCredentials;
}

const WAIT = 5;
/** A day: timers end at once that have more than 24 of them. */
const LONGEST_WAIT = 86_400;
const LONG = 60;

const isHttp = (value: unknown): boolean =>
  /^https?:\/\/[^/?#@\s]+\/?$/.test(String(value)) && URL.canParse(String(value));

const credentialsCheck: Check = (value, option) => {
  const given = checked(value, { accessKeyId: text, secretAccessKey: text, sessionToken: text }, option);
  for (const name of ['accessKeyId', 'secretAccessKey'] as const) {
    if (given[name] === undefined) throw new InvalidOptionError(`${option} needs ${name}`);
  }
  for (const name of ['accessKeyId', 'sessionToken'] as const) {
    // They are sent in the head of each request. They are not shown: one may be a secret.
    const sent = given[name];
    if (typeof sent === 'string' && /[^!-~]/.test(sent))
      throw new InvalidOptionError(`${option}: ${name} holds something other than visible ASCII characters`);
  }
  return given;
};

const claimsCheck: Check = (value, option) => {
  const address = redisAddress(value, option);
  requirePeer('ioredis', option);
  return address;
};

const CHECKS: Record<keyof RemoteOptions, Check> = {
  mode: oneOf('read', 'read-write'),
  key: checkKey,
  endpoint: that('the URL of a server, such as http://localhost:7480', isHttp),
  region: text,
  credentials: credentialsCheck,
  timeout: (value, option) => positive(time(value, option), option),
  claimAfter: time,
  claims: claimsCheck,
};

const positive = that('more than no time', (seconds) => (seconds as number) > 0);

type Checked = Partial<{
  mode: RemoteSettings['mode'];
  key: KeySettings;
  endpoint: string | URL;
  region: string;
  credentials: RemoteCredentials;
  timeout: number;
  claimAfter: number;
  claims: RedisAddress;
}>;

/** @throws InvalidOptionError where the URL is no remote's, or an option is not what it must be */
export function checkRemote(
  url: unknown,
  options: object,
  where: string,
  env: NodeJS.ProcessEnv = process.env,
): RemoteSettings {
  const given = checked(options, CHECKS, where) as Checked;
  const at = placeOf(url, given, where, env);
  const key = given.key ?? keyOfEnvironment(env);
  const mode = given.mode ?? (canSign(key) ? 'read-write' : 'read');
  if (mode === 'read-write' && !canSign(key))
    throw new InvalidOptionError(
      `${where}: with public keys alone nothing can be signed: say mode: 'read', or give key.sign`,
    );
  const claims = given.claims ?? claimsOfEnvironment(env);
  const shown = at.kind === 'file' ? `file://${at.folder}` : `s3://${at.bucket}/${at.prefix}`;
  return {
    url: shown.replace(/\/$/, ''),
    mode,
    timeout: Math.min(given.timeout ?? WAIT, LONGEST_WAIT),
    claimAfter: given.claimAfter ?? (claims === undefined ? LONG : 0),
    at,
    ...(claims !== undefined && { claims }),
    ...(key !== undefined && { key }),
  };
}

/** In a line of the environment, the line breaks of a PEM text are often spelled out. */
function keyOfEnvironment({ STOWAGE_REMOTE_KEY: key = '' }: NodeJS.ProcessEnv): KeySettings | undefined {
  if (key === '') return undefined;
  return checkKey(key.includes('-----BEGIN') ? key.replaceAll('\\n', '\n') : key, 'STOWAGE_REMOTE_KEY');
}

function claimsOfEnvironment({ STOWAGE_REMOTE_CLAIMS: url = '' }: NodeJS.ProcessEnv): RedisAddress | undefined {
  return url === '' ? undefined : (claimsCheck(url, 'STOWAGE_REMOTE_CLAIMS') as RedisAddress);
}

const PROTOCOLS = ['s3://', 'file://'];

function placeOf(url: unknown, given: Checked, where: string, env: NodeJS.ProcessEnv): FilePlace | S3Place {
  const shown = isUrl(url) ? url.href : url;
  if (typeof shown !== 'string')
    throw new InvalidOptionError(`${where} takes a URL, s3://bucket/prefix or file:///folder, not ${typeof url}`);
  if (/^file:\/\//i.test(shown)) return filePlace(shown, given, where);
  if (shown.startsWith('s3://')) return s3Place(shown, given, where, env);
  const hint = didYouMean(/^[a-z0-9]*:?\/*/i.exec(shown)?.[0] ?? '', PROTOCOLS);
  throw new InvalidOptionError(`${where}: '${shown}' is no remote${hint}: write s3://bucket/prefix or file:///folder`);
}

function filePlace(url: string, given: Checked, where: string): FilePlace {
  for (const option of ['endpoint', 'region', 'credentials'] as const) {
    if (given[option] !== undefined) throw new InvalidOptionError(`${where}: ${option} is for s3:// alone`);
  }
  const folder = userPath(url);
  if (folder === undefined) throw new InvalidOptionError(`${where}: '${url}' names no folder: write file:///folder`);
  return { kind: 'file', folder: resolve(folder) };
}

const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s;

function s3Place(url: string, given: Checked, where: string, env: NodeJS.ProcessEnv): S3Place {
  const [, bucket, path = ''] = S3_URL.exec(url) ?? [];
  const isBad =
    bucket === undefined || /[?#\p{Cc}\p{Surrogate}]|(^|\/)\.{0,2}\//u.test(path) || /(^|\/)\.{1,2}$/.test(path);
  if (isBad)
    throw new InvalidOptionError(
      `${where}: '${url}' is no s3://bucket/prefix: a bucket has 3 to 63 small letters, digits, dots and dashes, and a prefix no empty parts`,
    );
  const region = given.region ?? firstOf(env.AWS_REGION, env.AWS_DEFAULT_REGION) ?? 'us-east-1';
  const endpoint = String(
    given.endpoint ?? firstOf(env.AWS_ENDPOINT_URL_S3, env.AWS_ENDPOINT_URL) ?? `https://s3.${region}.amazonaws.com`,
  );
  if (!isHttp(endpoint)) throw new InvalidOptionError(`${where}: the endpoint '${endpoint}' is no URL of a server`);
  const credentials = given.credentials ?? credentialsFromEnvironment(env);
  if (credentials === undefined) {
    throw new InvalidOptionError(
      `${where}: ${url} needs credentials: give them, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile in ~/.aws/credentials`,
    );
  }
  const prefix = path.replace(/\/$/, '');
  return {
    kind: 's3',
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    endpoint: endpoint.replace(/\/$/, ''),
    region,
    credentials,
  };
}

function firstOf(...values: (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== '');
}
