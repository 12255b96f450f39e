/**
 * Matrices and numbers of mathjs, of the classes that the package itself exports. An instance made with `create(all)` has classes of
 * its own, which `registerClass` makes known.
 */
import { elements, rowMajor } from '../contract/numbers.js';
import type { Adapter } from '../contract/adapter.js';

interface Dense {
  _data: unknown;
  _size: number[];
  _datatype: string | undefined;
}

const FIELDS = '_data,_size,_datatype';

export const mathjs: Adapter = {
  package: 'mathjs',
  classes: [
    'DenseMatrix',
    'SparseMatrix',
    'ImmutableDenseMatrix',
    'Complex',
    'Fraction',
    'Decimal',
    'Range',
    'Index',
    'ResultSet',
  ],
  unkeepable: {
    Unit: { what: 'a Unit of mathjs, which is tied to all other units', advice: 'take unit.toJSON()' },
    Parser: { what: 'a Parser of mathjs, which holds functions', advice: 'take parser.getAll()' },
    Chain: { what: 'a Chain of mathjs', advice: 'take chain.done()' },
  },
  array: {
    of(value, { note }) {
      if (note.class !== 'DenseMatrix' || Object.keys(value).join() !== FIELDS) return undefined;
      const { _data, _size, _datatype } = value as Dense;
      if ((_datatype !== undefined && _datatype !== 'number') || !Array.isArray(_size)) return undefined;
      const data = flat(_data, _size);
      return data && { data, shape: [..._size], stride: rowMajor(_size), rest: _datatype ?? null };
    },
    make({ Class }, { data, shape, rest }) {
      const matrix = Object.create(Class.prototype) as Dense;
      return Object.assign(matrix, {
        _data: nested(data as Float64Array, shape, 0),
        _size: [...shape],
        _datatype: rest === null ? undefined : rest,
      });
    },
  },
};

/** All numbers of nested plain arrays; `undefined` where they hold something else, or are not of the size. */
function flat(data: unknown, size: readonly number[]): Float64Array | undefined {
  if (size.length === 0 || size.includes(0)) return undefined;
  const numbers = new Float64Array(elements(size));
  const seen = new Set<unknown>();
  let at = 0;
  const walk = (list: unknown, axis: number): boolean => {
    const length = size[axis];
    if (!Array.isArray(list) || list.length !== length || seen.has(list) || !isPlain(list)) return false;
    seen.add(list);
    if (axis < size.length - 1) return list.every((inner) => walk(inner, axis + 1));
    for (const number of list as unknown[]) {
      if (typeof number !== 'number') return false;
      numbers[at++] = number;
    }
    return true;
  };
  return walk(data, 0) ? numbers : undefined;
}

function isPlain(list: unknown[]): boolean {
  const isOwn = Object.getPrototypeOf(list) === Array.prototype && Object.isExtensible(list);
  return isOwn && Object.keys(list).length === list.length;
}

function nested(numbers: Float64Array, shape: readonly number[], axis: number): unknown[] {
  const length = shape[axis] ?? 0;
  if (axis === shape.length - 1) return Array.from(numbers);
  const step = numbers.length / length;
  return Array.from({ length }, (_, at) => nested(numbers.subarray(at * step, (at + 1) * step), shape, axis + 1));
}
