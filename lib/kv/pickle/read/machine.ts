/** The stack, the marks on it and the memo of an unpickler. Nothing here makes anything but data. */
import { addMembers, Dict } from './containers.js';
import { Deferred } from './deferred.js';
import { PickleError } from '../errors.js';
import { settle } from './settle.js';

const DAMAGED = 'the pickle is damaged';

export class PickleMachine {
  /** Beyond its height, it holds what was taken. */
  private readonly stack: unknown[] = [];
  private height = 0;
  /** Heights of the stack at the marks. */
  private readonly marks: number[] = [];
  /** The height of the last mark: what lies below it cannot be taken. */
  private floor = 0;
  private readonly memo = new Memo();
  /** Does a container hold what stands for a value? */
  private isLoose = false;
  /** Maps in the place of objects that containers may hold. */
  private readonly replaced = new Map<unknown, unknown>();
  private left: number;

  /**
   * @param bytes length of the pickle
   * @param role what the pickle is: keys may hold what values may not
   */
  constructor(
    bytes: number,
    readonly role: 'key' | 'value',
  ) {
    this.left = bytes * 2;
  }

  push(value: unknown): void {
    this.stack[this.height++] = value;
  }

  pop(): unknown {
    this.expect(1);
    return this.stack[--this.height];
  }

  top(): unknown {
    this.expect(1);
    return this.stack[this.height - 1];
  }

  /** Takes the items on top, the lowest first. */
  popMany(count: number): unknown[] {
    this.expect(count);
    const from = this.height - count;
    const items = this.stack.slice(from, this.height);
    this.height = from;
    return items;
  }

  mark(): void {
    this.marks.push(this.height);
    this.floor = this.height;
  }

  /** Takes the items above the last mark, and the mark. */
  popToMark(): unknown[] {
    return this.popMany(this.height - this.popMark());
  }

  /** Takes the top of the stack, or the mark if that is there. */
  popItemOrMark(): void {
    if (this.marks.length > 0 && this.floor === this.height) this.popMark();
    else this.pop();
  }

  /** Makes a list or a tuple of the items on top. */
  gather(items: unknown[]): void {
    for (let place = 0; place < items.length; place++) items[place] = this.held(items[place]);
    this.push(items);
  }

  put(number: number): void {
    this.memo.set(number, this.top());
  }

  putNext(): void {
    this.memo.add(this.top());
  }

  get(number: number): unknown {
    const value = this.memo.get(number);
    if (value === undefined) throw new PickleError(`the memo has no number ${number}: ${DAMAGED}`);
    return value;
  }

  /** Appends the items from a height on to the list below them. */
  append(from: number): void {
    const { stack, height } = this;
    const list = this.below(from);
    if (!Array.isArray(list)) throw new PickleError(`what is appended to is no list: ${DAMAGED}`);
    for (let at = from; at < height; at++) list.push(this.held(stack[at]));
  }

  /** Sets the items from a height on, keys and values in turn, in the dict below them. */
  setItems(from: number): void {
    const { height } = this;
    const dict = this.below(from);
    if (!(dict instanceof Dict)) throw new PickleError(`what items are set in is no dict: ${DAMAGED}`);
    this.fill(dict, from, height);
  }

  /** Makes a dict of the items above the last mark, keys and values in turn. */
  dict(): void {
    const { height } = this;
    const from = (this.height = this.popMark());
    const dict = new Dict();
    this.fill(dict, from, height);
    this.push(dict);
  }

  private fill(dict: Dict, from: number, to: number): void {
    const { stack } = this;
    if ((to - from) % 2 !== 0) throw new PickleError('a key of a dict has no value: the pickle is damaged');
    for (let at = from; at < to; at += 2) dict.set(stack[at], this.held(stack[at + 1]));
    if (dict.replaced !== undefined) {
      this.replaced.set(dict.replaced, dict.value());
      this.isLoose = true;
    }
  }

  /** Adds the items above the last mark to the set below it. */
  addItems(): void {
    const members = this.popToMark();
    const set = this.top();
    if (!(set instanceof Set)) throw new PickleError(`what members are added to is no set: ${DAMAGED}`);
    addMembers(set, members);
  }

  /** Takes the last mark; answers its height. */
  popMark(): number {
    const mark = this.marks.pop();
    if (mark === undefined) throw new PickleError(`there is no mark on the stack: ${DAMAGED}`);
    this.floor = this.marks.at(-1) ?? 0;
    return mark;
  }

  /** The height of the items on top. */
  heightOf(count: number): number {
    this.expect(count);
    return this.height - count;
  }

  /**
   * Calls copy their arguments, and the memo lends one argument to many calls: without a bound, a small pickle could
   * fill any memory. Python's own pickles hold each argument once.
   */
  spend(size: number): void {
    this.left -= size;
    if (this.left < 0)
      throw new PickleError('it makes more data than the pickle holds: the pickle was not written by pickle.dumps');
  }

  /** The one value that is left, with all that it holds. */
  finish(): unknown {
    const root = this.pop();
    if (this.height > 0 || this.marks.length > 0) throw new PickleError(`more than one value is left: ${DAMAGED}`);
    const value = this.held(root);
    return this.isLoose ? settle(value, this.replaced) : value;
  }

  /** Takes what lies above a height, and answers what lies below it and stays. */
  private below(from: number): unknown {
    this.height = from;
    return this.top();
  }

  /** What a container is to hold for what is on the stack. */
  private held(item: unknown): unknown {
    if (!(item instanceof Deferred)) return item;
    if (item instanceof Dict) return item.value();
    this.isLoose = true;
    return item;
  }

  private expect(count: number): void {
    if (this.height - this.floor < count) throw new PickleError(`the stack holds too little: ${DAMAGED}`);
  }
}

/** Values by number: in turn, save in pickles that no pickler writes. */
class Memo {
  private readonly inTurn: unknown[] = [];
  private readonly others = new Map<number, unknown>();

  add(value: unknown): void {
    if (this.others.size === 0) this.inTurn.push(value);
    else this.set(this.inTurn.length + this.others.size, value);
  }

  set(number: number, value: unknown): void {
    if (number < this.inTurn.length) this.inTurn[number] = value;
    else if (number === this.inTurn.length && this.others.size === 0) this.inTurn.push(value);
    else this.others.set(number, value);
  }

  get(number: number): unknown {
    return number < this.inTurn.length ? this.inTurn[number] : this.others.get(number);
  }
}
