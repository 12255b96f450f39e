/** A queue with two ends that outlives the process. */
import { InvalidOptionError } from '../../base/errors.js';
import type { IterateOptions, Side } from '../state/cache-options.js';
import { Cache } from './cache.js';
import { CacheView } from './cache-view.js';
import { compareSequences, sameSequence, sameValue } from './compare-values.js';
import { ENOVAL } from '../base/constants.js';
import type { DiskClass } from '../disk/disk.js';

/** How a {@link Deque} is opened. */
export interface DequeOptions {
  /**
   * Its folder, made where it is not there.
   * @defaultValue a new folder among the system's temporary ones
   */
  directory?: string | URL | undefined;
  /** The cache to use, instead of one in `directory`; see {@link Deque.fromCache}. */
  cache?: Cache | undefined;
  /**
   * How many values it holds; adding to a full deque pushes out a value at the other end.
   * @defaultValue Infinity
   */
  maxlen?: number | undefined;
}

/**
 * A double-ended queue in a folder that any number of processes share, those that use python-diskcache's `Deque`
 * included. Nothing is evicted and nothing expires; memory does not grow with its length. Adding and taking at an end
 * costs the same at any length, a place in the middle is reached by counting from the nearer named end.
 *
 * Each method is done as a whole or not at all, save that {@link extend} adds value by value. A method waits until
 * others let go of the database, however long that takes.
 *
 * With a disk that does not store integers as they are, {@link JSONDisk} for one, the ends alone can be reached:
 * adding, taking, peeking, clearing. The rest throws an InvalidOptionError.
 *
 * @example
 * using jobs = new Deque<string>([], { directory: '/data/jobs' });
 * jobs.append('reduce night 1');
 * jobs.popLeft(); // 'reduce night 1', in this process or another
 */
export class Deque<T = unknown> extends CacheView implements Iterable<T> {
  #maxlen: number;

  /**
   * @param iterable values to append
   * @throws InvalidOptionError where an option is not what it must be
   */
  constructor(iterable: Iterable<T> = [], options: DequeOptions = {}) {
    const { directory, maxlen = Infinity } = options;
    const limit = checkMaxlen(maxlen);
    super(options.cache ?? directory);
    this.#maxlen = limit;
    this.extend(iterable);
  }

  /**
   * A deque in a cache that is there already. One with another eviction policy than `none` takes values away.
   * @param iterable values to append
   */
  static fromCache<T = unknown>(cache: Cache, iterable: Iterable<T> = [], options: { maxlen?: number } = {}): Deque<T> {
    return new this<T>(iterable, { ...options, cache });
  }

  /** The same as {@link size}, by the name that sequences have it. */
  get length(): number {
    return this.size;
  }

  /** How many values it holds at most. It belongs to this object: others on the folder have their own. */
  get maxlen(): number {
    return this.#maxlen;
  }

  /** Values at the left go, until no more than this are there. */
  set maxlen(maxlen: number) {
    this.#maxlen = checkMaxlen(maxlen);
    this.transact(() => {
      this.#shorten('front');
    });
  }

  /** Adds a value at the right. */
  append(value: T): void {
    this.#add(value, 'back', 'front');
  }

  /** Adds a value at the left. */
  appendLeft(value: T): void {
    this.#add(value, 'front', 'back');
  }

