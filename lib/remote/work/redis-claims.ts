/**
 * Claims in Redis: a key that expires unless its owner, who lives, prolongs it. Each has a number, higher than that of every
 * earlier one, which stays known for a while: an owner that slept while another computed finds a higher one than its own.
 */
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { RemoteError } from '../../base/errors.js';
import { loadPeer } from '../../base/packages/optional.js';
import { shownRedis, type RedisAddress } from '../../base/text/redis-address.js';
import { codeOf, messageOf } from '../../base/thrown.js';
import { orAborted } from '../backend/or-aborted.js';
import type { Asking } from '../contract/backend.js';
import type { HostClaims, Tried } from '../contract/host-claims.js';

/** Seconds after which a claim of which its owner says nothing is free. */
const LEASE = 30;
/** Seconds for which the number of the latest claim on a result is known. */
const NUMBER_HOLDS = 30 * 86_400;
/** Milliseconds in which Redis must take a connection, and answer. */
const LONGEST_CONNECT = 1000;
const LONGEST_ANSWER = 5000;

/**
 * Numbers are microseconds of Redis's clock, or one more than the last one where that went back: they go up even where Redis has
 * lost what it knew.
 */
const CLAIM = `
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local time = redis.call('TIME')
local number = string.format('%.0f', math.max(time[1] * 1000000 + time[2], last + 1))
if not redis.call('SET', KEYS[1], number .. ' ' .. ARGV[1], 'NX', 'PX', ARGV[2]) then
  return { '', redis.call('GET', KEYS[1]) }
end
redis.call('SET', KEYS[2], number, 'EX', ARGV[3])
return { number, last == 0 and '' or 'again' }`;

/** What is done only by whose claim it is. */
const ifOurs = (command: string): string => `
local value = redis.call('GET', KEYS[1])
if value and string.sub(value, 1, #ARGV[1] + 1) == ARGV[1] .. ' ' then return ${command} end
return 0`;
const PROLONG = ifOurs("redis.call('PEXPIRE', KEYS[1], ARGV[2])");
const RELEASE = ifOurs("redis.call('DEL', KEYS[1])");

export class RedisClaims implements HostClaims {
  /** The numbers of those that are held, by identity. */
  private readonly held = new Map<string, string>();
  private connection: Redis | undefined;
  /** What the connection last complained of. */
  private trouble: Error | undefined;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param scope tells remotes apart that have the same results
   * @param lease seconds
   */
  constructor(
    private readonly address: RedisAddress,
    private readonly scope: string,
    private readonly lease = LEASE,
  ) {}

  async claim(identity: string, asking: Asking): Promise<Tried> {
    const content = `${hostname()} ${String(process.pid)}`;
    const [number, rest] = (await this.run(CLAIM, identity, asking, content, this.lease * 1000, NUMBER_HOLDS)) as [
      string,
      string,
    ];
    // What another computes comes before that one lets go.
    if (number === '') return { isOurs: false, owner: rest.slice(rest.indexOf(' ') + 1), mayBeThere: false };
    this.held.set(identity, number);
    this.timer ??= setInterval(() => {
      this.beat();
    }, this.lease * 300).unref();
    return { isOurs: true, owner: '', mayBeThere: rest !== '' };
  }

  async isStillOurs(identity: string, asking: Asking): Promise<boolean> {
    const [, latest] = this.keysOf(identity);
    const number = this.held.get(identity);
    return number !== undefined && (await this.asked((redis) => redis.get(latest), asking)) === number;
  }

  async release(identity: string, asking: Asking): Promise<void> {
    const number = this.held.get(identity);
    this.held.delete(identity);
    if (this.held.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    // Where it is not heard, the claim expires.
    if (number !== undefined) await this.run(RELEASE, identity, asking, number);
  }

  close(): void {
    this.connection?.disconnect();
  }

  private beat(): void {
    for (const [identity, number] of this.held)
      this.run(PROLONG, identity, {}, number, this.lease * 1000).catch(() => undefined);
  }

  /** Both lie where one server of a cluster has them. */
  private keysOf(identity: string): [claim: string, latest: string] {
    const name = `stowage:{${this.scope}${identity}}`;
    return [`${name}:claim`, `${name}:number`];
  }

  private run(script: string, identity: string, asking: Asking, ...args: (string | number)[]): Promise<unknown> {
    return this.asked((redis) => redis.eval(script, 2, ...this.keysOf(identity), ...args), asking);
  }

  private async asked<T>(ask: (redis: Redis) => Promise<T>, { signal }: Asking): Promise<T> {
    try {
      return await orAborted(ask((this.connection ??= this.connect())), signal);
    } catch (error) {
      const cause = this.trouble ?? error;
      const isLate = signal?.aborted === true;
      const reason = (isLate ? 'ETIMEDOUT' : codeOf(cause)) ?? 'REDIS';
      const said = isLate ? 'it did not answer in time' : messageOf(cause);
      throw new RemoteError(reason, `${shownRedis(this.address)}, where claims are: ${said}`, { cause });
    }
  }

  private connect(): Redis {
    const { Redis: Made } = loadPeer<{ Redis: typeof Redis }>('ioredis', 'claims in Redis');
    // A question that is not answered is not asked again by itself: then hosts compute, each for itself.
    const redis = new Made({
      ...this.address,
      connectTimeout: LONGEST_CONNECT,
      commandTimeout: LONGEST_ANSWER,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(times * 200, 5000),
    });
    redis.on('error', (error) => {
      this.trouble = error;
    });
    redis.on('ready', () => {
      this.trouble = undefined;
    });
    return redis;
  }
}
