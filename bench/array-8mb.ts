import { compareArray } from './array.js';
import type { BenchCase } from './case.js';

export const array8MB: BenchCase = {
  name: 'array-8mb',
  title: 'storing and loading a Float64Array of a million elements',
  run: () => compareArray('8 MB', 1_000_000, 9),
};
