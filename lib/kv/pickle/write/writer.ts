/** The pickler: objects and what they hold, in CPython's order, without recursion, however deep the value. */
import { isDate, isSet } from 'node:util/types';
import type { ArrayLayout } from '../../../codec/npy/layout.js';
import { numpyArray, numpyLayout } from './numpy-write.js';
import { CONSTANT, nameOfConstant, reconstructed } from '../constants.js';
import { datetimeOf } from './datetime-write.js';
import { OpList } from './op-list.js';
import { Op } from '../opcodes.js';
import { Batches, END, Items, Steps, type Parts, type Put } from './parts.js';
import { FreshString, GlobalName, Reduced, Tuple } from '../python-value.js';
import { writeBigInt, writeBoolean, writeBytes, writeInt, writeNumber, writeString } from './write-atoms.js';

export interface PickleWriterOptions {
  /** 0 to 5. */
  protocol: number;
  /**
   * In a key, arrays are tuples, bigints are written as any int, and equal Buffers of up to one byte are one, as
   * Python has them. In a value, arrays are lists, and bigints and Buffers come back as they were.
   */
  role: 'key' | 'value';
}

const ENCODE = new GlobalName('_codecs', 'encode');
const BYTES = new GlobalName('builtins', 'bytes', '__builtin__');
const SET = new GlobalName('builtins', 'set', '__builtin__');

/** Tuples of so many items need no mark from protocol 2 on. */
const SHORT_TUPLES = [Op.EMPTY_TUPLE, Op.TUPLE1, Op.TUPLE2, Op.TUPLE3] as const;

const LIST: Put = { one: Op.APPEND, many: Op.APPENDS, width: 1, beyondLast: 0 };
const DICT: Put = { one: Op.SETITEM, many: Op.SETITEMS, width: 2, beyondLast: 1 };
const MEMBERS: Put = { many: Op.ADDITEMS, width: 1, beyondLast: 1 };

/** Of the pickle at hand: one is written after the other, and none within another. */
const ops = new OpList();

/** Writes one value, of which all parts have a counterpart in Python. */
export class PickleWriter {
  /** Numbers of the objects that were written, and of strings by their text. */
  private readonly memo = new Map<unknown, number>();
  private readonly shortBytes = new Map<string, Buffer>();
  private readonly protocol: number;
  private readonly role: 'key' | 'value';

  constructor({ protocol, role }: PickleWriterOptions) {
    this.protocol = protocol;
    this.role = role;
  }

  write(root: unknown): Buffer {
    ops.begin();
    const open: Parts[] = [];
    let parts = this.begin(root);
    while (parts !== undefined) {
      const value = parts.next();
      if (value === END) {
        parts = open.pop();
        continue;
      }
      const inner = this.begin(value);
      if (inner === undefined) continue;
      open.push(parts);
      parts = inner;
    }
    ops.add(Op.STOP);
    return ops.finish(this.protocol);
  }

  /** Writes what has no parts; otherwise gives the parts. */
  private begin(value: unknown): Parts | undefined {
    if (typeof value === 'symbol') return this.fetch(value) ? undefined : new Steps(this.constant(value));
    if (typeof value !== 'object') this.primitive(value);
    else if (value === null) ops.add(Op.NONE);
    else if (!this.fetch(value)) return this.parts(value);
    return undefined;
  }

  private primitive(value: unknown): void {
    const protocol = this.protocol;
    if (typeof value === 'number') writeNumber(ops, protocol, value);
    else if (typeof value === 'boolean') writeBoolean(ops, protocol, value);
    else if (typeof value === 'bigint') (this.role === 'key' ? writeInt : writeBigInt)(ops, protocol, value);
    else if (!this.fetch(value)) {
      writeString(ops, protocol, value as string);
      this.memoize(value);
    }
  }

