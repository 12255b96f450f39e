/** Libraries that are large, by stand-ins for them; `spec/soak/libraries.soak.ts` has them themselves. */
import { expect } from 'chai';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LibraryInRecord } from '#lib/library/file-form.js';
import { changeRecord } from '../support/values/change-record.js';
import { Project } from './stand-ins.js';

const TENSOR = `
const tf = require('@tensorflow/tfjs-core');
const tensor = cached('tensor', () => require('@tensorflow/tfjs-core').tensor(Float32Array.of(1, 2), [1, 2], 'float32'));
`;
const NDARRAY = `const ndarray = require('@stdlib/ndarray/ctor/index.js');`;
const DUCKDB = `const duckdb = require('@duckdb/node-api');`;

/** What is kept: by what it shows, the program that asks for it, and the answer. */
const KEPT: Readonly<Record<string, readonly [text: string, answer: unknown]>> = {
  'tensors, of which each call gets one that it may dispose of': [
    `${TENSOR} tensor().dispose(); tensor().dispose(); return [...tensor().dataSync()];`,
    [1, 2],
  ],
  'tensors of the class that the program has': [`${TENSOR} return tensor() instanceof tf.Tensor;`, true],
  'tensors of complex numbers': [
    `${TENSOR}
    const complex = () => tf.complex(tf.tensor(Float32Array.of(1, 2), [2], 'float32'), tf.tensor(Float32Array.of(3, 4), [2], 'float32'));
    return [...cached('complex', complex)().dataSync()];`,
    [1, 3, 2, 4],
  ],
  'tensors in other values': [
    `${TENSOR}
    const inside = cached('inside', () => ({ list: [tf.tensor(Int32Array.of(3), [1], 'int32')] }));
    inside().list[0].dispose();
    return inside().list[0].dataSync()[0];`,
    3,
  ],
  'tensors of the copy that they were of, where there are two': [
    `const older = require('older');
    const value = cached('older', () => older.tensor(Float32Array.of(1), [1], 'float32'))();
    return [value instanceof older.Tensor, value instanceof require('@tensorflow/tfjs-core').Tensor];`,
    [true, false],
  ],
  'arrays of stdlib with their strides and other fields': [
    `${NDARRAY}
    const value = cached('columns', () => new ndarray('float64', Float64Array.of(1, 2, 3, 4), [2, 2], [1, 2], 0, 'column-major'))();
    return [value instanceof ndarray, Object.keys(value).slice(0, 3), value._strides, [...value._buffer]];`,
    [true, ['_mode', '_buffer', '_dtype'], [1, 2], [1, 2, 3, 4]],
  ],
  'arrays of stdlib over clamped bytes': [
    `${NDARRAY}
    const clamped = () => new ndarray('uint8c', Uint8ClampedArray.of(1, 2), [2], [1], 0, 'row-major');
    return cached('clamped', clamped)()._buffer.constructor.name;`,
    'Uint8ClampedArray',
  ],
  'dates of DuckDB': [
    `${DUCKDB}
    const [{ day }] = cached('rows', () => [{ day: new duckdb.DuckDBDateValue(7) }])();
    return [day instanceof duckdb.DuckDBDateValue, day.days];`,
    [true, 7],
  ],
};

/** What is not, and what is said of it. */
const REFUSED: Readonly<Record<string, readonly [text: string, told: RegExp]>> = {
  'tensors that were disposed of': [
    `${TENSOR} cached('gone', () => { const gone = tensor(); gone.dispose(); return gone; })();`,
    /a tensor that was disposed of/,
  ],
  variables: [`${TENSOR} cached('variable', () => tf.variable(tensor()))();`, /a Variable .*variable\.clone\(\)/],
  'results that lie in DuckDB': [
    `${DUCKDB} cached('reader', () => new duckdb.DuckDBResultReader())();`,
    /a reader of DuckDB.*getRowObjects/,
  ],
};

const textsOf = (cases: Readonly<Record<string, readonly [text: string, expected: unknown]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(cases).map(([name, [text]]) => [name, text]));

describe('values of libraries in a project', () => {
  const runs: ReturnType<Project['run']>[] = [];
  const files: string[] = [];

  before(() => {
    const project = new Project();
    const pieces = textsOf({ ...KEPT, ...REFUSED });
    runs.push(project.run(pieces), project.run(pieces));
    files.push(...readdirSync(join(project.folder, 'cache', 'cachenight-1')));
    rmSync(join(project.folder, 'node_modules/@tensorflow'), { recursive: true });
    const text = `return cached('tensor', () => require('@tensorflow/tfjs-core').tensor(Float32Array.of(1, 2), [1, 2], 'float32'))();`;
    runs.push(project.run({ gone: `try { ${text} } catch { return 'the method failed'; }` }));
  });

  for (const [name, [, answer]] of Object.entries(KEPT)) {
    it(`are ${name}`, () => {
      expect(runs[0]?.[name]?.answer).to.eql(answer);
    });

    it(`are, loaded by another process, ${name}`, () => {
      expect(runs[1]?.[name]).to.eql({ answer, told: '' });
    });
  }

  for (const [name, [, told]] of Object.entries(REFUSED)) {
    it(`are not ${name}`, () => {
      expect(runs[0]?.[name]?.told).to.match(told);
    });
  }

  for (const name of ['tensor', 'older', 'columns', 'clamped']) {
    it(`lie in files that NumPy opens: ${name}`, () => {
      expect(files).to.include(`root.Night.${name}.npy`);
    });
  }

  it('do not let a record say which code is loaded', () => {
    const project = new Project();
    const piece = { tensor: `${TENSOR} return tensor().dtype;` };
    project.run(piece);
    project.write('cache/evil/package.json', JSON.stringify({ name: '@tensorflow/tfjs-core', version: '4.1.0' }));
    project.write('cache/evil/index.js', "require('node:fs').writeFileSync('loaded', '');");
    changeRecord(join(project.folder, 'cache', 'cachenight-1', 'root.Night.tensor.json'), ({ library }) => ({
      library: { ...(library as LibraryInRecord), at: 'cache/evil' },
    }));
    project.run(piece);
    expect(readdirSync(project.folder)).not.to.include('loaded');
  });

  it('are not used where the library is gone, and it is said which', () => {
    expect(runs[2]?.gone?.told).to.include('npm install @tensorflow/tfjs-core');
  });

  it('are computed then', () => {
    expect(runs[2]?.gone?.answer).to.equal('the method failed');
  });
});
