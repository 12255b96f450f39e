/** Arrays of stdlib, whether the whole of it is installed or single packages. */
import { isTypedArray, type TypedArray } from '../../base/language/brand.js';
import type { Adapter } from '../contract/adapter.js';
import { elements, isBare } from '../contract/numbers.js';
import { isJsonExact } from '../contract/json-exact.js';

type Fields = Record<string, unknown>;

/** What the file says. The array is made anew of it and of its other fields, in the order of all. */
const IN_FILE = ['_buffer', '_shape', '_strides'];

const array: NonNullable<Adapter['array']> = {
  of(value) {
    const fields = value as Fields;
    const { _buffer: data, _shape: shape, _strides: stride, _offset: offset } = fields;
    if (!isTypedArray(data) || !isBare(data) || !isNumbers(shape) || !isNumbers(stride) || offset !== 0)
      return undefined;
    const names = Object.keys(value);
    const others = Object.fromEntries(
      names.filter((name) => !IN_FILE.includes(name)).map((name) => [name, fields[name]]),
    );
    if (data.length !== elements(shape) || data.length === 0 || shape.length === 0 || !isJsonExact(others))
      return undefined;
    // Strides of a dimension of length 1 may be anything, and the file does not say them.
    return { data, shape, stride, rest: { names, others, stride } };
  },
  make({ Class }, { data, shape, rest }) {
    const { names, others, stride } = rest as { names: string[]; others: Fields; stride: number[] };
    const fields: Fields = { ...others, _buffer: data, _shape: [...shape], _strides: stride };
    const made = Object.create(Class.prototype) as Fields;
    for (const name of names) made[name] = fields[name];
    return made;
  },
};

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && Object.keys(value).length === value.length && value.every(Number.isSafeInteger);
}

const ofNdarrays = (name: string, modules?: string[]): Adapter => ({
  package: name,
  ...(modules && { modules }),
  within: ['@stdlib/stdlib', '@stdlib/ndarray-array', '@stdlib/ndarray'],
  classes: ['ndarray'],
  array,
});

/** Their memory is an array of numbers, in a hidden field. */
const ofComplex = (name: string, modules?: string[]): Adapter => ({
  package: name,
  ...(modules && { modules }),
  within: ['@stdlib/ndarray', '@stdlib/ndarray-array', '@stdlib/ndarray-ctor'],
  classes: ['Complex64Array', 'Complex128Array', 'BooleanArray'],
  parts(value) {
    const numbers: unknown = Object.getOwnPropertyDescriptor(value, '_buffer')?.value;
    const isOwn = Reflect.ownKeys(value).every((name) => name === '_buffer' || name === '_length');
    if (isTypedArray(numbers) && isOwn) return { names: ['numbers'], values: [numbers] };
    return { what: 'an array of stdlib with properties of its own', advice: 'put them beside it' };
  },
  make: ({ Class }, { values: [numbers] }) =>
    new (Class as unknown as new (memory: ArrayBufferLike) => object)((numbers as TypedArray).slice().buffer),
});

export const STDLIB: readonly Adapter[] = [
  ofNdarrays('@stdlib/ndarray', ['ctor', 'base/ctor']),
  ofNdarrays('@stdlib/ndarray-ctor'),
  ofNdarrays('@stdlib/ndarray-base-ctor'),
  ofComplex('@stdlib/array', ['complex64', 'complex128', 'bool']),
  ofComplex('@stdlib/array-complex64'),
  ofComplex('@stdlib/array-complex128'),
  ofComplex('@stdlib/array-bool'),
];
