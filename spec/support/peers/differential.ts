/** Random sequences of operations, run on python-diskcache and on ours side by side: every answer and every table is compared. */
import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { timeSource } from '#lib/kv/database/clock.js';
import { Cache, Deque, ENOVAL, FanoutCache, Index, JSONDisk, type CacheOptions, type Tag } from 'stowage/kv';
import { StowageError } from 'stowage';
import { DISKCACHE_PEER } from './diskcache-peer.js';
import { PeerProcess } from '../children/peer-process.js';

export type Kind = 'cache' | 'fanout' | 'deque' | 'index';

/** When, which operation, and with what. */
export type Op = [at: number, name: string, args: unknown[]];

export interface Sequence {
  seed: number;
  kind: Kind;
  settings: Record<string, unknown>;
  begin: number;
  ops: Op[];
}

/** What is in PYTHON_POOL, in its order. */
const POOL: readonly unknown[] = [
  'a',
  'b',
  'é\u{1F52D}',
  0,
  1,
  -7,
  2 ** 40,
  2n ** 63n - 1n,
  1.5,
  -0.25,
  Buffer.from('bytes'),
  Buffer.alloc(0),
  null,
  true,
  ['t', 1],
  ['t', 2.5],
  'x'.repeat(600),
  Buffer.alloc(700, 'y'),
  'z'.repeat(70_000),
  Buffer.alloc(66_000, 'w'),
  [1, [2.5, null]],
  { k: 'v' },
  2n ** 70n,
  '',
  Infinity,
];
/** What JSON has not. */
const NO_JSON = (index: number): boolean => Buffer.isBuffer(POOL[index]) || POOL[index] === Infinity;
/** Not the numbers among which queues without a prefix count on. */
const KEYS = [...Array(16).keys()].filter((index) => ![1, 2 ** 40, 1.5].includes(POOL[index] as number));
/** Those that may have files come last. */
const BY_SIZE = [...POOL.keys()].sort((one, other) => Number(isLarge(one)) - Number(isLarge(other)));
const TAGS = [null, 'red', 'blue', 7, 1.5];

function isLarge(index: number): boolean {
  return ((POOL[index] as { length?: number } | null)?.length ?? 0) > 500;
}

const LARGE = BY_SIZE.filter(isLarge).length;

/** Numbers that come again for a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Chooses one of several, or the index of a value. */
interface Choose {
  <T>(items: readonly T[]): T;
  value(): number;
  key(): number;
}
type Make = (choose: Choose) => unknown[];

const key: Make = (choose) => [choose.key()];
const nothing: Make = () => [];
/** Never a time at which an operation takes place: what has expired at its very moment is gone here, and not always there. */
const expire = (choose: Choose): number | null => choose([null, null, 0.3, 2.7, 40.1, 3]);
const side = (choose: Choose): string => choose(['front', 'back']);
const prefix = (choose: Choose): string | null => choose([null, 'q', 'r']);
const stored: Make = (choose) => [choose.key(), choose.value(), expire(choose), choose(TAGS)];
const counted: Make = (choose) => [choose.key(), choose([1, 1, -3, 0.5, 2 ** 40]), choose([0, 0, 5, 1.5, null])];

/** Names with what they take; more often what stands more than once. */
const COMMON: Record<string, Make> = {
  set: stored,
  set2: stored,
  set3: stored,
  add: stored,
  get: key,
  get2: key,
  getItem: key,
  has: key,
  delete: key,
  pop: key,
  popItem: key,
  touch: (choose) => [choose.key(), expire(choose)],
  incr: counted,
  decr: counted,
  keys: nothing,
  reversed: nothing,
  size: nothing,
  expire: nothing,
  evict: (choose) => [choose(TAGS.slice(1))],
  clear: nothing,
  stats: (choose) => [choose([true, false]), choose([true, false])],
  check: nothing,
  volume: nothing,
};

