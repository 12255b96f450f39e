/** What methods do: the steps of a plan, as questions that the library's objects and the oracle each answer in their way. */
import { Table, tableFromArrays } from 'apache-arrow';
import ndarray, { type NdArray } from 'ndarray';
import type { Kind, Step, Whom } from './plan.js';

export type Request =
  | { ask: 'parameter'; of: Whom; name: 0 | 1 }
  | { ask: 'file'; file: number }
  | { ask: 'call'; of: Whom; method: number; n: number }
  | { ask: 'help'; of: Whom; n: number }
  | { ask: 'dataset' };

/** Each question is answered with a list: one answer for each object that it is put to. */
export type Body = Generator<Request, number, readonly unknown[]>;

type Take<K extends Step['take']> = (step: Extract<Step, { take: K }>, sum: number, n: number) => Body;

const fallback = 7;

function* ask(request: Request, catches = false): Body {
  try {
    return (yield request).reduce((sum: number, answer) => mixed(sum, numberIn(answer)), 0);
  } catch (error) {
    if (!catches) throw error;
    return fallback;
  }
}

const takes: { [K in Step['take']]: Take<K> } = {
  parameter: ({ of, name }) => ask({ ask: 'parameter', of, name }),
  *file({ file }) {
    const [text] = yield { ask: 'file', file };
    if (text === 'bad') throw new Error('a bad file');
    return String(text).length;
  },
  call: ({ of, method, n: own, catches }, _, n) =>
    ask({ ask: 'call', of, method, n: own === 'same' ? n : own }, catches),
  help: ({ of, catches }, _, n) => ask({ ask: 'help', of, n }, catches),
  dataset: () => ask({ ask: 'dataset' }),
  // eslint-disable-next-line require-yield -- it asks nothing
  *check(_, sum) {
    if (sum % 3 === 1) throw new Error('a bad sum');
    return 1;
  },
  // eslint-disable-next-line require-yield -- it asks nothing
  *fold(_, sum) {
    return sum;
  },
};

/** Runs steps one after the other; a `fold` makes many sums one, so that other ingredients may give the same result. */
export function* bodyOf(steps: readonly Step[], n: number): Body {
  let sum = n;
  for (const step of steps) {
    const taken = yield* takes[step.take](step as never, sum, n);
    sum = step.take === 'fold' ? sum % 2 : mixed(sum, taken);
  }
  return sum;
}

function mixed(sum: number, next: number): number {
  return (sum * 31 + next + 1) % 1009;
}

/** What the helper of a class makes of a sum. */
export function shifted(sum: number, shift: number): number {
  return (sum + shift) % 1009;
}

/** A result of each kind, made of a number, and the number that it was made of. */
const results: Record<Kind, { make: (sum: number) => unknown; number: (result: never) => number }> = {
  number: { make: (sum) => sum + 0.1, number: (result: number) => Math.floor(result) },
  object: {
    make: (sum) => ({ sum, nested: { text: String(sum) } }),
    number: (result: { sum: number }) => result.sum,
  },
  typed: {
    make: (sum) => Uint16Array.of(sum, 2, sum),
    number: (result: Uint16Array) => result[0] ?? NaN,
  },
  ndarray: {
    make: (sum) => ndarray(Float64Array.of(sum, 1, 2, 3), [2, 2]).transpose(1, 0),
    number: (result: NdArray<Float64Array>) => result.get(0, 0),
  },
  table: {
    make: (sum) => tableFromArrays({ sum: Int32Array.of(sum, 1), name: ['a', null] }),
    number: (result: Table) => Number(result.get(0)?.toJSON().sum),
  },
  undefined: { make: () => undefined, number: () => 5 },
  map: {
    make: (sum) => new Map([['sum', BigInt(sum)]]),
    number: (result: Map<string, bigint>) => Number(result.get('sum')),
  },
  function: { make: (sum) => () => sum, number: (result: () => number) => result() },
};

export function resultOf(kind: Kind, sum: number): unknown {
  return results[kind].make(sum);
}

/** The kind of a result. */
export function kindOf(result: unknown): Kind {
  if (result instanceof Table) return 'table';
  if (result instanceof Uint16Array) return 'typed';
  if (result instanceof Map) return 'map';
  if (typeof result !== 'object' || result === null) return typeof result as Kind;
  return 'shape' in result ? 'ndarray' : 'object';
}

/** The number that a result was made of. */
export function numberIn(result: unknown): number {
  return results[kindOf(result)].number(result as never);
}
