/** Libraries that are too large for every run: their own values, stored by one process and loaded by another. */
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { Project } from '../library/stand-ins.js';

const PACKAGES = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu', 'nodejs-polars', 'nodejs-polars-linux-x64-gnu', '@duckdb/node-api', '@stdlib/ndarray',
  '@js-temporal/polyfill', 'decimal.js-light']; // prettier-ignore

const TF = `const tf = require('@tensorflow/tfjs-core'); require('@tensorflow/tfjs-backend-cpu');`;
const POLARS = `const pl = require('nodejs-polars');`;
const ARRAY = `const array = require('@stdlib/ndarray/array'); const ndarray = require('@stdlib/ndarray/ctor');`;

/** By what they are: a program, and the answer that it gives whether the value was computed or loaded. */
const CASES: Readonly<Record<string, readonly [text: string, answer: unknown]>> = {
  'tensors of numbers': [
    `${TF} const t = cached('n', () => tf.tensor([[1, 2], [3, 4]]))(); return [t instanceof tf.Tensor, t.shape, tf.add(t, 1).arraySync()];`,
    [true, [2, 2], [[2, 3], [4, 5]]],
  ],
  'tensors of text': [`${TF} return cached('t', () => tf.tensor(['a', 'ä']))().arraySync();`, ['a', 'ä']],
  'tensors of complex numbers': [
    `${TF} return [...cached('c', () => tf.complex([1, 2], [3, 4]))().dataSync()];`,
    [1, 3, 2, 4],
  ],
  'frames of polars': [
    `${POLARS}
    const frame = cached('f', () => pl.DataFrame({ a: [1, 2], b: ['x', null], d: [new Date(0), new Date(1)] }))();
    return [pl.DataFrame.isDataFrame(frame), frame.columns, frame.dtypes.map(String), frame.rows()];`,
    undefined,
  ],
  'series of polars': [`${POLARS} const s = cached('s', () => pl.Series('q', [1, null]))(); return [s.name, s.toArray()];`, ['q', [1, null]]],
  'arrays of stdlib': [
    `${ARRAY}
    const a = cached('a', () => array([[1, 2], [3, 4]], { order: 'column-major' }))();
    return [a instanceof ndarray, a.order, a.strides, a.get(1, 0), a.dtype];`,
    [true, 'column-major', [1, 2], 3, 'float64'],
  ],
  'arrays of stdlib with complex numbers': [
    `const zeros = require('@stdlib/ndarray/zeros');
    const z = cached('z', () => zeros([2], { dtype: 'complex128' }))();
    return [z.dtype, z.data.constructor.name, z.length];`,
    ['complex128', 'Complex128Array', 2],
  ],
  'a Temporal of @js-temporal/polyfill': [
    `const { Temporal } = require('@js-temporal/polyfill');
    const d = cached('d', () => Temporal.PlainYearMonth.from('2024-01'))();
    return [d instanceof Temporal.PlainYearMonth, String(d)];`,
    [true, '2024-01'],
  ],
  'numbers of decimal.js-light': [
    `const Decimal = require('decimal.js-light');
    return [...[1, 3]].map((by) => String(cached('l' + by, () => new Decimal(2).div(by))().plus(1)));`,
    undefined,
  ],
}; // prettier-ignore

describe('values of the libraries themselves', () => {
  const runs: ReturnType<Project['run']>[] = [];

  before(() => {
    const project = new Project({ isEmpty: true });
    const install = ['install', '--silent', '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES];
    execFileSync('npm', install, { cwd: project.folder });
    const pieces = Object.fromEntries(Object.entries(CASES).map(([name, [text]]) => [name, text]));
    runs.push(project.run(pieces), project.run(pieces));
  });

  for (const [name, [, answer]] of Object.entries(CASES)) {
    it(`come back: ${name}`, () => {
      const [computed, loaded] = runs.map((run) => run[name]);
      expect(loaded).to.eql({ answer: answer ?? computed?.answer, told: '' });
    });
  }
});