  private parts(object: object): Parts | undefined {
    if (Array.isArray(object)) return this.role === 'key' ? this.tuple(object, object) : this.list(object);
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype === Object.prototype || prototype === null) return this.dict(object);
    if (Buffer.isBuffer(object)) return this.buffer(object);
    if (object instanceof Tuple) return this.tuple(object, object.items);
    if (object instanceof GlobalName) return new Steps(this.global(object));
    if (object instanceof Reduced) return new Steps(this.reduced(object, object));
    if (isSet(object)) return this.set(object);
    if (isDate(object)) return new Steps(this.reduced(datetimeOf(object), object));
    if (object instanceof FreshString) {
      writeString(ops, this.protocol, object.text);
      return undefined;
    }
    return new Steps(this.reduced(numpyArray(numpyLayout(object) as ArrayLayout), object));
  }

  /** Refers to an object that was written before. */
  private fetch(value: unknown): boolean {
    const number = this.memo.get(value);
    if (number !== undefined) ops.get(number);
    return number !== undefined;
  }

  private memoize(value: unknown): void {
    const number = this.memo.size;
    this.memo.set(value, number);
    ops.put(number);
  }

  private buffer(buffer: Buffer): Parts | undefined {
    const bytes = this.role === 'key' && buffer.length < 2 ? this.shortBuffer(buffer) : buffer;
    if (bytes !== buffer && this.fetch(bytes)) return undefined;
    if (this.protocol < 3) return new Steps(this.reduced(bytesByCall(bytes), bytes));
    writeBytes(ops, bytes);
    this.memoize(bytes);
    return undefined;
  }

  /** Python has one object for each. */
  private shortBuffer(buffer: Buffer): Buffer {
    const content = buffer.toString('latin1');
    const known = this.shortBytes.get(content) ?? buffer;
    this.shortBytes.set(content, known);
    return known;
  }

  private *global(global: GlobalName): Generator<unknown, void, void> {
    const { module, name, oldModule } = global;
    if (this.protocol >= 4) {
      yield module;
      // `datetime.datetime`: to Python these are two strings.
      yield name === module ? new FreshString(name) : name;
      ops.add(Op.STACK_GLOBAL);
    } else {
      ops.addLine(Op.GLOBAL, `${this.protocol === 3 ? module : oldModule}\n${name}`);
    }
    this.memoize(global);
  }

  private *constant(constant: symbol): Generator<unknown, void, void> {
    const name = nameOfConstant(constant) as string;
    if (this.protocol < 2) {
      yield* this.reduced(reconstructed(name), constant);
      return;
    }
    yield CONSTANT;
    yield new Tuple([new Tuple([name])]);
    ops.add(Op.NEWOBJ);
    this.memoize(constant);
  }

  private *reduced({ callable, args, state }: Reduced, object: unknown): Generator<unknown, void, void> {
    yield callable;
    yield args;
    ops.add(Op.REDUCE);
    this.memoize(object);
    if (state === undefined) return;
    yield state;
    ops.add(Op.BUILD);
  }

  private tuple(tuple: object, items: readonly unknown[]): Parts {
    const isShort = this.protocol >= 2 ? items.length <= 3 : this.protocol === 1 && items.length === 0;
    if (!isShort) ops.add(Op.MARK);
    return new Items(items, () => {
      ops.add(isShort ? (SHORT_TUPLES[items.length] as number) : Op.TUPLE);
      // An empty one costs as much as a reference to it.
      if (items.length > 0) this.memoize(tuple);
    });
  }

  private list(list: readonly unknown[]): Parts {
    this.empty(Op.EMPTY_LIST, Op.LIST);
    this.memoize(list);
    return new Batches(ops, list, this.protocol, LIST);
  }

  private dict(object: object): Parts {
    this.empty(Op.EMPTY_DICT, Op.DICT);
    this.memoize(object);
    const items: unknown[] = [];
    for (const name of Object.keys(object)) items.push(name, (object as Record<string, unknown>)[name]);
    return new Batches(ops, items, this.protocol, DICT);
  }

  private set(set: Set<unknown>): Parts {
    const members = [...set];
    if (this.protocol < 4) return new Steps(this.reduced(new Reduced(SET, new Tuple([members])), set));
    ops.add(Op.EMPTY_SET);
    this.memoize(set);
    return new Batches(ops, members, this.protocol, MEMBERS);
  }

  private empty(op: number, afterMark: number): void {
    if (this.protocol > 0) {
      ops.add(op);
    } else {
      ops.add(Op.MARK);
      ops.add(afterMark);
    }
  }
}

/** Protocols before 3 have no bytes, but strings that can be encoded. */
function bytesByCall(bytes: Buffer): Reduced {
  if (bytes.length === 0) return new Reduced(BYTES, new Tuple([]));
  const text = bytes.toString('latin1');
  // Python has one object for each string of one such character.
  return new Reduced(ENCODE, new Tuple([text.length === 1 ? text : new FreshString(text), 'latin1']));
}
