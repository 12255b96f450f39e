/** The opcodes that most pickles consist of: run by a switch, in a third of the time that a table takes. */
import { Dict } from './containers.js';
import { PickleError } from '../errors.js';
import type { PickleMachine } from './machine.js';
import { HIGHEST_PROTOCOL, Op, type OpName } from '../opcodes.js';
import type { PickleSource } from './source.js';

export type UsualOp = Extract<
  OpName,
  | 'PROTO'
  | 'FRAME'
  | 'MARK'
  | 'NONE'
  | 'NEWTRUE'
  | 'NEWFALSE'
  | 'BININT'
  | 'BININT1'
  | 'BININT2'
  | 'BINFLOAT'
  | 'SHORT_BINUNICODE'
  | 'BINUNICODE'
  | 'EMPTY_LIST'
  | 'APPEND'
  | 'APPENDS'
  | 'EMPTY_DICT'
  | 'SETITEM'
  | 'SETITEMS'
  | 'BINGET'
  | 'BINPUT'
  | 'MEMOIZE'
>;

/** Runs an opcode. @returns whether it is one of the usual ones */
export function runUsual(code: number, machine: PickleMachine, source: PickleSource): boolean {
  switch (code) {
    case Op.SHORT_BINUNICODE:
      machine.push(source.text(source.uint8()));
      return true;
    case Op.BINUNICODE:
      machine.push(source.text(source.uint32()));
      return true;
    case Op.BININT1:
      machine.push(source.uint8());
      return true;
    case Op.BININT2:
      machine.push(source.uint16());
      return true;
    case Op.BININT:
      machine.push(source.int32());
      return true;
    case Op.BINFLOAT:
      machine.push(source.float64());
      return true;
    case Op.NONE:
      machine.push(null);
      return true;
    case Op.NEWTRUE:
      machine.push(true);
      return true;
    case Op.NEWFALSE:
      machine.push(false);
      return true;
    case Op.MEMOIZE:
      machine.putNext();
      return true;
    case Op.BINPUT:
      machine.put(source.uint8());
      return true;
    case Op.BINGET:
      machine.push(machine.get(source.uint8()));
      return true;
    case Op.MARK:
      machine.mark();
      return true;
    case Op.EMPTY_LIST:
      machine.push([]);
      return true;
    case Op.APPEND:
      machine.append(machine.heightOf(1));
      return true;
    case Op.APPENDS:
      machine.append(machine.popMark());
      return true;
    case Op.EMPTY_DICT:
      machine.push(new Dict());
      return true;
    case Op.SETITEM:
      machine.setItems(machine.heightOf(2));
      return true;
    case Op.SETITEMS:
      machine.setItems(machine.popMark());
      return true;
    case Op.PROTO:
      checkProtocol(source.uint8());
      return true;
    case Op.FRAME:
      checkFrame(source.uint64(), source.left);
      return true;
    default:
      return false;
  }
}

function checkProtocol(protocol: number): void {
  if (protocol <= HIGHEST_PROTOCOL) return;
  throw new PickleError(`protocol ${protocol} is newer than those that are read, 0 to ${HIGHEST_PROTOCOL}`);
}

function checkFrame(length: number, left: number): void {
  if (length <= left) return;
  throw new PickleError(`a frame of ${length} bytes, and ${left} follow: the pickle is cut short or damaged`);
}
