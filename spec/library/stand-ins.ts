/** Projects with packages that have as much of large libraries as counts, in copies of several versions. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.js';

const TENSORFLOW = `
class Tensor {
  constructor(data, shape, dtype) {
    Object.assign(this, { kept: false, isDisposedInternal: false, shape, dtype, size: data.length, strides: [], dataId: {}, id: ++count });
    memory.set(this.dataId, data);
  }
  get isDisposed() { return this.isDisposedInternal; }
  dispose() { this.isDisposedInternal = true; memory.delete(this.dataId); }
  dataSync() {
    if (this.isDisposedInternal) throw new Error('Tensor is disposed.');
    return memory.get(this.dataId);
  }
}
class Variable extends Tensor {}
let count = 0;
const memory = new Map();
exports.Tensor = Tensor;
exports.Variable = Variable;
exports.tensor = (data, shape, dtype) => new Tensor(data, shape, dtype);
exports.variable = (tensor) => new Variable(tensor.dataSync(), tensor.shape, tensor.dtype);
exports.complex = (real, imaginary) => {
  const parts = [real, imaginary].map((tensor) => tensor.dataSync());
  return new Tensor(Float32Array.from({ length: 2 * real.size }, (_, at) => parts[at % 2][at >> 1]), real.shape, 'complex64');
};
exports.tidy = (make) => make();
`;

const STDLIB = `
function ndarray(dtype, buffer, shape, strides, offset, order) {
  Object.assign(this, { _mode: 'throw', _buffer: buffer, _dtype: dtype, _offset: offset, _order: order, _shape: shape, _strides: strides,
    _accessors: false, _flags: { READONLY: false } });
}
module.exports = ndarray;
`;

const DUCKDB = `
exports.DuckDBDateValue = class DuckDBDateValue { constructor(days) { this.days = days; } };
exports.DuckDBResultReader = class DuckDBResultReader { constructor() { this.result = {}; } };
`;

/** Packages by the folder in which they lie in a project. */
const PACKAGES: Readonly<Record<string, readonly [name: string, version: string, file: string, text: string]>> = {
  'node_modules/@tensorflow/tfjs-core': ['@tensorflow/tfjs-core', '4.1.0', 'index.js', TENSORFLOW],
  'node_modules/older/node_modules/@tensorflow/tfjs-core': ['@tensorflow/tfjs-core', '4.0.0', 'index.js', TENSORFLOW],
  'node_modules/@stdlib/ndarray': ['@stdlib/ndarray', '0.4.1', 'ctor/index.js', STDLIB],
  'node_modules/@duckdb/node-api': ['@duckdb/node-api', '1.5.0', 'index.js', DUCKDB],
};

/** A project with these packages. */
export class Project {
  readonly folder = temporaryFolder();

  /** @param options.isEmpty whether it gets its packages otherwise */
  constructor({ isEmpty = false } = {}) {
    this.write('package.json', JSON.stringify({ name: 'project', type: 'module' }));
    if (isEmpty) return;
    for (const [folder, [name, version, file, text]] of Object.entries(PACKAGES)) {
      this.write(join(folder, 'package.json'), JSON.stringify({ name, version }));
      this.write(join(folder, file), text);
    }
    this.write('node_modules/older/package.json', JSON.stringify({ name: 'older', version: '1.0.0' }));
    this.write('node_modules/older/index.js', "module.exports = require('@tensorflow/tfjs-core');");
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /**
   * Runs pieces of a program in the project, in one process.
   * @param pieces by name; each sees `cached(name, method)`, a method of a new analyzer each time
   * @returns what each gives, and what was told meanwhile of results that were not found or not kept
   */
  run(pieces: Readonly<Record<string, string>>): Record<string, { answer: unknown; told: string }> {
    const stowage = JSON.stringify(import.meta.resolve('stowage'));
    const calls = Object.entries(pieces).map(([name, text]) => `answer(${JSON.stringify(name)}, () => {${text}});`);
    this.write(
      'main.js',
      `
import { createRequire } from 'node:module';
import { cacheOnDisk, events, setTag, setTmpdir } from ${stowage};
const require = createRequire(import.meta.url);
const answers = {};
let told = [];
for (const type of ['miss', 'stale', 'uncacheable']) events.on(type, ({ reason, error }) => told.push(error?.message ?? reason));
const cached = (name, method) => {
  class Night {}
  const descriptor = { value: method, writable: true, configurable: true };
  Object.defineProperty(Night.prototype, name, cacheOnDisk(Night.prototype, name, descriptor) ?? descriptor);
  const night = new Night();
  setTmpdir(night, ${JSON.stringify(join(this.folder, 'cache'))});
  setTag(night, 'night-1');
  return night[name].bind(night);
};
const answer = (name, piece) => {
  told = [];
  const given = piece();
  answers[name] = { answer: given, told: told.join() };
};
${calls.join('\n')}
console.log(JSON.stringify(answers));
`,
    );
    const output = execFileSync(process.execPath, ['--no-warnings', 'main.js'], { cwd: this.folder, encoding: 'utf8' });
    // Some libraries greet.
    return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, { answer: unknown; told: string }>;
  }
}
