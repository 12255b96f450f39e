/** The only classes and functions that a pickle may name, and what stands for a call of each. None of them is code of the pickle's. */
import { textBytes } from '../../../base/text/text-bytes.js';
import { CONSTANT, constantOf } from '../constants.js';
import { DATETIME_CALLS } from './datetime-read.js';
import { addMembers, Dict } from './containers.js';
import { Complete, Deferred } from './deferred.js';
import { PickleError } from '../errors.js';
import { fromJavaScriptOnly, isJavaScriptOnly } from '../javascript-only.js';
import { Dtype, fromBuffer, NumpyArray, numpyScalar } from './numpy-read.js';

type Call = (args: readonly unknown[]) => unknown;

/** A class or function on the stack. */
export class Global extends Deferred {
  constructor(
    readonly name: string,
    readonly call: Call,
  ) {
    super();
  }

  override value(): never {
    throw new PickleError(`${this.name} is a class or function, not data: store what it makes instead`);
  }
}

const NDARRAY = 'numpy.ndarray';
const CONSTANT_CLASS = `${CONSTANT.module}.${CONSTANT.name}`;

/** By the name in Python 3. */
const CALLS: Readonly<Record<string, Call>> = {
  '_codecs.encode': encode,
  'builtins.bytes': (args) => noArguments(args, 'bytes', Buffer.alloc(0)),
  'builtins.bytearray': (args) => (args.length === 0 ? Buffer.alloc(0) : Buffer.from(bytesIn(args))),
  'builtins.set': (args) => addMembers(new Set(), listIn(args)),
  'builtins.frozenset': (args) => addMembers(new Set(), listIn(args)),
  ...DATETIME_CALLS,
  'collections.OrderedDict': (args) => noArguments(args, 'OrderedDict', new Dict()),
  'numpy.core.multiarray._reconstruct': reconstruct,
  'numpy.core.multiarray.scalar': numpyScalar,
  'numpy.core.numeric._frombuffer': fromBuffer,
  'numpy.dtype': dtype,
  [NDARRAY]: () => {
    throw new PickleError('an ndarray is made in a way that NumPy does not write');
  },
};

/** By the same, what keys may name: python-diskcache's constants too, see constants.ts. */
const CALLS_IN_KEYS: Readonly<Record<string, Call>> = {
  ...CALLS,
  [CONSTANT_CLASS]: ([tuple]) => constant(tuple),
  'builtins.tuple': () => {
    throw new PickleError('a tuple is made in a way that Python does not write');
  },
  'copyreg._reconstructor': ([Class, base, tuple]) => {
    if (isGlobal(Class, CONSTANT_CLASS) && isGlobal(base, 'builtins.tuple')) return constant(tuple);
    throw new PickleError('it makes an instance of a class: in Python, store plain data instead');
  },
};

/** Modules that have, or had, another name. */
const MODULES: Readonly<Record<string, string>> = {
  '__builtin__': 'builtins',
  'copy_reg': 'copyreg',
  'numpy._core.multiarray': 'numpy.core.multiarray',
  'numpy._core.numeric': 'numpy.core.numeric',
};

/**
 * What a pickle names.
 * @throws PickleError where it may not
 */
export function findGlobal(module: string, name: string, role: 'key' | 'value'): Global {
  if (isJavaScriptOnly(module, name)) return new Global(module, (args) => new Complete(fromJavaScriptOnly(args)));
  const fullName = `${Object.hasOwn(MODULES, module) ? MODULES[module] : module}.${name}`;
  const calls = role === 'key' ? CALLS_IN_KEYS : CALLS;
  const call = Object.hasOwn(calls, fullName) ? calls[fullName] : undefined;
  if (call !== undefined) return new Global(fullName, call);
  throw new PickleError(
    `it names ${JSON.stringify(`${module}.${name}`.slice(0, 200))}, and nothing but plain data and arrays of numbers is read ` +
      '(no code ever runs): in Python, store dicts, lists, numbers, strings or NumPy arrays instead',
  );
}

/** Is it python-diskcache's class of constants, which an instance may be made of? */
export function isConstantClass(value: unknown): value is Global {
  return isGlobal(value, CONSTANT_CLASS);
}

function isGlobal(value: unknown, name: string): value is Global {
  return value instanceof Global && value.name === name;
}

/** The constant of `(name,)`. */
function constant(tuple: unknown): symbol {
  const found = Array.isArray(tuple) && tuple.length === 1 ? constantOf(tuple[0]) : undefined;
  if (found === undefined)
    throw new PickleError('of the constants of python-diskcache, ENOVAL and UNKNOWN alone are read');
  return found;
}

function encode(args: readonly unknown[]): Buffer {
  const [text, encoding] = args;
  if (typeof text !== 'string' || encoding !== 'latin1' || args.length !== 2 || /[^\0-\xff]/.test(text)) {
    throw new PickleError('_codecs.encode is only read where it makes bytes of Latin-1 text');
  }
  return textBytes(text, 'latin1');
}

function reconstruct([Class]: readonly unknown[]): NumpyArray {
  if (isGlobal(Class, NDARRAY)) return new NumpyArray();
  throw new PickleError('an array of a class other than ndarray is not read: in NumPy, save numpy.asarray(array)');
}

function dtype([kind]: readonly unknown[]): Dtype {
  if (typeof kind === 'string') return new Dtype(kind);
  throw new PickleError('a dtype without a name is not read');
}

function bytesIn([bytes]: readonly unknown[]): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  throw new PickleError('a bytearray is made of something other than bytes');
}

function listIn(args: readonly unknown[]): readonly unknown[] {
  const [items = []] = args;
  if (args.length <= 1 && Array.isArray(items)) return items as unknown[];
  throw new PickleError('a set is made of something other than a list');
}

function noArguments<T>(args: readonly unknown[], name: string, value: T): T {
  if (args.length === 0) return value;
  throw new PickleError(`${name} is only read where it is called without arguments`);
}
