/** How each kind of object comes back: first as a shell that others can refer to, then with what it holds. */
import type ndarrayOf from 'ndarray';
import { FormatError } from '../../base/errors.js';
import { load } from '../../base/packages/optional.js';
import { temporalOf } from '../../base/language/temporal.js';
import { registeredByName } from '../../key/classes/class-registry.js';
import { arrowCodec } from '../arrow/arrow.js';
import { setOwn } from '../shared/own-properties.js';
import { BOXES, ERRORS, Flag, MAX_DIMENSIONS, Tag, VIEWS } from './format.js';
import { malformed, type Reader, type Shell } from './reader.js';
import { readLibraryValue, readMadeValue } from './unpack-library.js';
import { withProperties } from './unpack-properties.js';

/** By tag: reads one description and makes the shell. */
export const SHELLS: ReadonlyMap<number, (reader: Reader) => Shell> = new Map([
  [Tag.object, (reader) => withProperties(reader, {})],
  [Tag.nullPrototype, (reader) => withProperties(reader, Object.create(null) as object)],
  [Tag.array, readArray],
  [Tag.sparseArray, readSparseArray],
  [Tag.map, readMap],
  [Tag.set, readSet],
  [Tag.date, (reader) => ({ object: new Date(reader.number()) })],
  [Tag.regExp, readRegExp],
  [Tag.boxed, readBoxed],
  [Tag.error, readError],
  [Tag.arrayBuffer, (reader) => ({ object: reader.buffer(reader.word()) })],
  [Tag.view, readView],
  [Tag.ndarray, readNdArray],
  [Tag.arrow, readArrow],
  [Tag.url, (reader) => ({ object: new URL(reader.text()) })],
  [Tag.searchParams, (reader) => ({ object: new URLSearchParams(reader.text()) })],
  [Tag.instance, readInstance],
  [Tag.temporal, readTemporal],
  [Tag.library, readLibraryValue],
  [Tag.libraryMade, readMadeValue],
] satisfies [number, (reader: Reader) => Shell][]);

function readTemporal(reader: Reader): Shell {
  const name = reader.text();
  const object = temporalOf(name, reader.text());
  if (object === undefined)
    throw new FormatError(`it holds a Temporal.${name}, which this version of Node.js does not have`);
  return { object };
}

function readArray(reader: Reader): Shell {
  const items = reader.list(reader.word());
  // Filled in place, since others refer to it. Grown item by item: a length alone would make it sparse.
  const object: unknown[] = [];
  return {
    object,
    fill(resolve) {
      const values = resolve(items);
      for (const value of values) object.push(value);
    },
  };
}

function readSparseArray(reader: Reader): Shell {
  const array: unknown[] = [];
  array.length = reader.word();
  const shell = withProperties(reader, array);
  const { length } = array;
  return {
    object: array,
    fill(resolve) {
      shell.fill?.(resolve);
      if (array.length !== length) throw malformed();
    },
  };
}

function readMap(reader: Reader): Shell {
  const entries = reader.list(reader.word() * 2);
  const object = new Map<unknown, unknown>();
  return {
    object,
    fill(resolve) {
      const items = resolve(entries);
      for (let index = 0; index < items.length; index += 2) object.set(items[index], items[index + 1]);
      if (object.size * 2 !== items.length) throw malformed();
    },
  };
}

function readSet(reader: Reader): Shell {
  const items = reader.list(reader.word());
  const object = new Set<unknown>();
  return {
    object,
    fill(resolve) {
      for (const item of resolve(items)) object.add(item);
      if (object.size !== items.count) throw malformed();
    },
  };
}

function readRegExp(reader: Reader): Shell {
  const source = reader.text();
  const flags = reader.text();
  const object = new RegExp(source, flags);
  const lastIndex = reader.list(1);
  return {
    object,
    fill(resolve) {
      // Declared a number, but JavaScript keeps whatever it is given.
      object.lastIndex = resolve(lastIndex)[0] as number;
    },
  };
}

function readBoxed(reader: Reader): Shell {
  const box = BOXES[reader.word()];
  const value = reader.value();
  if (box === undefined) throw malformed();
  if (typeof value !== box.name.toLowerCase()) throw malformed();
  return { object: box.wrap(value) };
}