  /** Adds values at the right, one by one; in a {@link transact} they appear at once. */
  extend(values: Iterable<T>): void {
    for (const value of this.#apartFromThis(values)) this.append(value);
  }

  /** Adds values at the left, one by one, so that the last one comes to stand first. */
  extendLeft(values: Iterable<T>): void {
    for (const value of this.#apartFromThis(values)) this.appendLeft(value);
  }

  /** Takes the value at the right; `undefined` where there is none. */
  pop(): T | undefined {
    return this.cache.pull<T>({ side: 'back', retry: true })?.value;
  }

  /** Takes the value at the left; `undefined` where there is none. */
  popLeft(): T | undefined {
    return this.cache.pull<T>({ side: 'front', retry: true })?.value;
  }

  /** The value at the right; `undefined` where there is none. */
  peek(): T | undefined {
    return this.cache.peek<T>({ side: 'back', retry: true })?.value;
  }

  /** The value at the left; `undefined` where there is none. */
  peekLeft(): T | undefined {
    return this.cache.peek<T>({ side: 'front', retry: true })?.value;
  }

  /**
   * The value at a place; `undefined` where there is none.
   * @param index counted from the left, 0 first; a negative one from the right, -1 first
   */
  at(index: number): T | undefined {
    for (const key of this.#keysFrom(index)) {
      const value = this.#fetch(key);
      if (value !== ENOVAL) return value;
    }
    return undefined;
  }

  /**
   * Replaces the value at a place.
   * @param index as in {@link at}
   * @throws InvalidOptionError where there is no such place
   */
  setAt(index: number, value: T): void {
    this.transact(() => {
      const { value: key, done } = this.#keysFrom(index).next();
      if (done === true) {
        throw new InvalidOptionError(
          `there is no place ${index} in the deque in ${this.directory}: it has ${this.size} values`,
        );
      }
      this.cache.set(key, value, { retry: true });
    });
  }

  /** Removes the value at a place, counted as in {@link at}. @returns whether there was one */
  deleteAt(index: number): boolean {
    return this.transact(() => {
      const { value: key, done } = this.#keysFrom(index).next();
      return done !== true && this.cache.delete(key, { retry: true });
    });
  }

  /** Removes the first value from the left that is the same by content. @returns whether there was one */
  remove(value: T): boolean {
    return this.transact(() => {
      for (const [key, item] of this.#items()) {
        if (sameValue(item, value)) return this.cache.delete(key, { retry: true });
      }
      return false;
    });
  }

  /** How many values are the same as this one by content. */
  count(value: T): number {
    let found = 0;
    for (const item of this) if (sameValue(item, value)) found++;
    return found;
  }

  /** Is there a value that is the same by content? */
  includes(value: T): boolean {
    for (const item of this) if (sameValue(item, value)) return true;
    return false;
  }

  /**
   * Moves values from the right end to the left one.
   * @param steps how many; a negative number moves from the left end to the right one
   * @throws InvalidOptionError where it is no integer
   */
  rotate(steps = 1): void {
    checkInteger(steps, 'steps');
    this.transact(() => {
      const { size } = this;
      if (size === 0) return;
      const right = ((steps % size) + size) % size;
      const [from, to, count]: [Side, Side, number] =
        right <= size / 2 ? ['back', 'front', right] : ['front', 'back', size - right];
      for (let step = 0; step < count; step++) {
        const item = this.cache.pull({ side: from, retry: true });
        if (item === undefined) return;
        this.cache.push(item.value, { side: to, retry: true });
      }
    });
  }

  /** Turns the order round. */
  reverse(): void {
    this.transact(() => {
      const fromLeft = this.#keys();
      const fromRight = this.#keys({ reverse: true });
      // Values change places and keys stay, so that both walks go on undisturbed, and meet in the middle.
      for (let pairs = Math.floor(this.size / 2); pairs > 0; pairs--) {
        const [left, right]: unknown[] = [fromLeft.next().value, fromRight.next().value];
        const value = this.#fetch(left);
        this.#put(left, this.#fetch(right));
        this.#put(right, value);
      }
    });
  }

  /** Another deque on the same folder, with the same `maxlen`: the values are shared, not copied. */
  copy(): Deque<T> {
    const { cache } = this;
    const Class = this.constructor as typeof Deque;
    const disk = cache.disk.constructor as DiskClass;
    return Class.fromCache<T>(new Cache(cache.directory, { disk, timeout: cache.timeout }), [], {
      maxlen: this.maxlen,
    });
  }

  /** Are these the same values by content, in the same order? */
  equals(other: Iterable<unknown>): boolean {
    return sameSequence(this, other);
  }

  /**
   * Lexicographic order: that of the first values that differ; if one deque begins with the other, the longer comes
   * later.
   * @returns negative where this deque comes first, positive where the other does, 0 where they are equal
   * @throws InvalidOptionError where the values that decide have no order, a number and a string for example
   */
  compare(other: Iterable<unknown>): number {
    return compareSequences(this, other);
  }

  /** Values from left to right. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (const [, value] of this.#items()) yield value;
  }

  /** Values from right to left. */
  *reversed(): Generator<T, void, undefined> {
    for (const [, value] of this.#items({ reverse: true })) yield value;
  }

  /** All values, from left to right. */
  toArray(): T[] {
    return [...this];
  }

  #add(value: T, side: Side, other: Side): void {
    if (this.#maxlen === Infinity) {
      this.cache.push(value, { side, retry: true });
      return;
    }
    this.transact(() => {
      this.cache.push(value, { side, retry: true });
      this.#shorten(other);
    });
  }

  #shorten(side: Side): void {
    while (this.size > this.#maxlen) this.cache.pull({ side, retry: true });
  }

  #fetch(key: unknown): T | typeof ENOVAL {
    return this.cache.get<T, typeof ENOVAL>(key, ENOVAL, { retry: true });
  }

  /** A value whose file is gone takes its place along. */
  #put(key: unknown, value: T | typeof ENOVAL): void {
    if (value === ENOVAL) this.cache.delete(key, { retry: true });
    else this.cache.set(key, value, { retry: true });
  }

  /** Keys with values, without what others take away meanwhile. */
  *#items(options: IterateOptions = {}): Generator<[unknown, T], void, undefined> {
    for (const key of this.#keys(options)) {
      const value = this.#fetch(key);
      if (value !== ENOVAL) yield [key, value];
    }
  }

  /** Keys from a place on, away from the end that it is counted from. */
  *#keysFrom(index: number): Generator<unknown, void, undefined> {
    checkInteger(index, 'index');
    let before = index < 0 ? -index - 1 : index;
    for (const key of this.#keys({ reverse: index < 0 })) {
      if (before-- <= 0) yield key;
    }
  }

  #keys(options?: IterateOptions): Generator<unknown, void, undefined> {
    const { disk } = this.cache;
    // The keys of queues are integers whatever the disk makes of integers.
    if (typeof disk.put(1).key === 'bigint') return this.cache.keysSorted(options);
    throw new InvalidOptionError(
      `the deque in ${this.directory} can be reached at its ends alone: ${disk.constructor.name} stores integer keys in ` +
        'another form, so that it finds no place by its key; use a Disk that does not',
    );
  }

  /** A deque that is to be added to itself would grow for ever. */
  #apartFromThis(values: Iterable<T>): Iterable<T> {
    return values === this ? [...values] : values;
  }
}

function checkInteger(value: unknown, name: string): void {
  if (!Number.isSafeInteger(value)) throw new InvalidOptionError(`${name} is ${String(value)}, but must be an integer`);
}

function checkMaxlen(maxlen: unknown): number {
  if (maxlen === Infinity || (Number.isSafeInteger(maxlen) && Number(maxlen) >= 0)) return Number(maxlen);
  throw new InvalidOptionError(`maxlen is ${String(maxlen)}, but must be an integer that is not negative, or Infinity`);
}
