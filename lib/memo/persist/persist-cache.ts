/** The `.cache` of a persisted function: its results by key, as in a dictionary. */
import type { Reduced, SizeLimits } from '../../store/maintain/reduce-size.js';
import type { PersistedFunction, Receiver } from './persisted-function.js';

/**
 * The results of one function by key, wherever they lie: results that other processes store are there, too. Damaged and
 * unreadable results count as absent. Values are copies, each time.
 */
export class PersistCache<Key = unknown, Value = unknown> {
  /** @internal */
  constructor(
    /** @internal */
    protected readonly persisted: PersistedFunction,
    /** On what it is called, where the function is a method. @internal */
    protected readonly receiver: Receiver | undefined,
  ) {}

  /**
   * The result of a key; `undefined` where there is none.
   * @throws HashCollisionError where `hash` gives another key the same name, and that key's result is stored
   * @throws UnkeyableArgumentError where the key hides its state
   */
  get(key: Key): Value | undefined {
    return this.persisted.find(key, this.receiver)?.value as Value | undefined;
  }

  /** Is there a result of this key? The errors are those of {@link get}. */
  has(key: Key): boolean {
    return this.persisted.find(key, this.receiver) !== undefined;
  }

  /**
   * Stores a result by hand: the function is not called for this key any more. If it returns promises it must be an
   * `async function`, or a result stored by hand comes back at once, and not as a promise.
   * @throws UncacheableValueError where the value cannot be brought back exactly
   * @throws HashCollisionError as {@link get}
   * @throws StowageError `STOWAGE_DISK` where the disk refuses
   */
  set(key: Key, value: Value): this {
    this.persisted.put(key, this.receiver, value);
    return this;
  }

  /** Removes a result. @returns whether there was one @throws StowageError as {@link set} */
  delete(key: Key): boolean {
    return this.persisted.remove(key, this.receiver);
  }

  /** How many results are stored. Every record is read for it. @throws StowageError as {@link set} */
  get size(): number {
    return this.persisted.records(this.receiver).length;
  }

  /** Removes the results of this function, of its present code. Those of other functions in the same place stay. */
  clear(): void {
    this.persisted.clear(this.receiver);
  }

  /**
   * Makes room: removes results of this function, of whatever code, until the limits hold; what is
   * cheapest to compute again, by the byte, goes first. What was computed from them is computed again.
   * @returns how much was removed
   * @throws InvalidOptionError where no limit is given, one is not what it must be, or the results are in no folder
   * @throws StowageError as {@link set}
   */
  reduceSize(limits: SizeLimits): Reduced {
    return this.persisted.reduceSize(this.receiver, limits);
  }

  /** Removes what functions of this name but of other code have left in the same place. @returns how many results */
  clearOtherCode(): number {
    return this.persisted.clearOtherCode(this.receiver);
  }
}

/** As {@link PersistCache}, where the keys are known, by `storeKey` or `unhash`: a Map, in the order of its names. */
export class PersistMap<Key = unknown, Value = unknown> extends PersistCache<Key, Value> implements Map<Key, Value> {
  readonly [Symbol.toStringTag] = 'PersistMap';

  *keys(): Generator<Key, undefined> {
    for (const record of this.persisted.records(this.receiver)) yield this.persisted.keyOfRecord(record) as Key;
  }

  *entries(): Generator<[Key, Value], undefined> {
    for (const key of this.keys()) {
      const found = this.persisted.find(key, this.receiver);
      // Another process may have removed it meanwhile.
      if (found !== undefined) yield [key, found.value as Value];
    }
  }

  *values(): Generator<Value, undefined> {
    for (const [, value] of this.entries()) yield value;
  }

  /** The {@link entries}. */
  [Symbol.iterator](): Generator<[Key, Value], undefined> {
    return this.entries();
  }

  forEach(visit: (value: Value, key: Key, cache: Map<Key, Value>) => void, thisArg?: unknown): void {
    for (const [key, value] of this.entries()) visit.call(thisArg, value, key, this);
  }
}
