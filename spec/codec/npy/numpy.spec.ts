import { isNdArray } from '#lib/base/language/brand.js';
import { ARRAY_TYPES } from '#lib/codec/npy/dtype.js';
import { formatNpyHeader } from '#lib/codec/npy/header.js';
import { npyCodec } from '#lib/codec/npy/npy.js';
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray, { type NdArray } from 'ndarray';
import { elementBytes } from '../../support/values/arrays.js';
import { decodeFile, encodeFile } from '../../support/values/codec-round-trip.js';
import { requireNumPy, runPython } from '../../support/peers/numpy.js';

/** One array of ours, told to NumPy as memory, shape and strides, and the file that the codec made of it. */
interface Written {
  name: string;
  file: string;
  descr: string;
  memory: string;
  shape: number[];
  strides: number[];
  offset: number;
}

interface Loaded {
  saved: string;
  descr: string;
  shape: number[];
  fortran: boolean;
  elements: string;
  expected: string;
}

/** Rebuilds each array over the same memory, saves it, and loads the file that was written for it. */
const CHECK_WRITTEN = `
import io, json, sys
import numpy as np
answers = []
for case in json.load(sys.stdin):
    memory = bytearray.fromhex(case['memory']) or bytearray(16)
    array = np.ndarray(tuple(case['shape']), case['descr'], memory, case['offset'], tuple(case['strides']))
    saved = io.BytesIO()
    np.save(saved, array)
    loaded = np.load(case['file'])
    answers.append({
        'saved': saved.getvalue().hex(),
        'descr': loaded.dtype.str,
        'shape': loaded.shape,
        'fortran': loaded.flags.f_contiguous and not loaded.flags.c_contiguous,
        'elements': loaded.tobytes('C').hex(),
        'expected': array.tobytes('C').hex(),
    })
json.dump(answers, sys.stdout)
`;

/** Saves arrays of each dtype, byte order, shape, memory order and version; says what their elements are. */
const WRITE_ALL = `
import itertools, json, os, sys, warnings
import numpy as np
folder = json.load(sys.stdin)
rng = np.random.default_rng(5)
plain = {'b1': '|u1', 'u1': '|u1', 'i1': '|i1', 'f2': '<f4', 'c8': '<f4', 'c16': '<f8'}
dtypes = ['b1', 'i1', 'u1'] + [o + k for o in '<>' for k in 'i2 i4 i8 u2 u4 u8 f2 f4 f8 c8 c16'.split()]
shapes = [(), (0,), (1,), (5,), (2, 3), (1, 4), (3, 1), (2, 0, 3), (2, 3, 4), (2, 1, 3, 2), (1, 1, 1, 1, 1), (1,) * 32]
layouts = {
    'C': lambda a: np.ascontiguousarray(a).reshape(a.shape),
    'F': lambda a: np.asfortranarray(a).reshape(a.shape, order='F'),
    'reversed': lambda a: a[tuple(slice(None, None, -1) for _ in a.shape)],
    'gaps': lambda a: np.repeat(a, 2, axis=0)[::2] if a.ndim else a,
    'swapped': lambda a: np.ascontiguousarray(a.swapaxes(0, -1)).swapaxes(0, -1) if a.ndim else a,
    'broadcast': lambda a: np.broadcast_to(a, (2,) + a.shape) if a.ndim < 32 else a,
}
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
        base[:1], base[1:2], base[2:3] = -0.0, np.nan, np.inf
    array = place(base.reshape(shape).astype(dtype))
    for version in [(1, 0), (2, 0), (3, 0)] if layout in 'CF' else [(1, 0)]:
        file = os.path.join(folder, '%d.npy' % len(answers))
        with open(file, 'wb') as out:
            with warnings.catch_warnings():
                warnings.simplefilter('ignore')
                np.lib.format.write_array(out, array, version=version)
        flat = np.ascontiguousarray(array).reshape(-1)
        if kind.startswith('c'):
            flat = flat.astype(native).view(plain[kind])
        answers.append({
            'name': '%s %s %s %s' % (dtype, shape, layout, version),
            'file': file,
            'shape': array.shape + ((2,) if kind.startswith('c') else ()),
            'isComplex': kind.startswith('c'),
            'plain': plain.get(kind, '<' + kind),
            'fortran': bool(array.flags.f_contiguous and not array.flags.c_contiguous),
            'elements': flat.astype(plain.get(kind, native)).tobytes().hex(),
        })
json.dump(answers, sys.stdout)
`;

/** Headers alone: a shape may be larger than any array. */
const WRITE_HEADERS = `
import io, json, sys
import numpy as np
answers = []
for case in json.load(sys.stdin):
    header = {'descr': '<f8', 'fortran_order': case['fortranOrder'], 'shape': tuple(case['shape'])}
    out = io.BytesIO()
    try:
        np.lib.format.write_array_header_1_0(out, header)
    except ValueError:
        np.lib.format.write_array_header_2_0(out, header)
    answers.append(out.getvalue().hex())
json.dump(answers, sys.stdout)
`;

interface Saved {
  name: string;
  file: string;
  shape: number[];
  isComplex: boolean;
  plain: string;
  fortran: boolean;
  elements: string;
}

const SHAPES = [[], [0], [1], [12], [3, 4], [1, 12], [12, 1], [2, 0, 3], [2, 3, 2], [2, 1, 3, 2], [1, 1, 1, 1, 1]];

