/**
 * JavaScript values → pickles, byte for byte those of `pickletools.optimize(pickle.dumps(value, protocol))` of
 * CPython's own (C) pickler.
 */
import { InvalidOptionError } from '../../base/errors.js';
import { findNoCounterpart } from './counterpart.js';
import { PickleError } from './errors.js';
import { javaScriptOnly } from './javascript-only.js';
import { HIGHEST_PROTOCOL } from './opcodes.js';
import { PickleWriter } from './writer.js';

/**
 * A key as python-diskcache stores it, so that each language finds what the other stored. Arrays become tuples.
 *
 * What Python keeps apart and JavaScript does not: a whole number is an int here, never a float (`1.0`), up to
 * 2^53 − 1, beyond which a number is a float and a bigint an int; property names that are indices come first in an object.
 * Python's own bytes depend on whether equal parts of a key are one object: of equal strings all but the first refer
 * to the first here, as they do in Python for literals and names, and so do equal Buffers of up to one byte; longer
 * Buffers, arrays and objects do so if they are the same one. A Python key that holds one string twice, once computed,
 * may differ.
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
 * A value as Python reads it. Arrays become lists. What Python has no exact counterpart for makes the whole value one
 * of JavaScript's own, which our reader brings back and Python's refuses in plain words.
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
