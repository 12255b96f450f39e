/** The pickler: objects and what they hold, in CPython's order, without recursion, however deep the value. */
import { isDate, isSet } from 'node:util/types';
import type { ArrayLayout } from '../../../codec/npy/layout.js';
import { numpyArray, numpyLayout } from './numpy-write.js';
import { CONSTANT, nameOfConstant, reconstructed } from '../constants.js';
import { datetimeOf } from './datetime-write.js';
import { OpList } from './op-list.js';
import { Op } from '../opcodes.js';
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

/** Items of a container that go to the stack before they are put into it. */
const BATCH = 1000;

const ENCODE = new GlobalName('_codecs', 'encode');
const BYTES = new GlobalName('builtins', 'bytes', '__builtin__');
const SET = new GlobalName('builtins', 'set', '__builtin__');

/** Tuples of so many items need no mark from protocol 2 on. */
const SHORT_TUPLES = [Op.EMPTY_TUPLE, Op.TUPLE1, Op.TUPLE2, Op.TUPLE3] as const;

/** How the items of a container are put into it. */
interface Batches {
  /** Puts one item, in protocol 0 and where there is one alone. */
  readonly one?: number;
  /** Puts all since the mark. */
  readonly many: number;
  /** Values of an item: 2 for key and value. */
  readonly width: 1 | 2;
  /** 1 where CPython ends a number of full batches with an empty one, 0 where it does not. */
  readonly beyondLast: 0 | 1;
}

/** What an object holds, in turn; it is written between the steps. */
type Parts = Generator<unknown, void, void>;

