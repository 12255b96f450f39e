/** The writer against CPython's own pickler, and the reader on what CPython writes. */
import { expect } from 'chai';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { unpickle } from '#lib/kv/pickle/read/read.js';
import { PickleError } from '#lib/kv/pickle/errors.js';
import { pickleKey, pickleValue } from '#lib/kv/pickle/write/write.js';
import { requireNumPy, runPython } from '../../support/peers/numpy.js';
import { DESCRIBED, describeValue, plainData } from './described.js';

const PROTOCOLS = [0, 1, 2, 3, 4, 5];

/** For each description: bytes of an optimised pickle with tuples, one with lists, and one as it comes, by protocol. */
const PICKLE = `
import json, pickle, pickletools, sys
${DESCRIBED}
answers = []
for description in json.load(sys.stdin):
    key, value = build(description, tuple), build(description, list)
    answers.append([[
        pickletools.optimize(pickle.dumps(key, protocol)).hex(),
        pickletools.optimize(pickle.dumps(value, protocol)).hex(),
        pickle.dumps(value, protocol).hex(),
        pickle._dumps(key, protocol).hex(),
    ] for protocol in range(6)])
json.dump(answers, sys.stdout)
`;

type Answer = [key: string, value: string, dumped: string, dumpedByPython: string];

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
const named = (length: number): Record<string, number> =>
  Object.fromEntries(range(length).map((index) => [`k${index}`, index]));

/** Where batches, frames and the forms of a length change. */
const LIMITS: unknown[] = [
  ...[0, 1, 2, 3, 4, 999, 1000, 1001, 2000, 2001].flatMap((length) => [range(length), named(length)]),
  ...[255, 256, 65530, 65531, 65532, 65536].flatMap((length) => [
    'x'.repeat(length),
    [Buffer.alloc(length, 7), 'after'],
    ['é'.repeat(length / 2), Buffer.alloc(length), 1],
  ]),
  // Frames that end between opcodes, right before a memo opcode, and at the end.
  ...range(3).map((extra) => [...range(6551).map((index) => `string ${1000 + (index % 3000)}`), 'x'.repeat(extra)]),
  ...range(6).map((extra) => ['x'.repeat(65520 + extra), 'again', 'again', 'x'.repeat(65520 + extra)]),
  // More than 255 objects in the memo, all of them fetched.
  [range(300).map((index) => `s${index}`), range(300).map((index) => `s${index}`)],
  [2n ** 2039n - 1n, 2n ** 2039n, -(2n ** 2039n), -(2n ** 2039n) - 1n, 10n ** 4000n],
  range(400).reduce<unknown[]>((inner) => [inner], []),
];

