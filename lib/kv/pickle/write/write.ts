/**
 * JavaScript values → pickles, byte for byte those of `pickletools.optimize(pickle.dumps(value, protocol))` of
 * CPython's own (C) pickler.
 */
import { InvalidOptionError } from '../../../base/errors.js';
import { findNoCounterpart } from './counterpart.js';
import { PickleError } from '../errors.js';
import { javaScriptOnly } from '../javascript-only.js';
import { HIGHEST_PROTOCOL } from '../opcodes.js';
import { PickleWriter } from './writer.js';

/**
 * A key as python-diskcache stores it, so that each language finds the other's items. Arrays become tuples, plain
 * objects dicts, Buffers bytes; ENOVAL and UNKNOWN are python-diskcache's constants.
 *
 * Some keys of Python's cannot be said in JavaScript, and are found from here only by the keys of an iteration: a whole
 * number is an int, never a float (`1.0`); beyond 2^53 − 1 a number is a float and a bigint an int; no array is a list;
 * names that are indices come first in an object. Typed arrays and ndarrays are found from JavaScript, and from Python
 * with NumPy 1 and a protocol from 0 to 4.
 *
 * Python's own bytes depend on whether equal parts of a key are one object: of equal strings all but the first refer to
 * the first here, as they do in Python for literals and names, and so do equal Buffers of up to one byte; longer
 * Buffers, arrays and objects do so if they are the same one. A Python key that holds one string twice, once computed,
 * may differ, and before Python 3.12 a key that holds `b'a'` and `'a'` in a protocol below 3.
 *
 * @param protocol 0 to 5, as in the folder's settings
 * @throws PickleError where a part of the key has no counterpart in Python, or no order that both languages share
 */
export function pickleKey(key: unknown, protocol: number): Buffer {
  checkProtocol(protocol);
  const problem = findNoCounterpart(key, 'key');
  if (problem !== undefined) {
    throw new PickleError(
      `key${problem.path} is or holds a JavaScript ${problem.what}, by which nothing can be found again: make the key of ` +
        'strings, numbers, booleans, null, Buffers, typed arrays, and arrays or plain objects of them',
    );
  }
  return new PickleWriter({ protocol, role: 'key' }).write(key);
}

/**
 * A value as Python reads it, and as our reader brings it back to the bit and the type. Arrays become lists, Sets sets,
 * Dates datetimes in UTC, typed arrays and ndarrays NumPy's arrays (an ndarray with gaps comes back without, as from an npy file). A bigint
 * among the safe integers is an int to Python in a form that Python does not write, so that it comes back as a bigint.
 * Objects that occur twice stay one; views of one ArrayBuffer that do not overlap get memory of their own.
 *
 * What Python has no exact counterpart for (Map, undefined, cycles, frozen objects, views that overlap,
 * Float16Array, …) makes the whole value one of JavaScript's own, which our reader brings back and Python's refuses in
 * plain words.
 *
 * @param protocol 0 to 5
 * @throws UncacheableValueError where not even the v8 codec can bring the value back
 */
export function pickleValue(value: unknown, protocol: number): Buffer {
  checkProtocol(protocol);
  const problem = findNoCounterpart(value, 'value');
  const written = problem === undefined ? value : javaScriptOnly(value, problem.what);
  return new PickleWriter({ protocol, role: 'value' }).write(written);
}

function checkProtocol(protocol: number): void {
  if (Number.isInteger(protocol) && protocol >= 0 && protocol <= HIGHEST_PROTOCOL) return;
  throw new InvalidOptionError(`a pickle protocol is a whole number from 0 to ${HIGHEST_PROTOCOL}, not ${protocol}`);
}
