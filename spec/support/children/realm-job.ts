/** Asks an analyzer of another realm than Node's for its results, twice, and says what came of it as JSON. */
import { cacheOnDisk, configure, events, setTag, setTmpdir } from 'stowage';
import { Bucket, persist } from 'stowage/memo';
import { Cache } from 'stowage/kv';

const [tmpdir = ''] = (globalThis as unknown as { args: string[] }).args;

const told: string[] = [];
for (const type of ['fault', 'uncacheable', 'corrupt', 'mutated', 'stale'] as const) {
  events.on(type, ({ method, reason, error }) => told.push(`${type} ${method} ${error?.message ?? reason ?? ''}`));
}

const ran: string[] = [];
const values: Record<string, () => unknown> = {
  number: () => 3,
  array: () => new Float64Array(300_000).fill(1),
  plain: () => ({ a: [1, { b: 'c' }] }),
  held: () => ({
    map: new Map([[1, new Set([2])]]),
    date: new Date(5),
    regexp: /x/g,
    error: new TypeError('t', { cause: new RangeError('c') }),
    view: Uint16Array.of(1, 2),
    bytes: Buffer.from('abc'),
    url: new URL('http://x/y'),
    big: 5n,
  }),
  later: async () => Promise.resolve(new Map([[1, 2]])),
};

class Analysis {
  of(...args: unknown[]): number {
    ran.push(`of ${Object.prototype.toString.call(args[0])}`);
    return args.length;
  }
}
cacheOnDisk(Analysis.prototype, 'of');
for (const [name, value] of Object.entries(values)) {
  Object.defineProperty(Analysis.prototype, name, {
    configurable: true,
    writable: true,
    value() {
      ran.push(name);
      return value();
    },
  });
  cacheOnDisk(Analysis.prototype, name as 'of');
}
configure({ claimWait: 5 });

function analysis(): Analysis & Record<string, () => unknown> {
  const made = new Analysis() as Analysis & Record<string, () => unknown>;
  setTmpdir(made, tmpdir);
  setTag(made, 't');
  return made;
}

/** The classes inside a value, which must be those of this realm. */
function classesOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  const { constructor } = value as { constructor: { name: string } };
  const isOurs = [Object, Map, Set, Date, RegExp, TypeError, Float64Array, Uint16Array, Buffer, URL].includes(
    constructor as never,
  );
  const parts = isOurs && constructor === (Object as unknown) ? Object.values(value).map(classesOf).join() : '';
  return `${isOurs ? '' : 'foreign '}${constructor.name}(${parts})`;
}

const different: string[] = [];
for (const name of Object.keys(values)) {
  const [one, other] = [classesOf(await analysis()[name]?.()), classesOf(await analysis()[name]?.())];
  if (one !== other) different.push(`${name}: ${one}, then ${other}`);
}
for (const arg of [
  new Map([[1, 2]]),
  new Set([1]),
  new Date(3),
  new Float32Array(5000),
  { a: 1 },
  [1],
  Buffer.from('x'),
  /x/,
]) {
  analysis().of(arg);
  analysis().of(arg);
}
const count = (x: number): Map<number, Date> => {
  ran.push('count');
  return new Map([[x, new Date(x)]]);
};
for (let i = 0; i < 2; i++) {
  persist(count, { cache: `${tmpdir}/persist` })(1);
  new Bucket(`${tmpdir}/bucket`).wrap(count)(1);
}
const cache = new Cache(`${tmpdir}/kv`);
const kept = [new Map([[1, 'x']]), Buffer.alloc(100_000), new Uint8Array(5), 'x'.repeat(100_000), [1, { a: 2 }]];
kept.forEach((value, key) => {
  cache.set(key, value);
  const found = classesOf(cache.get(key));
  if (found !== classesOf(value)) different.push(`kv ${String(key)}: ${classesOf(value)}, then ${found}`);
});
cache.close();
process.stdout.write(JSON.stringify({ ran, told, different }));