/** Ways to look at one array: transposed, reversed, with steps, parts of it, repeated. */
function* viewsOf(array: NdArray<Float64Array>): Generator<NdArray<Float64Array>> {
  const { shape, dimension } = array;
  yield array;
  yield array.transpose(...[...shape.keys()].reverse());
  if (dimension === 0) return;
  yield array.step(-1);
  yield array.step(...shape.map(() => 2));
  yield array.lo(...shape.map((length) => Math.floor(length / 2)));
  yield array.hi(...shape.map((length) => Math.ceil(length / 2)));
  if (dimension > 1) yield array.transpose(...[...shape.keys()].slice(1), 0);
  if (dimension > 2) yield array.transpose(1, 0, ...[...shape.keys()].slice(2)).step(1, -1);
  if (array.size > 0) yield ndarray(array.data, [3, ...shape], [0, ...array.stride], array.offset);
}

describe('npy files and a real NumPy', function () {
  let python = '';
  let folder = '';

  before(function () {
    python = requireNumPy(this, 'npy files and a real NumPy');
    folder = mkdtempSync(join(tmpdir(), 'npy-numpy-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('numpy.save writes the same bytes, and numpy.load reads the same array, of every dtype, shape and stride', () => {
    const cases: (Written & { bytes: string; order: boolean })[] = [];
    for (const type of ARRAY_TYPES.values()) {
      if (type.prototype === undefined) continue;
      const memory = Uint8Array.from({ length: type.bytes * 36 }, (_, place) => (place * 167 + 13) % 256);
      const data = type.view(memory.buffer, 0, 36) as Float64Array;
      const arrays: [string, unknown, NdArray<Float64Array>][] = [
        [type.name, data, ndarray(data)],
        [`part of ${type.name}`, data.subarray(3, 8), ndarray(data, [5], [1], 3)],
        [`empty ${type.name}`, data.subarray(0, 0), ndarray(data, [0])],
      ];
      for (const shape of SHAPES) {
        for (const view of viewsOf(ndarray(data, shape, undefined, 7))) arrays.push(['ndarray', view, view]);
      }
      for (const [what, value, { shape, stride, offset }] of arrays) {
        const { bytes } = encodeFile(npyCodec, value);
        const file = join(folder, `${String(cases.length)}.npy`);
        writeFileSync(file, bytes);
        cases.push({
          name: `${what} of ${type.name}, shape ${shape.join()}, strides ${stride.join()}, offset ${String(offset)}`,
          file,
          descr: type.descr,
          memory: Buffer.from(memory).toString('hex'),
          shape: [...shape],
          strides: stride.map((distance) => distance * type.bytes),
          // NumPy looks at the offset of an empty array too.
          offset: shape.includes(0) ? 0 : offset * type.bytes,
          bytes: Buffer.from(bytes).toString('hex'),
          order: Buffer.from(bytes).includes("'fortran_order': True"),
        });
      }
    }
    const answers = runPython(python, CHECK_WRITTEN, cases) as Loaded[];
    expect(answers.length).to.equal(cases.length).and.to.be.greaterThan(800);
    for (const [place, { name, descr, shape, bytes, order }] of cases.entries()) {
      const loaded = answers[place];
      expect(loaded?.saved, `${name}: bytes of numpy.save`).to.equal(bytes);
      expect(loaded?.elements, `${name}: elements`).to.equal(loaded?.expected);
      expect(loaded?.descr, name).to.deep.equal(descr);
      expect(loaded?.shape, name).to.deep.equal(shape);
      expect(loaded?.fortran, name).to.deep.equal(order);
    }
    expect(cases.filter(({ order }) => order).length).to.be.greaterThan(40);
  });

  it('each file that NumPy writes is read: dtypes, byte orders, shapes, memory orders and versions', () => {
    const files = runPython(python, WRITE_ALL, folder) as Saved[];
    expect(files.length).to.be.greaterThan(2000);
    for (const { name, file, shape, isComplex, plain, fortran, elements } of files) {
      const value = decodeFile(npyCodec, readFileSync(file));
      expect(isNdArray(value), name).to.equal(isComplex || shape.length !== 1);
      const data = (isNdArray(value) ? value.data : value) as Float64Array;
      const plainType = [...ARRAY_TYPES.values()].find(({ descr, name: type }) => descr === plain && type !== 'Buffer');
      expect(data.constructor.name, name).to.equal(plainType?.name);
      expect(isNdArray(value) ? value.shape : [data.length], name).to.deep.equal(shape);
      expect(elementBytes(value).toString('hex'), name).to.equal(elements);
      if (isComplex) continue;
      const written = Buffer.from(encodeFile(npyCodec, value).bytes).toString('latin1');
      expect(written.includes("'fortran_order': True"), name).to.equal(fortran);
    }
  });

  it('the header of any shape is the one that NumPy writes, whatever padding its length needs', () => {
    const shapes: number[][] = [[], new Array<number>(30_000).fill(1)];
    for (let dimension = 1; dimension <= 32; dimension++) {
      for (const digits of [1, 2, 7, 16]) {
        const others = new Array<number>(dimension - 1).fill(8);
        shapes.push([...others, 10 ** (digits - 1)], [10 ** (digits - 1), ...others]);
      }
    }
    const cases = shapes.flatMap((shape) => [false, true].map((fortranOrder) => ({ shape, fortranOrder })));
    const answers = runPython(python, WRITE_HEADERS, cases) as string[];
    expect(answers.length).to.equal(cases.length);
    for (const [place, { shape, fortranOrder }] of cases.entries()) {
      const header = Buffer.from(formatNpyHeader('<f8', fortranOrder, shape));
      const what = `(${shape.slice(0, 32).join()}) ${fortranOrder ? 'F' : 'C'}`;
      if (header.toString('hex') !== answers[place]) expect.fail(`the header of ${what} differs`);
    }
  });
});
