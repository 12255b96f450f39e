/** Arrays in pickles, with a real NumPy at the other end. */
import { expect } from 'chai';
import ndarray, { type NdArray } from 'ndarray';
import { isNdArray } from '#lib/base/language/brand.js';
import { ARRAY_TYPES } from '#lib/codec/npy/dtype.js';
import { unpickle } from '#lib/kv/pickle/read/read.js';
import { pickleKey, pickleValue } from '#lib/kv/pickle/write/write.js';
import { elementBytes } from '../../support/values/arrays.js';
import { requireNumPy, runPython } from '../../support/peers/numpy.js';
import { expectSame } from '../../support/values/same-value.js';

const PROTOCOLS = [0, 1, 2, 3, 4, 5];
/** What NumPy has as well. */
const TYPES = [...ARRAY_TYPES.values()].filter(({ name }) => !/Clamped|Buffer|Float16/.test(name));

/** Says what NumPy reads, and how it would pickle the same itself. */
const LOAD = `
import json, pickle, pickletools, sys
import numpy as np
answers = []
for case in json.load(sys.stdin):
    array = pickle.loads(bytes.fromhex(case['pickle']))
    answers.append({
        'descr': array.dtype.str, 'shape': array.shape, 'elements': array.tobytes('C').hex(),
        'fortran': bool(array.flags.f_contiguous and not array.flags.c_contiguous),
        'writable': bool(array.flags.writeable),
        'version': int(np.__version__.split('.')[0]),
        'pickle': pickletools.optimize(pickle.dumps(array, case['protocol'])).hex(),
    })
json.dump(answers, sys.stdout)
`;

interface Loaded {
  descr: string;
  shape: number[];
  elements: string;
  fortran: boolean;
  writable: boolean;
  version: number;
  pickle: string;
}

/** Pickles of each dtype, byte order, shape, memory order and protocol, with what their elements are. */
const DUMP = `
import itertools, json, pickle, sys
import numpy as np
rng = np.random.default_rng(5)
plain = {'b1': '|u1', 'u1': '|u1', 'i1': '|i1', 'f2': '<f4', 'c8': '<f4', 'c16': '<f8'}
dtypes = ['b1', 'i1', 'u1'] + [o + k for o in '<>' for k in 'i2 i4 i8 u2 u4 u8 f2 f4 f8 c8 c16'.split()]
shapes = [(), (0,), (5,), (2, 3), (1, 4), (3, 1), (2, 0, 3), (2, 3, 4)]
layouts = {'C': np.ascontiguousarray, 'F': np.asfortranarray, 'reversed': lambda a: a[::-1] if a.ndim else a}
answers = []
for dtype, shape, (layout, place) in itertools.product(dtypes, shapes, layouts.items()):
    kind = dtype.lstrip('<>')
    native = np.dtype('<' + kind)
    count = int(np.prod(shape))
    if kind == 'b1':
        base = rng.integers(0, 2, count).astype('?')
    elif native.kind in 'iu':
        base = np.frombuffer(rng.bytes(count * native.itemsize), native)
    else:
        base = rng.standard_normal(count * 2).view('c16' if native.kind == 'c' else 'f8')[:count].astype(native)
    array = place(base.reshape(shape).astype(dtype)).reshape(shape, order='A')
    if layout == 'C': array.flags.writeable = False
    flat = np.ascontiguousarray(array).reshape(-1)
    if kind.startswith('c'):
        flat = flat.astype(native).view(plain[kind])
    answers.append({
        'name': '%s %s %s' % (dtype, shape, layout),
        'shape': array.shape + ((2,) if kind.startswith('c') else ()),
        'plain': plain.get(kind, '<' + kind),
        'fortran': bool(array.flags.f_contiguous and not array.flags.c_contiguous),
        'elements': flat.astype(plain.get(kind, native)).tobytes().hex(),
        'pickles': [dump(array, p).hex() for dump in (pickle.dumps, pickle._dumps) for p in range(6)],
    })
json.dump(answers, sys.stdout)
`;

interface Dumped {
  name: string;
  shape: number[];
  plain: string;
  fortran: boolean;
  elements: string;
  pickles: string[];
}

