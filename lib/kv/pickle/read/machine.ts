/** The stack, the marks on it and the memo of an unpickler. Nothing here makes anything but data. */
import { addMembers, Dict } from './containers.js';
import { PickleError } from '../errors.js';
import { settle } from './settle.js';

const DAMAGED = 'the pickle is damaged';

export class PickleMachine {
  private readonly stack: unknown[] = [];
  /** Heights of the stack at the marks. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, unknown>();

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
    this.stack.push(value);
  }

  pop(): unknown {
    this.expect(1);
    return this.stack.pop();
  }

  top(): unknown {
    this.expect(1);
    return this.stack.at(-1);
  }

  /** Takes the items on top, the lowest first. */
  popMany(count: number): unknown[] {
    this.expect(count);
    return this.stack.splice(this.stack.length - count);
  }

  mark(): void {
    this.marks.push(this.stack.length);
  }

  /** Takes the items above the last mark, and the mark. */
  popToMark(): unknown[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw new PickleError(`there is no mark on the stack: ${DAMAGED}`);
    return this.stack.splice(mark);
  }

  /** Takes the top of the stack, or the mark if that is there. */
  popItemOrMark(): void {
    if (this.marks.at(-1) === this.stack.length) this.marks.pop();
    else this.pop();
  }

  put(number: number): void {
    this.memo.set(number, this.top());
  }

  putNext(): void {
    this.put(this.memo.size);
  }

  get(number: number): unknown {
    if (!this.memo.has(number)) throw new PickleError(`the memo has no number ${number}: ${DAMAGED}`);
    return this.memo.get(number);
  }

  append(items: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new PickleError(`what is appended to is no list: ${DAMAGED}`);
    for (const item of items) list.push(item);
  }

  /** Keys and values in turn. */
  setItems(entries: readonly unknown[]): void {
    const dict = this.top();
    if (!(dict instanceof Dict)) throw new PickleError(`what items are set in is no dict: ${DAMAGED}`);
    dict.setItems(entries);
  }

  addItems(members: readonly unknown[]): void {
    const set = this.top();
    if (!(set instanceof Set)) throw new PickleError(`what members are added to is no set: ${DAMAGED}`);
    addMembers(set, members);
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
    if (this.stack.length > 0 || this.marks.length > 0)
      throw new PickleError(`more than one value is left: ${DAMAGED}`);
    return settle(root);
  }

  /** What lies below a mark cannot be taken. */
  private expect(count: number): void {
    if (this.stack.length - (this.marks.at(-1) ?? 0) < count)
      throw new PickleError(`the stack holds too little: ${DAMAGED}`);
  }
}