function readError(reader: Reader): Shell {
  const name = reader.text();
  const known = ERRORS.get(name);
  if (known === undefined) {
    throw malformed(`it holds a ${name}, which Node.js ${process.versions.node} does not have`);
  }
  const names = reader.shape();
  const flags = names.map(() => reader.word());
  const items = reader.list(names.length);
  const object = known.make();
  return {
    object,
    fill(resolve) {
      const values = resolve(items);
      // The engine's own `stack` comes first and stays, so that it still behaves like one; the others are made anew.
      const keepsStack = names[0] === 'stack' && ((flags[0] as number) & Flag.writable) !== 0;
      for (const key of Reflect.ownKeys(object))
        if (key !== 'stack' || !keepsStack) Reflect.deleteProperty(object, key);
      for (let index = 0; index < names.length; index++) {
        const key = names[index] as string;
        const flag = flags[index] as number;
        const closed = { enumerable: (flag & Flag.enumerable) !== 0, configurable: (flag & Flag.configurable) !== 0 };
        if (key === 'stack' && keepsStack) {
          object.stack = values[index] as string;
          Object.defineProperty(object, key, closed);
        } else {
          Object.defineProperty(object, key, {
            ...closed,
            writable: (flag & Flag.writable) !== 0,
            value: values[index],
          });
        }
      }
    },
  };
}

function readView(reader: Reader): Shell {
  const name = reader.text();
  const length = reader.size();
  const byteOffset = reader.size();
  const buffer = reader.buffer(reader.word());
  const view = VIEWS.get(name);
  if (view === undefined) {
    throw malformed(`it holds a ${name}, which Node.js ${process.versions.node} does not have`);
  }
  return { object: view.make(buffer, byteOffset, length) };
}

/** Data of each kind that `ndarray` tells apart, without elements; by its name of the kind. */
const NDARRAY_DATA: Readonly<Record<string, () => unknown>> = {
  float32: () => new Float32Array(0),
  float64: () => new Float64Array(0),
  int8: () => new Int8Array(0),
  int16: () => new Int16Array(0),
  int32: () => new Int32Array(0),
  uint8: () => new Uint8Array(0),
  uint16: () => new Uint16Array(0),
  uint32: () => new Uint32Array(0),
  uint8_clamped: () => new Uint8ClampedArray(0),
  bigint64: () => new BigInt64Array(0),
  biguint64: () => new BigUint64Array(0),
  array: () => [],
  buffer: () => Buffer.alloc(0),
  generic: () => ({ get: () => 0, set: () => 0, length: 0 }),
};

function readNdArray(reader: Reader): Shell {
  const dtype = reader.text();
  const dimension = reader.number();
  const makeData = Object.hasOwn(NDARRAY_DATA, dtype) ? NDARRAY_DATA[dtype] : undefined;
  if (!makeData || !Number.isInteger(dimension) || dimension < -1 || dimension > MAX_DIMENSIONS) {
    throw malformed(`it holds an ndarray of ${dimension} dimensions and dtype ${dtype}`);
  }
  const object = emptyNdArray(makeData(), dimension);
  const names = Reflect.ownKeys(object);
  const items = reader.list(names.length);
  return {
    object,
    fill(resolve) {
      const values = resolve(items);
      names.forEach((name, index) => {
        setOwn(object, name, values[index]);
      });
    },
  };
}

function emptyNdArray(data: unknown, dimension: number): object {
  const ndarray = load<(data: unknown, ...rest: unknown[]) => ReturnType<typeof ndarrayOf>>('ndarray');
  if (dimension < 0) return ndarray(data, [], [], 0).pick();
  const zeros = (): number[] => new Array<number>(dimension).fill(0);
  return ndarray(data, zeros(), zeros(), 0);
}

function readArrow(reader: Reader): Shell {
  const type = reader.text();
  const bytes = new Uint8Array(reader.buffer(reader.size()));
  const object: unknown = arrowCodec.decode(bytes, { type }, new Uint8Array(0));
  return { object: object as object };
}

function readInstance(reader: Reader): Shell {
  const name = reader.text();
  const found = registeredByName(name);
  if (found === undefined) {
    throw new FormatError(
      `a stored value is an instance of class ${name}, which is not registered in this process: ` +
        `call registerClass(${name}) before the value is read`,
    );
  }
  return withProperties(reader, Object.create(found.prototype) as object);
}