/** Writes one value, of which all parts have a counterpart in Python. */
export class PickleWriter {
  private readonly ops = new OpList();
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
    const open: Parts[] = [];
    const begin = (value: unknown): void => {
      const parts = this.begin(value);
      if (parts !== undefined) open.push(parts);
    };
    begin(root);
    for (let parts = open.at(-1); parts !== undefined; parts = open.at(-1)) {
      const { done, value } = parts.next();
      if (done === true) open.pop();
      else begin(value);
    }
    this.ops.add(Op.STOP);
    return this.ops.finish(this.protocol);
  }

  /** Writes what has no parts; otherwise gives the parts. */
  private begin(value: unknown): Parts | undefined {
    if (typeof value === 'symbol') return this.fetch(value) ? undefined : this.constant(value);
    if (typeof value !== 'object') this.primitive(value);
    else if (value === null) this.ops.add(Op.NONE);
    else if (!this.fetch(value)) return this.parts(value);
    return undefined;
  }

  private primitive(value: unknown): void {
    const protocol = this.protocol;
    if (typeof value === 'number') writeNumber(this.ops, protocol, value);
    else if (typeof value === 'boolean') writeBoolean(this.ops, protocol, value);
    else if (typeof value === 'bigint') (this.role === 'key' ? writeInt : writeBigInt)(this.ops, protocol, value);
    else if (!this.fetch(value)) {
      writeString(this.ops, protocol, value as string);
      this.memoize(value);
    }
  }

  private parts(object: object): Parts | undefined {
    if (Buffer.isBuffer(object)) return this.buffer(object);
    if (object instanceof FreshString) {
      writeString(this.ops, this.protocol, object.text);
      return undefined;
    }
    if (object instanceof GlobalName) return this.global(object);
    if (object instanceof Reduced) return this.reduced(object, object);
    if (object instanceof Tuple) return this.tuple(object, object.items);
    if (Array.isArray(object)) return this.role === 'key' ? this.tuple(object, object) : this.list(object);
    if (isSet(object)) return this.set(object);
    if (isDate(object)) return this.reduced(datetimeOf(object), object);
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype === Object.prototype || prototype === null) return this.dict(object);
    return this.reduced(numpyArray(numpyLayout(object) as ArrayLayout), object);
  }

  /** Refers to an object that was written before. */
  private fetch(value: unknown): boolean {
    const number = this.memo.get(value);
    if (number !== undefined) this.ops.get(number);
    return number !== undefined;
  }

  private memoize(value: unknown): void {
    const number = this.memo.size;
    this.memo.set(value, number);
    this.ops.put(number);
  }

  private buffer(buffer: Buffer): Parts | undefined {
    const bytes = this.role === 'key' && buffer.length < 2 ? this.shortBuffer(buffer) : buffer;
    if (bytes !== buffer && this.fetch(bytes)) return undefined;
    if (this.protocol < 3) return this.reduced(bytesByCall(bytes), bytes);
    writeBytes(this.ops, bytes);
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

  private *global(global: GlobalName): Parts {
    const { module, name, oldModule } = global;
    if (this.protocol >= 4) {
      yield module;
      // `datetime.datetime`: to Python these are two strings.
      yield name === module ? new FreshString(name) : name;
      this.ops.add(Op.STACK_GLOBAL);
    } else {
      this.ops.addLine(Op.GLOBAL, `${this.protocol === 3 ? module : oldModule}\n${name}`);
    }
    this.memoize(global);
  }

  private *constant(constant: symbol): Parts {
    const name = nameOfConstant(constant) as string;
    if (this.protocol < 2) {
      yield* this.reduced(reconstructed(name), constant);
      return;
    }
    yield CONSTANT;
    yield new Tuple([new Tuple([name])]);
    this.ops.add(Op.NEWOBJ);
    this.memoize(constant);
  }

  private *reduced({ callable, args, state }: Reduced, object: unknown): Parts {
    yield callable;
    yield args;
    this.ops.add(Op.REDUCE);
    this.memoize(object);
    if (state === undefined) return;
    yield state;
    this.ops.add(Op.BUILD);
  }

  private *tuple(tuple: object, items: readonly unknown[]): Parts {
    const isShort = this.protocol >= 2 ? items.length <= 3 : this.protocol === 1 && items.length === 0;
    if (!isShort) this.ops.add(Op.MARK);
    yield* items;
    this.ops.add(isShort ? (SHORT_TUPLES[items.length] as number) : Op.TUPLE);
    // An empty one costs as much as a reference to it.
    if (items.length > 0) this.memoize(tuple);
  }

  private *list(list: readonly unknown[]): Parts {
    this.empty(Op.EMPTY_LIST, Op.LIST);
    this.memoize(list);
    yield* this.batches(list, { one: Op.APPEND, many: Op.APPENDS, width: 1, beyondLast: 0 });
  }

  private *dict(object: object): Parts {
    this.empty(Op.EMPTY_DICT, Op.DICT);
    this.memoize(object);
    yield* this.batches(Object.entries(object).flat(), {
      one: Op.SETITEM,
      many: Op.SETITEMS,
      width: 2,
      beyondLast: 1,
    });
  }

  private *set(set: Set<unknown>): Parts {
    const members = [...set];
    if (this.protocol < 4) {
      yield* this.reduced(new Reduced(SET, new Tuple([members])), set);
      return;
    }
    this.ops.add(Op.EMPTY_SET);
    this.memoize(set);
    yield* this.batches(members, { many: Op.ADDITEMS, width: 1, beyondLast: 1 });
  }

  private *batches(items: readonly unknown[], { one, many, width, beyondLast }: Batches): Parts {
    if (items.length === 0) return;
    if (one !== undefined && (this.protocol === 0 || items.length === width)) {
      for (let at = 0; at < items.length; at += width) {
        for (let part = at; part < at + width; part++) yield items[part];
        this.ops.add(one);
      }
      return;
    }
    for (let at = 0; at < items.length + beyondLast; at += BATCH * width) {
      this.ops.add(Op.MARK);
      for (let part = at; part < Math.min(at + BATCH * width, items.length); part++) yield items[part];
      this.ops.add(many);
    }
  }

  private empty(op: number, afterMark: number): void {
    if (this.protocol > 0) {
      this.ops.add(op);
    } else {
      this.ops.add(Op.MARK);
      this.ops.add(afterMark);
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