describe('pickles and a real Python', function () {
  let python = '';

  before(function () {
    python = requireNumPy(this, 'pickles and a real Python');
  });

  /** Compares both ways, in one process. Equal Buffers of up to one byte are one object in Python, and in our keys alone. */
  function compare(values: readonly unknown[], { keysAlone = false } = {}): void {
    const answers = runPython(python, PICKLE, values.map(describeValue)) as Answer[][];
    expect(answers.length).to.equal(values.length);
    for (const [index, value] of values.entries()) {
      for (const protocol of PROTOCOLS) {
        const [key, list, dumped, dumpedByPython] = (answers[index] as Answer[])[protocol] as Answer;
        const what = (): string => `protocol ${protocol}, ${JSON.stringify(describeValue(value)).slice(0, 300)}`;
        if (pickleKey(value, protocol).toString('hex') !== key) expect.fail(`another key: ${what()}`);
        if (!keysAlone && pickleValue(value, protocol).toString('hex') !== list)
          expect.fail(`another value: ${what()}`);
        for (const pickle of [key, list, dumped, dumpedByPython]) {
          if (!isDeepStrictEqual(unpickle(Buffer.from(pickle, 'hex')), value))
            expect.fail(`read as something else: ${what()}`);
        }
      }
    }
  }

  it('a key and a value are pickled byte for byte as Python does, and read from what Python writes', () => {
    compare(fc.sample(plainData(0), { numRuns: 700, seed: 4 }), { keysAlone: true });
    compare(fc.sample(plainData(2), { numRuns: 700, seed: 5 }));
  });

  it('so are those at the limits of batches, frames, memo numbers and lengths', () => {
    compare(LIMITS);
  });

  it('Dates are the datetimes that Python writes, in keys and in values', () => {
    const DATETIMES = `
import json, pickle, pickletools, sys
from datetime import datetime, timedelta, timezone
utc = timezone.utc
def all(value): return [pickletools.optimize(pickle.dumps(value, p)).hex() for p in range(6)]
one, two = datetime(2024, 1, 2, 3, 4, 5, 6000, tzinfo=utc), datetime(1, 12, 31, tzinfo=utc)
there = timezone(timedelta(hours=-5, minutes=-30), 'there')
json.dump([all(('at', one)), all([one, two]), all([datetime(2024, 1, 2, 3, 4, 5, tzinfo=there)]), all(datetime(2024, 1, 2)), all(datetime(2024, 1, 2, 0, 0, 0, 1, tzinfo=utc)), all(timedelta(1)), all(utc)], sys.stdout)
`;
    const [one, two] = [new Date('2024-01-02T03:04:05.006Z'), new Date('0001-12-31T00:00:00Z')];
    const [key, list, there, ...others] = runPython(python, DATETIMES, []) as string[][];
    expect(PROTOCOLS.map((protocol) => pickleKey(['at', one], protocol).toString('hex'))).to.eql(key);
    expect(PROTOCOLS.map((protocol) => pickleValue([one, two], protocol).toString('hex'))).to.eql(list);
    for (const pickle of list ?? []) expect(unpickle(Buffer.from(pickle, 'hex'))).to.eql([one, two]);
    for (const pickle of there ?? [])
      expect(unpickle(Buffer.from(pickle, 'hex'))).to.eql([new Date('2024-01-02T08:34:05Z')]);
    const refused = [/without a timezone/, /finer than a Date/, /a timedelta is not read/, /a timezone is not read/];
    for (const [index, message] of refused.entries()) {
      for (const pickle of others[index] ?? [])
        expect(() => unpickle(Buffer.from(pickle, 'hex'))).to.throw(PickleError, message);
    }
  });

  it('sets are written as Python writes sets of the same order', () => {
    const SETS = `
import json, pickle, pickletools, sys
${DESCRIBED}
json.dump([[pickletools.optimize(pickle.dumps(build(d, list), p)).hex() for p in range(6)] for d in json.load(sys.stdin)], sys.stdout)
`;
    // Small whole numbers stand in order in Python's sets.
    const sets = [0, 1, 2, 3, 1000, 1001].map((length) => [new Set(range(length)), new Set(range(1))]);
    const answers = runPython(python, SETS, sets.map(describeValue)) as string[][];
    for (const [index, set] of sets.entries()) {
      const pickles = PROTOCOLS.map((protocol) => pickleValue(set, protocol).toString('hex'));
      expect(pickles).to.deep.equal(answers[index]);
    }
  });

  it('what else Python has is read as its counterpart, by whatever opcodes it was written', () => {
    const WRITE = `
import collections, json, pickle, sys
class Shared: pass
t = (1, 'x'); l = [1]; l.append(l); d = {}; d['self'] = d; r = ([],); r[0].append(r)
values = {
    'tuple keys': {(1, 2): 'a', None: b'b', 3: [4]}, 'empty': {}, 'mixed': {'a': 1, 2: 'b'}, 'true': {True: {False: None}},
    'frozen': frozenset([1, (2, 3)]), 'set': {'a'}, 'nested': [{'s': {1}, 'f': frozenset()}], 'bytearray': [bytearray(b'ab'), bytearray()],
    'ordered': collections.OrderedDict([('b', 1), ('a', collections.OrderedDict())]), 'twice': [t, t, {'t': t}],
    'list in itself': l, 'dict in itself': d, 'tuple in itself': r, 'proto': {'__proto__': {'a': 1}, 'b': 2},
    'integers': [2**53 - 1, 2**53, -2**53 + 1, -2**53, 2**31, -2**31 - 1, 10**30], 'float': [1.0, -0.0, 1e300], 'bytes': [b'', b'a', bytes(range(256))],
}
json.dump({name: [dump(value, p).hex() for dump in (pickle.dumps, pickle._dumps) for p in range(6)] for name, value in values.items()}, sys.stdout)
`;
    const list: unknown[] = [1];
    list.push(list);
    const dict: { self?: unknown } = {};
    dict.self = dict;
    const inner: unknown[] = [];
    const tuple = [inner];
    inner.push(tuple);
    const pair = [1, 'x'];
    const expected: Record<string, unknown> = {
      'tuple keys': new Map<unknown, unknown>([
        [[1, 2], 'a'],
        [null, Buffer.from('b')],
        [3, [4]],
      ]),
      'empty': {},
      'mixed': new Map<unknown, unknown>([
        ['a', 1],
        [2, 'b'],
      ]),
      'true': new Map([[true, new Map([[false, null]])]]),
      'frozen': new Set([1, [2, 3]]),
      'set': new Set(['a']),
      'nested': [{ s: new Set([1]), f: new Set() }],
      'bytearray': [Buffer.from('ab'), Buffer.alloc(0)],
      'ordered': { b: 1, a: {} },
      'twice': [pair, pair, { t: pair }],
      'list in itself': list,
      'dict in itself': dict,
      'tuple in itself': tuple,
      'proto': JSON.parse('{"__proto__": {"a": 1}, "b": 2}') as unknown,
      'integers': [2 ** 53 - 1, 2n ** 53n, -(2 ** 53) + 1, -(2n ** 53n), 2 ** 31, -(2 ** 31) - 1, 10n ** 30n],
      'float': [1, -0, 1e300],
      'bytes': [Buffer.alloc(0), Buffer.from('a'), Buffer.from(range(256))],
    };
    const pickles = runPython(python, WRITE, null) as Record<string, string[]>;
    expect(Object.keys(pickles)).to.deep.equal(Object.keys(expected));
    for (const [name, forms] of Object.entries(pickles)) {
      for (const [form, pickle] of forms.entries()) {
        const value = unpickle(Buffer.from(pickle, 'hex'));
        if (!isDeepStrictEqual(value, expected[name])) expect.fail(`${name}, form ${form}, is read as something else`);
      }
      const again = unpickle(Buffer.from(forms[0] as string, 'hex')) as Record<number, unknown>;
      if (name === 'twice') expect(again[0]).to.equal(again[1]);
      if (name === 'list in itself') expect(again[1]).to.equal(again);
    }
    expect(({} as { a?: unknown }).a).to.equal(undefined);
  });

  it("a value of JavaScript's own is an error in plain words to Python, and our bigints are its ints", () => {
    const LOAD = `
import json, pickle, sys
answers = []
for pickled in json.load(sys.stdin):
    try:
        answers.append(repr(pickle.loads(bytes.fromhex(pickled))))
    except Exception as error:
        answers.append('%s: %s' % (type(error).__name__, error))
json.dump(answers, sys.stdout)
`;
    const say = (what: string): string =>
      `ModuleNotFoundError: No module named 'a JavaScript ${what}, which Python has no counterpart for (written by stowage)'`;
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const cases: [value: unknown, answer: string][] = [
      [new Map([[1, 2]]), say('Map')],
      [
        { when: [new Date(0), new Date('9999-12-31T23:59:59.999Z'), new Date('0001-01-01T00:00:00.001Z')] },
        "{'when': [datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), " +
          'datetime.datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=datetime.timezone.utc), ' +
          'datetime.datetime(1, 1, 1, 0, 0, 0, 1000, tzinfo=datetime.timezone.utc)]}',
      ],
      [[new Date(NaN)], say('Date out of the calendar of Python')],
      [cycle, say('cyclic structure')],
      [[undefined], say('undefined')],
      [new Uint8ClampedArray(2), say('Uint8ClampedArray')],
      [
        [0n, -1n, 127n, 128n, -128n, 2n ** 53n - 1n, 2n ** 100n],
        '[0, -1, 127, 128, -128, 9007199254740991, 1267650600228229401496703205376]',
      ],
      [[-(10n ** 5000n) + 10n ** 5000n - 7n], '[-7]'],
    ];
    const pickles = cases.flatMap(([value]) =>
      PROTOCOLS.map((protocol) => pickleValue(value, protocol).toString('hex')),
    );
    expect(runPython(python, LOAD, pickles)).to.deep.equal(cases.flatMap(([, answer]) => PROTOCOLS.map(() => answer)));
  });

  it('an integer of more digits than Python takes as a decimal is still one that it reads', () => {
    const SAME = `import json, pickle, sys; json.dump([pickle.loads(bytes.fromhex(p)) == 10**5000 for p in json.load(sys.stdin)], sys.stdout)`;
    const pickles = PROTOCOLS.map((protocol) => pickleValue(10n ** 5000n, protocol));
    expect(
      runPython(
        python,
        SAME,
        pickles.map((pickle) => pickle.toString('hex')),
      ),
    ).to.deep.equal(PROTOCOLS.map(() => true));
    for (const pickle of pickles) expect(unpickle(pickle)).to.equal(10n ** 5000n);
  });
});
