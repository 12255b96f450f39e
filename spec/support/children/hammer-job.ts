/** What many processes and threads do to one folder at once: the same here and in `hammer-job-python.ts`. */
import { inspect } from 'node:util';
import { Cache } from 'stowage/kv';
import { BoundedSemaphore, Lock, RLock } from 'stowage/recipe';

export interface HammerJob {
  directory: string;
  /** Its number among all who hammer. */
  worker: number;
  /** How often to do everything; 0 is for ever. */
  rounds: number;
  /** Are locks used? Who is killed keeps them. */
  withLocks: boolean;
  /** Worker threads, each on its own. */
  threads?: number;
}

/** What one of them did, for the sums. */
export interface HammerReport {
  /** What was added to counters. */
  added: number;
  /** Keys that only one can have added. */
  won: string[];
  pushed: string[];
  pulled: string[];
  /** How often a lock was held. */
  guarded: number;
  /** What must not be. */
  wrong: string[];
}

/** Settings of the folder: values of a few kilobytes have files. */
export const HAMMERED = { evictionPolicy: 'none', diskMinFileSize: 2048 } as const;

/** Permits of the semaphore. */
const PERMITS = 2;

/** Values that are made of one token, so that a mixed or cut one shows. */
const KINDS: readonly ((token: string) => unknown)[] = [
  (token) => token.repeat(5),
  (token) => token.repeat(1000),
  (token) => Buffer.from(token.repeat(1000)),
  (token) => Array<string>(50).fill(token),
  (token) => Array<string>(3000).fill(token),
];
const LENGTHS = [5, 1000, 50, 3000];

/** Is it one of those values? */
export function isWhole(value: unknown): boolean {
  const text = Buffer.isBuffer(value) ? value.toString() : Array.isArray(value) ? value.join('') : value;
  if (typeof text !== 'string') return false;
  const tokens = text.split(';');
  return tokens.pop() === '' && new Set(tokens).size === 1 && LENGTHS.includes(tokens.length);
}

/** One who hammers. */
export class Hammer {
  readonly report: HammerReport = { added: 0, won: [], pushed: [], pulled: [], guarded: 0, wrong: [] };
  private readonly cache: Cache;
  private readonly lock: Lock;
  private readonly rLock: RLock;
  private readonly semaphore: BoundedSemaphore;
  private number = 0;

  constructor(private readonly job: HammerJob) {
    this.cache = new Cache(job.directory);
    this.lock = new Lock(this.cache, 'lock');
    this.rLock = new RLock(this.cache, ['r', 'lock']);
    this.semaphore = new BoundedSemaphore(this.cache, 'semaphore', { value: PERMITS });
  }

  /** Everything once. */
  round(): void {
    const names = ['count', 'store', 'look', 'win', 'queue', 'transfer', 'remove'] as const;
    const steps = this.job.withLocks ? [...names, 'guard' as const] : names;
    this.number++;
    // Each begins with another one.
    for (let step = 0; step < steps.length; step++) this[steps[(step + this.job.worker) % steps.length] ?? 'count']();
  }

  close(): void {
    this.cache.close();
  }

  private get token(): string {
    return `${this.job.worker}.${this.number};`;
  }

  private count(): void {
    this.cache.incr(`counter ${this.number % 3}`, 2);
    this.cache.decr(`counter ${this.number % 2}`);
    this.report.added++;
  }

  private store(): void {
    const value = KINDS[(this.number + this.job.worker) % KINDS.length]?.(this.token);
    this.cache.set(['value', this.number % 5], value, { tag: 'values', expire: 1000 });
    this.cache.set('brief', value, { expire: 0.001 });
  }

  private look(): void {
    for (let key = 0; key < 5; key++) {
      const value = this.cache.get(['value', key], null);
      if (value !== null && !isWhole(value)) this.report.wrong.push(`${key} is ${inspect(value).slice(0, 100)}`);
    }
    if (this.number % 10 === 0) for (const [,] of this.cache);
  }

  private win(): void {
    const key = `once ${this.number >> 1}`;
    if (this.cache.add(key, this.token.repeat(1000))) this.report.won.push(key);
  }

  private queue(): void {
    const options = this.number % 2 === 0 ? { prefix: 'jobs' } : {};
    // Now with a file, now without one.
    this.cache.push(this.token.repeat(this.number % 3 === 0 ? 1000 : 1), options);
    this.report.pushed.push(this.token);
    const pulled = this.cache.pull({ ...options, side: this.number % 5 === 0 ? 'back' : 'front' })?.value;
    if (pulled !== undefined) this.report.pulled.push(tokenOf(pulled));
  }

  private transfer(): void {
    const { cache } = this;
    cache.transact(() => {
      cache.incr('from', -1);
      try {
        cache.transact(() => {
          cache.incr('from', 1000);
          cache.set(['value', 0], 'never'.repeat(1000));
          throw new RangeError('taken back');
        });
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
      cache.incr('to', 1);
    });
    const balance = cache.transact(() => Number(cache.get('from')) + Number(cache.get('to')));
    if (balance !== 0) this.report.wrong.push(`balance ${balance}`);
  }

  private remove(): void {
    this.cache.delete(['value', this.number % 7]);
    const value = this.cache.pop(['value', this.number % 3], null);
    if (value !== null && !isWhole(value)) this.report.wrong.push(`popped ${inspect(value).slice(0, 100)}`);
    if (this.number % 9 === 0) this.cache.evict('values');
    if (this.number % 4 === 0) this.cache.expire();
  }

  private guard(): void {
    const { cache } = this;
    const addOne = (): void => {
      const guarded = Number(cache.get('guarded', 0));
      cache.set('guarded', guarded + 1);
      this.report.guarded++;
    };
    this.lock.run(addOne);
    this.rLock.run(() => {
      this.rLock.run(() => {
        const guarded = Number(cache.get('guarded again', 0));
        cache.set('guarded again', guarded + 1);
      });
    });
    this.semaphore.run(() => {
      const inside = Number(cache.incr('inside'));
      if (inside > PERMITS) this.report.wrong.push(`${inside} inside`);
      cache.decr('inside');
    });
  }
}

/** The token that a value is made of. */
export function tokenOf(value: unknown): string {
  return `${String(value).split(';')[0] ?? ''};`;
}
