/** Pickles → JavaScript values. Restricted: a pickle can make data, and nothing in it is ever run. */
import { FormatError } from '../../../base/errors.js';
import { PickleError } from '../errors.js';
import { PickleMachine } from './machine.js';
import { Op } from '../opcodes.js';
import { runOther } from './read-ops.js';
import { PickleSource } from './source.js';
import { runUsual } from './usual-ops.js';

/**
 * Reads a pickle of protocol 0 to 5, Python's or ours. Python's values become: int → number, or bigint beyond
 * 2^53 − 1; float → number (1.0 → 1); bytes, bytearray → Buffer; list, tuple → Array; dict → plain object if all keys
 * are strings, otherwise Map; set, frozenset → Set; NumPy's arrays → typed array (1-d) or ndarray, as the npy codec
 * reads them (bool → Uint8Array, float16 → Float32Array, complex → a last axis of 2); NumPy's numbers → number, bigint,
 * boolean. Shared and recursive parts stay so.
 *
 * In a key, python-diskcache's constants ENOVAL and UNKNOWN are ours.
 *
 * @throws PickleError, naming the opcode and its place, for anything else: damage, another class or function, an
 * object that JavaScript has no exact counterpart for
 */
export function unpickle(bytes: Uint8Array, role: 'key' | 'value' = 'value'): unknown {
  const source = new PickleSource(bytes);
  const machine = new PickleMachine(source.left, role);
  try {
    for (let code = source.opcode(); code !== Op.STOP; code = source.opcode()) {
      if (!runUsual(code, machine, source)) runOther(code, machine, source);
    }
    if (source.left > 0) throw new PickleError(`${source.left} bytes follow the end of the pickle: it is damaged`);
    return machine.finish();
  } catch (cause) {
    const isOurs = cause instanceof PickleError || cause instanceof FormatError;
    // Larger than a string, a bigint, a Map or memory can be: the engine says so in words of its own.
    const what = isOurs ? cause.message : `more than this Node can hold: ${String(cause)}`;
    throw new PickleError(`${source.place}: ${what}`, cause instanceof PickleError ? undefined : { cause });
  }
}