describe('arrays in pickles and a real NumPy', function () {
  let python = '';

  before(function () {
    python = requireNumPy(this, 'arrays in pickles and a real NumPy');
  });

  it('NumPy reads each array that is written, and writes it the same before protocol 5; it comes back as it was', () => {
    const cases: {
      value: unknown;
      protocol: number;
      pickle: string;
      descr: string;
      shape: number[];
      fortran: boolean;
      elements: string;
    }[] = [];
    for (const type of TYPES) {
      const { bytes, descr } = type;
      const memory = Uint8Array.from({ length: bytes * 24 }, (_, place) => (place * 167 + 13) % 256);
      const data = type.view(memory.buffer, 0, 24) as Float64Array;
      const grid = ndarray(data, [2, 3, 4]);
      const arrays: [unknown, number[]][] = [
        [data, [24]],
        [type.view(memory.buffer.slice(0), 3 * bytes, 2), [2]],
        [type.view(new ArrayBuffer(0), 0, 0), [0]],
        [ndarray(data), [24]],
        [ndarray(data, [], [], 3), []],
        [ndarray(data, [0, 3]), [0, 3]],
        [grid, [2, 3, 4]],
        [grid.transpose(2, 1, 0), [4, 3, 2]],
      ];
      for (const [value, shape] of arrays) {
        for (const protocol of PROTOCOLS) {
          const pickle = pickleValue(value, protocol);
          expect(pickleKey(value, protocol).equals(pickle)).to.equal(true);
          expectSame(withoutGap(unpickle(pickle)), withoutGap(value));
          const fortran = shape[0] === 4;
          cases.push({
            value,
            protocol,
            pickle: pickle.toString('hex'),
            descr,
            shape,
            fortran,
            elements: elementBytes(value).toString('hex'),
          });
        }
      }
    }
    const answers = runPython(
      python,
      LOAD,
      cases.map(({ protocol, pickle }) => ({ protocol, pickle })),
    ) as Loaded[];
    for (const [index, { value, protocol, pickle, descr, shape, fortran, elements }] of cases.entries()) {
      const answer = answers[index] as Loaded;
      const what = `${descr} (${shape.join()}) protocol ${protocol}`;
      expect(answer.descr, what).to.deep.equal(descr);
      expect(answer.shape, what).to.deep.equal(shape);
      expect(answer.fortran, what).to.deep.equal(fortran);
      expect(answer.elements, what).to.deep.equal(elements);
      expect(answer.writable, what).to.equal(true);
      // NumPy 2 calls its modules otherwise; a 1-d ndarray bears our mark.
      if (answer.version === 1 && protocol < 5 && !(isNdArray(value) && shape.length === 1))
        expect(answer.pickle, what).to.equal(pickle);
    }
  });

  it('an array that NumPy writes is read with its elements: dtypes, byte orders, shapes, memory orders, protocols', () => {
    const arrays = runPython(python, DUMP, null) as Dumped[];
    expect(arrays.length).to.be.greaterThan(500);
    for (const { name, shape, plain, fortran, elements, pickles } of arrays) {
      for (const [form, pickle] of pickles.entries()) {
        const what = `${name}, form ${form}`;
        const value = unpickle(Buffer.from(pickle, 'hex'));
        expect(isNdArray(value), what).to.equal(shape.length !== 1 || /^.c/.test(name));
        const data = (isNdArray(value) ? value.data : value) as Float64Array;
        expect(data.constructor.name, what).to.equal(TYPES.find(({ descr }) => descr === plain)?.name);
        expect(isNdArray(value) ? value.shape : [data.length], what).to.deep.equal(shape);
        expect(elementBytes(value).toString('hex'), what).to.equal(elements);
        if (fortran) expect((value as NdArray).stride[0], what).to.equal(/^.c/.test(name) ? 2 : 1);
      }
    }
  });

  it("NumPy's numbers are read as numbers, bigints and booleans, and arrays among other data as those", () => {
    const NUMBERS = `
import json, pickle, sys
import numpy as np
one = np.arange(3, dtype='<i2')
values = [np.float64(1.5), np.float32(0.1), np.float16(0.5), np.int8(-1), np.uint64(2**64 - 1), np.int64(-2**53), np.int64(7), np.bool_(True), np.bool_(False), np.float64('-0.0'), {'a': one, 'b': [one, np.zeros((1, 2))]}]
json.dump([pickle.dumps(values, p).hex() for p in range(6)], sys.stdout)
`;
    for (const pickle of runPython(python, NUMBERS, null) as string[]) {
      const values = unpickle(Buffer.from(pickle, 'hex')) as unknown[];
      const { a, b } = values.pop() as { a: unknown; b: unknown[] };
      expectSame(values, [1.5, Math.fround(0.1), 0.5, -1, 2n ** 64n - 1n, -(2n ** 53n), 7, true, false, -0]);
      expectSame(a, Int16Array.of(0, 1, 2));
      expect(b[0]).to.equal(a);
      expectSame(b[1], ndarray(Float64Array.of(0, 0), [1, 2]));
    }
  });

  it('arrays of anything but numbers are refused by the name of their dtype', () => {
    const OTHERS = `
import json, pickle, sys
import numpy as np
class Sub(np.ndarray): pass
values = {
    'datetime': np.array(['2024-01-01'], 'M8[D]'), 'timedelta': np.array([1], 'm8[s]'), 'string': np.array(['ab']), 'string (bytes)': np.array([b'ab']),
    'object': np.array([{}], 'O'), 'structured': np.array([(1, 2.)], 'i4,f8'), 'longdouble': np.zeros(1, 'f16'), 'complex scalar': np.complex128(1j),
    'a dtype': np.dtype('f8'), 'datetime scalar': np.datetime64('2024-01-01'),
}
sub = {'__main__': pickle.dumps(np.zeros(2).view(Sub)).hex(), 'numpy.ma': pickle.dumps(np.ma.array([1])).hex(), 'matrix': pickle.dumps(np.matrix([1])).hex()}
json.dump([[name, pickle.dumps(value, p).hex()] for name, value in values.items() for p in range(6)] + list(sub.items()), sys.stdout)
`;
    const pickles = runPython(python, OTHERS, null) as [name: string, pickle: string][];
    for (const [name, pickle] of pickles) {
      expect(() => unpickle(Buffer.from(pickle, 'hex')), name)
        .to.throw()
        .with.property('code', 'STOWAGE_PICKLE');
      expect(() => unpickle(Buffer.from(pickle, 'hex')), name).to.throw(name.replace(' scalar', ''));
    }
  });
});

/** An ndarray in memory without gaps, as it comes back; a typed array in memory of its own length. */
function withoutGap(value: unknown): unknown {
  if (!isNdArray(value)) return (value as Float64Array).slice();
  const fortran = value.shape[0] === 4;
  const data = value.data as Float64Array;
  const size = value.shape.reduce((product, length) => product * length, 1);
  return ndarray(data.slice(value.offset, value.offset + size), [...value.shape], fortran ? [1, 4, 12] : undefined);
}