const OPERATIONS: Record<Kind, Record<string, Make>> = {
  cache: {
    ...COMMON,
    push: (choose) => [choose.value(), prefix(choose), side(choose), expire(choose), choose(TAGS)],
    pull: (choose) => [prefix(choose), side(choose)],
    peek: (choose) => [prefix(choose), side(choose)],
    peekItem: (choose) => [choose([true, false])],
    sorted: nothing,
    sortedBack: nothing,
    cullLimit: (choose) => [choose([0, 1])],
    tagIndex: (choose) => [choose([true, false])],
    reopen: nothing,
  },
  fanout: COMMON,
  deque: {
    append: (choose) => [choose.value()],
    append2: (choose) => [choose.value()],
    appendLeft: (choose) => [choose.value()],
    extend: (choose) => [[choose.value(), choose.value(), choose.value()]],
    extendLeft: (choose) => [[choose.value(), choose.value()]],
    pop: nothing,
    popLeft: nothing,
    peek: nothing,
    peekLeft: nothing,
    at: (choose) => [choose([0, 1, -1, -3, 5])],
    setAt: (choose) => [choose([0, 1, -1, 4]), choose.value()],
    deleteAt: (choose) => [choose([0, 2, -1, 7])],
    remove: (choose) => [choose.value()],
    count: (choose) => [choose.value()],
    rotate: (choose) => [choose([0, 1, -1, 2, -3, 11])],
    reverse: nothing,
    items: nothing,
    reversed: nothing,
    size: nothing,
    clear: nothing,
  },
  index: {
    set: (choose) => [choose.key(), choose.value()],
    set2: (choose) => [choose.key(), choose.value()],
    get: key,
    has: key,
    delete: key,
    setDefault: (choose) => [choose.key(), choose.value()],
    pop: key,
    popItem: (choose) => [choose([true, false])],
    peekItem: (choose) => [choose([true, false])],
    push: (choose) => [choose.value(), prefix(choose), side(choose)],
    pull: (choose) => [prefix(choose), side(choose)],
    keys: nothing,
    items: nothing,
    reversed: nothing,
    size: nothing,
    clear: nothing,
  },
};

