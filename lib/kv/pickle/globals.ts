/** The only classes and functions that a pickle may name, and what stands for a call of each. None of them is code of the pickle's. */
import { addMembers, Dict } from './containers.js';
import { Complete, Deferred } from './deferred.js';
import { PickleError } from './errors.js';
import { fromJavaScriptOnly, isJavaScriptOnly } from './javascript-only.js';
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

/** By the name in Python 3. */
const CALLS: Readonly<Record<string, Call>> = {
  '_codecs.encode': encode,
  'builtins.bytes': (args) => noArguments(args, 'bytes', Buffer.alloc(0)),
  'builtins.bytearray': (args) => (args.length === 0 ? Buffer.alloc(0) : Buffer.from(bytesIn(args))),
  'builtins.set': (args) => addMembers(new Set(), listIn(args)),
  'builtins.frozenset': (args) => addMembers(new Set(), listIn(args)),
  'collections.OrderedDict': (args) => noArguments(args, 'OrderedDict', new Dict()),
  'numpy.core.multiarray._reconstruct': reconstruct,
  'numpy.core.multiarray.scalar': numpyScalar,
  'numpy.core.numeric._frombuffer': fromBuffer,
  'numpy.dtype': dtype,
  [NDARRAY]: () => {
    throw new PickleError('an ndarray is made in a way that NumPy does not write');
  },
};

/** Modules that have, or had, another name. */
const MODULES: Readonly<Record<string, string>> = {
  '__builtin__': 'builtins',
  'numpy._core.multiarray': 'numpy.core.multiarray',
  'numpy._core.numeric': 'numpy.core.numeric',
};

/**
 * What a pickle names.
 * @throws PickleError where it may not
 */
export function findGlobal(module: string, name: string): Global {
  if (isJavaScriptOnly(module, name)) return new Global(module, (args) => new Complete(fromJavaScriptOnly(args)));
  const fullName = `${Object.hasOwn(MODULES, module) ? MODULES[module] : module}.${name}`;
  const call = Object.hasOwn(CALLS, fullName) ? CALLS[fullName] : undefined;
  if (call !== undefined) return new Global(fullName, call);
  throw new PickleError(
    `it names ${JSON.stringify(`${module}.${name}`.slice(0, 200))}, and nothing but plain data and arrays of numbers is read ` +
      '(no code ever runs): in Python, store dicts, lists, numbers, strings or NumPy arrays instead',
  );
}

function encode(args: readonly unknown[]): Buffer {
  const [text, encoding] = args;
  if (typeof text !== 'string' || encoding !== 'latin1' || args.length !== 2 || /[^\0-\xff]/.test(text)) {
    throw new PickleError('_codecs.encode is only read where it makes bytes of Latin-1 text');
  }
  return Buffer.from(text, 'latin1');
}

function reconstruct([Class]: readonly unknown[]): NumpyArray {
  if (Class instanceof Global && Class.name === NDARRAY) return new NumpyArray();
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
