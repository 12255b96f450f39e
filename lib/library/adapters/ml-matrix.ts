/** Matrices of ml-matrix, views of them, and their decompositions. */
import { isBareFloats } from '../contract/numbers.js';
import type { Adapter, LibraryClass } from '../contract/adapter.js';

interface Compact {
  toCompact(): number[];
}
interface CompactClass {
  fromCompact(compact: number[]): object;
}
interface Matrix {
  data: Float64Array[];
  rows: number;
  columns: number;
}

const hasPrivateMatrix = ({ Class }: LibraryClass): boolean => 'fromCompact' in Class;

export const mlMatrix: Adapter = {
  package: 'ml-matrix',
  classes: ['Matrix', 'SymmetricMatrix', 'DistanceMatrix', 'MatrixColumnView', 'MatrixColumnSelectionView', 'MatrixFlipColumnView',
    'MatrixFlipRowView', 'MatrixRowView', 'MatrixRowSelectionView', 'MatrixSelectionView', 'MatrixSubView', 'MatrixTransposeView',
    'WrapperMatrix1D', 'WrapperMatrix2D', 'CholeskyDecomposition', 'EigenvalueDecomposition', 'LuDecomposition', 'NIPALS', 'Nipals',
    'QrDecomposition', 'SingularValueDecomposition'], // prettier-ignore

  // A symmetric matrix has its numbers in a private field.
  parts(value, found) {
    if (!hasPrivateMatrix(found)) return undefined;
    if (Reflect.ownKeys(value).length > 0) {
      return { what: `a ${found.note.class} with properties of its own`, advice: 'put them beside it' };
    }
    return { names: ['compact'], values: [Float64Array.from((value as Compact).toCompact())] };
  },
  make: ({ Class }, { values }) =>
    (Class as unknown as CompactClass).fromCompact(Array.from(values[0] as Float64Array)),

  array: {
    of(value, { note }) {
      if (note.class !== 'Matrix' || Object.keys(value).join() !== 'data,rows,columns') return undefined;
      const { data, rows, columns } = value as Matrix;
      if (!Array.isArray(data) || Object.keys(data).length !== rows || data.length !== rows) return undefined;
      const buffers = new Set<unknown>();
      for (const row of data) {
        if (!isBareFloats(row) || row.length !== columns) return undefined;
        buffers.add(row.buffer);
      }
      // Rows that share memory stay so in no file.
      if (buffers.size !== rows) return undefined;
      const numbers = new Float64Array(rows * columns);
      data.forEach((row, at) => {
        numbers.set(row, at * columns);
      });
      return { data: numbers, shape: [rows, columns], stride: [columns, 1], rest: null };
    },
    make({ Class }, { data, shape: [rows = 0, columns = 0], stride: [, step] }) {
      if (step !== 1 && columns > 1) throw new RangeError('columns before rows');
      const numbers = data as Float64Array;
      const lines = Array.from({ length: rows }, (_, row) => numbers.slice(row * columns, (row + 1) * columns));
      const matrix = Object.create(Class.prototype) as Partial<Matrix>;
      return Object.assign(matrix, { data: lines, rows, columns });
    },
  },
};