/** The sequence of a seed. To Python True equals 1, and a deque's `remove` and `count` go by that: there it is left out. */
function sequenceOf(seed: number): Sequence {
  const next = random(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
  const kind = pick<Kind>(['cache', 'cache', 'fanout', 'deque', 'index']);
  const takesBack = next() < 0.4;
  // Not together: python-diskcache removes the file of what is peeked at, and a transaction that fails does not bring files back.
  const isJson = (kind === 'cache' || kind === 'fanout') && next() < 0.2;
  const hasFiles = !takesBack && !isJson && next() < 0.6;
  const values = (hasFiles ? BY_SIZE : BY_SIZE.slice(0, POOL.length - LARGE)).filter(
    (index) => (kind !== 'deque' || POOL[index] !== true) && !(isJson && NO_JSON(index)),
  );
  const keys = KEYS.filter((index) => !(isJson && NO_JSON(index)));
  const choose: Choose = Object.assign(pick, { value: () => pick(values), key: () => pick(keys) });
  let now = 1_700_000_000 + Math.floor(next() * 2 ** 20) / 16;
  const begin = now;
  const settings: Record<string, unknown> = {};
  if (kind === 'cache' || kind === 'fanout') {
    settings.eviction_policy = choose([
      'none',
      'least-recently-stored',
      'least-recently-used',
      'least-frequently-used',
    ]);
    settings.cull_limit = choose([0, 1]);
    settings.statistics = choose([0, 1]);
    settings.disk_min_file_size = choose([500, 32_768]);
    // Compressed, a value takes other bytes than Python's.
    settings.size_limit = isJson ? 2 ** 30 : choose([2 ** 30, 300_000, 180_001]) * (kind === 'fanout' ? 2 : 1);
    settings.json = isJson;
    if (kind === 'fanout') Object.assign(settings, { shards: 2, timeout: 60 });
  }
  const names = Object.keys(OPERATIONS[kind]).filter(
    (name) =>
      (name !== 'clear' || next() < 0.3) &&
      !(hasFiles && name.startsWith('peek')) &&
      // Python cannot iterate over the keys of queues that a JSONDisk has written.
      !(isJson && name === 'push'),
  );
  const make = (depth: number): Op => {
    // Steps that are no multiple of a time to expire, and never none.
    now += choose([1 / 64, 0.25, 1.0625, 3.5, 0.001]);
    const at = now;
    if (depth < 2 && next() < 0.06) {
      const count = Math.floor(next() * 6);
      return [
        at,
        'transact',
        [Array.from({ length: count }, () => make(depth + 1)), depth === 0 && takesBack && choose([true, false])],
      ];
      // A failure within is taken back here alone: python-diskcache has one transaction, ours has savepoints.
    }
    const name = choose(names);
    if (depth > 0 && ['reopen', 'check', 'clear', 'tagIndex'].includes(name)) return make(depth);
    return [at, name.replace(/\d$/, ''), OPERATIONS[kind][name]?.(choose) ?? []];
  };
  return { seed, kind, settings, begin, ops: Array.from({ length: 5 + Math.floor(next() * 55) }, () => make(0)) };
}

type Thing = Cache | FanoutCache | Deque | Index;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an operation takes what its maker made
type Run = (thing: any, ...args: any[]) => unknown;

const terms = (seconds: number | null, tag: unknown): object => ({
  ...(seconds !== null && { expire: seconds }),
  ...(tag !== null && { tag }),
});
const queue = (name: string | null, end: string): object => ({ ...(name !== null && { prefix: name }), side: end });
const item = (found: { value: unknown; expireTime?: unknown; tag?: unknown } | undefined): unknown[] => [
  say(found === undefined ? ENOVAL : found.value),
  say(found?.expireTime ?? null),
  say(found?.tag ?? null),
];
const all = (values: Iterable<unknown>): unknown[] => Array.from(values, say);
const keyed = (found: { key: unknown; value: unknown; expireTime?: unknown; tag?: unknown } | undefined): unknown[] => [
  say(found === undefined ? ENOVAL : found.key),
  ...item(found),
];

const OURS_COMMON: Record<string, Run> = {
  set: (c: Cache, k: number, v: number, seconds: number | null, tag: Tag) =>
    say(c.set(POOL[k], POOL[v], terms(seconds, tag))),
  add: (c: Cache, k: number, v: number, seconds: number | null, tag: Tag) =>
    say(c.add(POOL[k], POOL[v], terms(seconds, tag))),
  get: (c: Cache, k: number) => say(c.get(POOL[k], ENOVAL)),
  getItem: (c: Cache, k: number) => item(c.getItem(POOL[k])),
  has: (c: Cache, k: number) => say(c.has(POOL[k])),
  delete: (c: Cache, k: number) => say(c.delete(POOL[k])),
  pop: (c: Cache, k: number) => say(c.pop(POOL[k], ENOVAL)),
  popItem: (c: Cache, k: number) => item(c.popItem(POOL[k])),
  touch: (c: Cache, k: number, seconds: number | null) => say(c.touch(POOL[k], terms(seconds, null))),
  incr: (c: Cache, k: number, delta: number, start: number | null) => say(c.incr(POOL[k], delta, start)),
  decr: (c: Cache, k: number, delta: number, start: number | null) => say(c.decr(POOL[k], delta, start)),
  keys: (c: Cache) => all(c.keys()),
  reversed: (c: Cache) => all(c.keys({ reverse: true })),
  size: (c: Cache) => c.size,
  expire: (c: Cache) => c.expire(),
  evict: (c: Cache, tag: Tag) => c.evict(tag),
  clear: (c: Cache) => c.clear(),
  stats: (c: Cache, enable: boolean, reset: boolean) => {
    const { hits, misses } = c.stats({ enable, reset });
    return [hits, misses];
  },
  check: (c: Cache) => c.check().length,
  volume: (c: Cache) => c.volume(),
};

const OURS: Record<Kind, Record<string, Run>> = {
  cache: {
    ...OURS_COMMON,
    push: (c: Cache, v: number, name: string | null, end: string, seconds: number | null, tag: Tag) =>
      say(c.push(POOL[v], { ...queue(name, end), ...terms(seconds, tag) })),
    pull: (c: Cache, name: string | null, end: string) => keyed(c.pull(queue(name, end))),
    peek: (c: Cache, name: string | null, end: string) => keyed(c.peek(queue(name, end))),
    peekItem: (c: Cache, last: boolean) => {
      const found = c.peekItem({ last });
      return found === undefined ? say(ENOVAL) : keyed(found);
    },
    sorted: (c: Cache) => all(c.keysSorted()),
    sortedBack: (c: Cache) => all(c.keysSorted({ reverse: true })),
    cullLimit: (c: Cache, limit: number) => say(c.reset('cullLimit', limit)),
    tagIndex: (c: Cache, isWanted: boolean) => {
      if (isWanted) c.createTagIndex();
      else c.dropTagIndex();
      return say(null);
    },
    reopen: (c: Cache) => {
      c.close();
      return 'reopened';
    },
  },
  fanout: OURS_COMMON,
  deque: {
    append: (d: Deque, v: number) =>
      done(() => {
        d.append(POOL[v]);
      }),
    appendLeft: (d: Deque, v: number) =>
      done(() => {
        d.appendLeft(POOL[v]);
      }),
    extend: (d: Deque, values: number[]) =>
      done(() => {
        d.extend(values.map((v) => POOL[v]));
      }),
    extendLeft: (d: Deque, values: number[]) =>
      done(() => {
        d.extendLeft(values.map((v) => POOL[v]));
      }),
    pop: (d: Deque) => say(d.pop()),
    popLeft: (d: Deque) => say(d.popLeft()),
    peek: (d: Deque) => say(d.peek()),
    peekLeft: (d: Deque) => say(d.peekLeft()),
    at: (d: Deque, index: number) => say(d.at(index)),
    setAt: (d: Deque, index: number, v: number) => {
      try {
        d.setAt(index, POOL[v]);
        return true;
      } catch (error) {
        if (error instanceof RangeError || error instanceof StowageError) return false;
        throw error;
      }
    },
    deleteAt: (d: Deque, index: number) => d.deleteAt(index),
    remove: (d: Deque, v: number) => d.remove(POOL[v]),
    count: (d: Deque, v: number) => d.count(POOL[v]),
    rotate: (d: Deque, steps: number) =>
      done(() => {
        d.rotate(steps);
      }),
    reverse: (d: Deque) =>
      done(() => {
        d.reverse();
      }),
    items: (d: Deque) => all(d),
    reversed: (d: Deque) => all(d.reversed()),
    size: (d: Deque) => d.length,
    clear: (d: Deque) =>
      done(() => {
        d.clear();
      }),
  },
  index: {
    set: (i: Index, k: number, v: number) => {
      i.set(POOL[k], POOL[v]);
      return say(null);
    },
    get: (i: Index, k: number) => say(i.get(POOL[k], ENOVAL)),
    has: (i: Index, k: number) => i.has(POOL[k]),
    delete: (i: Index, k: number) => i.delete(POOL[k]),
    setDefault: (i: Index, k: number, v: number) => say(i.setDefault(POOL[k], POOL[v])),
    pop: (i: Index, k: number) => say(i.pop(POOL[k], ENOVAL)),
    popItem: (i: Index, last: boolean) => say(i.popItem({ last })),
    peekItem: (i: Index, last: boolean) => say(i.peekItem({ last })),
    push: (i: Index, v: number, name: string | null, end: string) => say(i.push(POOL[v], queue(name, end))),
    pull: (i: Index, name: string | null, end: string) => {
      const [at, value] = i.pull(queue(name, end)) ?? [ENOVAL, ENOVAL];
      return [say(at), say(value)];
    },
    keys: (i: Index) => all(i.keys()),
    items: (i: Index) => all(i.entries()),
    reversed: (i: Index) => Array.from(i.reversed(), ([at]) => say(at)),
    size: (i: Index) => i.size,
    clear: (i: Index) =>
      done(() => {
        i.clear();
      }),
  },
};

function done(act: () => void): unknown {
  act();
  return say(null);
}

/** A value as both sides say it: a float that is an integer is one to JavaScript. */
function say(value: unknown): unknown {
  if (value === null) return ['n'];
  if (value === undefined || value === ENOVAL) return ['none'];
  if (typeof value === 'boolean') return ['b', value];
  if (typeof value === 'bigint') return ['i', String(value)];
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? ['i', String(value)] : ['f', hexOf(value)];
  if (typeof value === 'string') return ['s', value];
  if (Buffer.isBuffer(value)) return ['y', value.toString('hex')];
  if (Array.isArray(value)) return ['l', value.map(say)];
  return ['d', Object.entries(value).map(([name, part]) => [say(name), say(part)])];
}

function hexOf(number: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return bytes.toString('hex');
}

class TakenBack extends Error {}

function run(kind: Kind, thing: Thing, [at, name, args]: Op, clock: { now: number }): unknown {
  clock.now = at;
  if (name === 'transact') {
    const [ops, fails] = args as [Op[], boolean];
    const answers: unknown[] = [];
    try {
      thing.transact(() => {
        for (const op of ops) answers.push(run(kind, thing, op, clock));
        if (fails) throw new TakenBack();
      });
    } catch (error) {
      if (!(error instanceof TakenBack)) throw error;
      answers.push('taken back');
    }
    return answers;
  }
  try {
    return (OURS[kind][name] as Run)(thing, ...args);
  } catch (error) {
    if (error instanceof StowageError) return ['error'];
    throw error;
  }
}

const SETTINGS: Record<string, string> = {
  eviction_policy: 'evictionPolicy',
  cull_limit: 'cullLimit',
  disk_min_file_size: 'diskMinFileSize',
  size_limit: 'sizeLimit',
};

function make({ kind, settings: { json, ...settings } }: Sequence, folder: string): Thing {
  const options = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [SETTINGS[name] ?? name, value]),
  ) as CacheOptions;
  if (json === true) Object.assign(options, { disk: JSONDisk, diskCompressLevel: 1 });
  if (kind === 'cache') return new Cache(folder, options);
  if (kind === 'fanout') return new FanoutCache(folder, options);
  return kind === 'deque' ? new Deque([], { directory: folder }) : new Index(folder);
}

