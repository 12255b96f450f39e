/** Tensors of TensorFlow.js, of whichever backend. Who gets one disposes of it, so that each gets one of their own. */
import { rowMajor } from '../contract/numbers.js';
import type { Adapter, LibraryClass, Parts, Unkeepable } from '../contract/adapter.js';

type Data = Float32Array | Int32Array | Uint8Array;

interface Tensor {
  shape: number[];
  dtype: string;
  kept: boolean;
  isDisposed: boolean;
  dataSync(): Data;
  dataId: object;
}

interface TensorFlow {
  tensor(data: unknown, shape: readonly number[], dtype: string): Tensor;
  complex(real: Tensor, imaginary: Tensor): Tensor;
  tidy(make: () => Tensor): Tensor;
  engine(): { readSync(dataId: object): Data | Uint8Array[] };
}

/** What the class puts on its instances. */
const OWN = new Set<PropertyKey>(['kept', 'isDisposedInternal', 'shape', 'dtype', 'size', 'strides', 'dataId', 'id', 'rankType',
  'scopeId']); // prettier-ignore

const IN_FILES = ['float32', 'int32', 'bool'];

export const tensorflow: Adapter = {
  package: '@tensorflow/tfjs-core',
  within: ['@tensorflow/tfjs', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'],
  classes: ['Tensor', 'TensorBuffer'],
  unkeepable: {
    Variable: {
      what: 'a Variable of TensorFlow.js, which its program goes on changing',
      advice: 'take a tensor of it: variable.clone()',
    },
  },
  perishes: true,

  parts(value, { note, module }): Parts | Unkeepable | undefined {
    if (note.class !== 'Tensor') return undefined;
    const tensor = value as Tensor;
    if (tensor.isDisposed)
      return { what: 'a tensor that was disposed of', advice: 'do so later, or keep it with tf.keep()' };
    if (Reflect.ownKeys(value).some((key) => !OWN.has(key)))
      return { what: 'a tensor with properties of its own', advice: 'put them beside it' };
    try {
      // Of text, the bytes: a tensor may hold some that are none.
      const isText = tensor.dtype === 'string';
      const data = isText ? (module as unknown as TensorFlow).engine().readSync(tensor.dataId) : tensor.dataSync();
      return {
        names: ['dtype', 'shape', 'kept', 'data'],
        values: [tensor.dtype, [...tensor.shape], tensor.kept, data],
      };
    } catch {
      return { what: 'a tensor that cannot be read at once', advice: 'take its numbers: await tensor.data()' };
    }
  },
  make(found, { values: [dtype, shape, kept, data] }) {
    return tensorOf(found, dtype as string, shape as number[], kept === true, data as Data);
  },

  array: {
    of(value, found) {
      const { dtype, shape, kept } = value as Tensor;
      if (!IN_FILES.includes(dtype)) return undefined;
      const parts = tensorflow.parts?.(value, found);
      if (parts === undefined || 'what' in parts) return undefined;
      return { data: parts.values[3] as Data, shape: [...shape], stride: rowMajor(shape), rest: { dtype, kept } };
    },
    make(found, { data, shape, rest }) {
      const { dtype, kept } = rest as { dtype: string; kept: boolean };
      return tensorOf(found, dtype, shape, kept, data as Data);
    },
  },
};

function tensorOf(
  { module }: LibraryClass,
  dtype: string,
  shape: readonly number[],
  kept: boolean,
  data: Data,
): Tensor {
  const tf = module as unknown as TensorFlow;
  const part = (which: 0 | 1): Tensor =>
    tf.tensor(
      (data as Float32Array).filter((_, at) => at % 2 === which),
      shape,
      'float32',
    );
  const tensor = dtype === 'complex64' ? tf.tidy(() => tf.complex(part(0), part(1))) : tf.tensor(data, shape, dtype);
  if (kept) tensor.kept = true;
  return tensor;
}
