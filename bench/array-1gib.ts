import { compareArray } from './array.js';
import type { BenchCase } from './case.js';

export const array1GiB: BenchCase = {
  name: 'array-1gib',
  title: 'storing and loading a Float64Array of 2²⁷ elements',
  run: () => compareArray('1 GiB', 2 ** 27, 3),
};