/** Runs sequences on both sides; one Python for all of them. */
export class Differential implements AsyncDisposable {
  private readonly peer: PeerProcess;

  constructor(
    python: string,
    private readonly root: string,
  ) {
    this.peer = new PeerProcess(python, ['-c', DISKCACHE_PEER]);
  }

  /** The first difference, in words; `undefined` where there is none. */
  async differenceOf(sequence: Sequence): Promise<string | undefined> {
    const folder = join(this.root, 'ours');
    const clock = { now: sequence.begin };
    const before = timeSource.present;
    timeSource.present = () => clock.now;
    const thing = make(sequence, folder);
    try {
      // Python makes all tables at once, ours makes them when they are first needed.
      for (const cache of thing instanceof FanoutCache ? thing.shards : [thing])
        expect(cache instanceof Deque ? cache.length : cache.size).to.equal(0);
      const ours = sequence.ops.map((op) => run(sequence.kind, thing, op, clock));
      this.peer.goOn(JSON.stringify({ ...sequence, folder }));
      const { answers, differences } = JSON.parse(await this.peer.line()) as {
        answers: unknown[];
        differences: unknown[][];
      };
      for (const [index, op] of sequence.ops.entries()) {
        const [mine, theirs] = [JSON.stringify(ours[index]), JSON.stringify(answers[index])];
        if (mine !== theirs)
          return `operation ${index}, ${JSON.stringify(op)}: ours ${short(mine)}, Python ${short(theirs)}`;
      }
      return differences.length === 0 ? undefined : `tables (Python, ours): ${JSON.stringify(differences.slice(0, 5))}`;
    } finally {
      timeSource.present = before;
      thing.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The shortest sequence found that still shows a difference. */
  async shrink(sequence: Sequence): Promise<Sequence> {
    let best = sequence;
    for (let size = Math.ceil(best.ops.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < best.ops.length;) {
        const shorter = { ...best, ops: best.ops.toSpliced(at, size) };
        if ((await this.differenceOf(shorter)) === undefined) at += size;
        else best = shorter;
      }
    }
    return best;
  }

  /** Fails with the seed and the shortest sequence where a seed's sequence shows a difference. */
  async expectSame(seed: number): Promise<void> {
    const sequence = sequenceOf(seed);
    if ((await this.differenceOf(sequence)) === undefined) return;
    const shortest = await this.shrink(sequence);
    const difference = await this.differenceOf(shortest);
    expect.fail(`STOWAGE_SEED=${seed}: ${String(difference)}\n${JSON.stringify(shortest)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer[Symbol.asyncDispose]();
  }
}

function short(text: string | undefined): string {
  return String(text).slice(0, 300);
}
