/** What each opcode does, as a table, save those of usual-ops.ts; and which are refused, and why. */
import { toNumber } from '../../base/numbers.js';
import { addMembers } from './containers.js';
import { Global, findGlobal, isConstantClass } from './globals.js';
import { PickleError } from '../errors.js';
import type { PickleMachine } from './machine.js';
import { decodeLong, parseFloatRepr, parseInteger } from '../numbers.js';
import { Dtype, NumpyArray } from './numpy-read.js';
import { OP_NAMES, type OpName } from '../opcodes.js';
import type { PickleSource } from './source.js';
import { decodeRawUnicode, decodeUtf8 } from '../text.js';
import type { UsualOp } from './usual-ops.js';

type Run = (machine: PickleMachine, source: PickleSource) => void;

/** Lengths of up to 2^64; a length beyond 2^53 is beyond any file as well. */
type Length = (source: PickleSource) => number;
const byte: Length = (source) => source.uint8();
const word: Length = (source) => source.uint32();
const long: Length = (source) => source.uint64();

const pushing =
  (read: (source: PickleSource, machine: PickleMachine) => unknown): Run =>
  (machine, source) => {
    machine.push(read(source, machine));
  };

const text = (length: Length): Run => pushing((source) => source.text(length(source)));
const bytes = (length: Length): Run => pushing((source) => Buffer.from(source.bytes(length(source))));
const fetched = (number: Length): Run => pushing((source, machine) => machine.get(number(source)));
const tuple =
  (count: number): Run =>
  (machine) => {
    machine.gather(machine.popMany(count));
  };
const marked: Run = (machine) => {
  machine.gather(machine.popToMark());
};

const refused =
  (why: string): Run =>
  () => {
    throw new PickleError(`it is not read, since ${why}`);
  };
const INSTANCE = refused('it makes an instance of a class: in Python, store plain data instead');
const EXTENSION = refused("it refers to Python's extension registry: in Python, store plain data instead");
const PERSISTENT = refused('it refers to something outside of the pickle: in Python, store plain data instead');
const BUFFER = refused('its data lie outside of the pickle: in Python, pickle without buffer_callback');
const PYTHON_2 = refused('it is a string of Python 2: write it anew with Python 3');

/** Complete: the type makes sure. */
const OPS: Readonly<Record<Exclude<OpName, UsualOp | 'STOP'>, Run>> = {
  POP: (machine) => {
    machine.popItemOrMark();
  },
  POP_MARK: (machine) => {
    machine.popToMark();
  },
  DUP: (machine) => {
    machine.push(machine.top());
  },

  INT: pushing((source) => source.decoded(source.line(), intOfLine)),
  LONG: pushing((source) => source.decoded(source.line(), longOfLine)),
  LONG1: pushing((source) => toNumber(decodeLong(source.bytes(source.uint8())))),
  LONG4: pushing((source) => {
    const digits = source.bytes(source.int32());
    // Python writes fewer bytes as LONG1: this is a bigint of ours.
    return digits.length < 256 ? decodeLong(digits) : toNumber(decodeLong(digits));
  }),
  FLOAT: pushing((source) => source.decoded(source.line(), (line) => parseFloatRepr(line.toString('latin1')))),

  UNICODE: pushing((source) => source.decoded(source.line(), decodeRawUnicode)),
  BINUNICODE8: text(long),
  SHORT_BINBYTES: bytes(byte),
  BINBYTES: bytes(word),
  BINBYTES8: bytes(long),
  BYTEARRAY8: bytes(long),

  EMPTY_TUPLE: tuple(0),
  TUPLE1: tuple(1),
  TUPLE2: tuple(2),
  TUPLE3: tuple(3),
  TUPLE: marked,
  LIST: marked,
  DICT: (machine) => {
    machine.dict();
  },
  EMPTY_SET: pushing(() => new Set()),
  ADDITEMS: (machine) => {
    machine.addItems();
  },
  FROZENSET: pushing((_, machine) => addMembers(new Set(), machine.popToMark())),

  PUT: (machine, source) => {
    machine.put(source.decoded(source.line(), numberOfLine));
  },
  LONG_BINPUT: (machine, source) => {
    machine.put(source.uint32());
  },
  GET: fetched((source) => source.decoded(source.line(), numberOfLine)),
  LONG_BINGET: fetched(word),

  GLOBAL: pushing((source, { role }) =>
    findGlobal(source.decoded(source.line(), decodeUtf8), source.decoded(source.line(), decodeUtf8), role),
  ),
  STACK_GLOBAL: pushing((_, machine) => {
    const [module, name] = machine.popMany(2);
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new PickleError('it names something by other than strings: the pickle is damaged');
    return findGlobal(module, name, machine.role);
  }),
  REDUCE: pushing((_, machine) => {
    const [callable, args] = machine.popMany(2);
    if (!(callable instanceof Global) || !Array.isArray(args))
      throw new PickleError('it calls something that is no class or function: the pickle is damaged');
    machine.spend(sizeOf(args));
    return callable.call(args);
  }),
  BUILD: (machine) => {
    const state = machine.pop();
    const object = machine.top();
    if (!(object instanceof Dtype) && !(object instanceof NumpyArray))
      throw new PickleError('it gives a state to something that has none: in Python, store plain data instead');
    machine.spend(sizeOf(state));
    object.build(state);
  },

  NEWOBJ: (machine, source) => {
    const [Class, args] = machine.popMany(2);
    if (isConstantClass(Class) && Array.isArray(args)) machine.push(Class.call(args));
    else INSTANCE(machine, source);
  },
  NEWOBJ_EX: INSTANCE,
  INST: INSTANCE,
  OBJ: INSTANCE,
  EXT1: EXTENSION,
  EXT2: EXTENSION,
  EXT4: EXTENSION,
  PERSID: PERSISTENT,
  BINPERSID: PERSISTENT,
  NEXT_BUFFER: BUFFER,
  READONLY_BUFFER: BUFFER,
  STRING: PYTHON_2,
  BINSTRING: PYTHON_2,
  SHORT_BINSTRING: PYTHON_2,
};

/** How much a call can make of its arguments, in bytes or items. */
function sizeOf(args: unknown): number {
  let size = 0;
  for (const item of Array.isArray(args) ? (args as unknown[]) : []) {
    if (typeof item === 'string' || Array.isArray(item) || Buffer.isBuffer(item)) size += item.length;
  }
  return size;
}

function intOfLine(line: Buffer): number | bigint | boolean | undefined {
  const digits = line.toString('latin1');
  if (digits === '00' || digits === '01') return digits === '01';
  return integerOf(digits);
}

/** Python writes an L behind the digits, and does without. */
function longOfLine(line: Buffer): number | bigint | undefined {
  return integerOf(line.toString('latin1').replace(/L$/, ''));
}

function integerOf(digits: string): number | bigint | undefined {
  const value = parseInteger(digits);
  return value === undefined ? undefined : toNumber(value);
}

function numberOfLine(line: Buffer): number | undefined {
  const digits = line.toString('latin1');
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

/** By the byte. */
const BY_CODE = Array.from(
  { length: 256 },
  (_, code) => OPS[OP_NAMES.get(code) as keyof typeof OPS] as Run | undefined,
);

/** Runs an opcode that is not among the usual ones. */
export function runOther(code: number, machine: PickleMachine, source: PickleSource): void {
  const run = BY_CODE[code];
  if (run === undefined)
    throw new PickleError('there is no such opcode: the pickle is damaged, or newer than protocol 5');
  run(machine, source);
}
