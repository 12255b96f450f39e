/** Where a Redis is, as a URL says it. */
import { InvalidOptionError } from '../errors.js';

/** As ioredis and BullMQ take it. */
export interface RedisAddress {
  host: string;
  port: number;
  username?: string;
  password?: string;
  db?: number;
  tls?: object;
}

/** @throws InvalidOptionError where it is no address of a Redis */
export function redisAddress(url: unknown, option: string): RedisAddress {
  const given = String(url);
  const parsed = URL.canParse(given) ? new URL(given) : undefined;
  const database = /^\/?(\d*)$/.exec(parsed?.pathname ?? '/')?.[1];
  const isRedis = parsed?.protocol === 'redis:' || parsed?.protocol === 'rediss:';
  if (parsed === undefined || !isRedis || parsed.hostname === '' || database === undefined)
    throw new InvalidOptionError(
      `${option} must be redis://host:6379, with a number of a database behind it or none, or rediss:// for TLS, not ${given.replace(/:[^:@/]*@/, ':…@')}`,
    );
  const { protocol, hostname, port, username, password } = parsed;
  return {
    // The brackets of an address of IPv6 are the URL's.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 6379 : Number(port),
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(database !== '' && { db: Number(database) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  };
}

/** For messages: without the password. */
export function shownRedis({ host, port }: RedisAddress): string {
  return `Redis at ${host}:${String(port)}`;
}
