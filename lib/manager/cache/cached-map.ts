/** What a program sees of a cache: the interface of a Map. */
import { inspect } from 'node:util';

/** A Map whose contents may come and go as a whole, and which hears of reads and changes. */
export abstract class CachedMap<K, V> {
  /** The contents, to be read. */
  protected abstract present(): Map<K, V>;
  /** The contents, to be changed. */
  protected abstract changeable(): Map<K, V>;
  /** Is called before a read: of the value under a key, or, without a key, of anything. */
  protected abstract noteRead(...keys: [key?: K]): void;
  /** Is called after the value under a key has changed. */
  protected abstract noteChange(key: K): void;

  /** How many entries there are. */
  get size(): number {
    const contents = this.present();
    this.noteRead();
    return contents.size;
  }

  /** The value of a key; `undefined` where there is none. */
  get(key: K): V | undefined {
    const contents = this.present();
    this.noteRead(key);
    return contents.get(key);
  }

  /** Is there an entry of this key? */
  has(key: K): boolean {
    const contents = this.present();
    this.noteRead(key);
    return contents.has(key);
  }

  /** Sets the value of a key. */
  set(key: K, value: V): this {
    this.changeable().set(key, value);
    this.noteChange(key);
    return this;
  }

  /** Removes an entry. @returns whether there was one */
  delete(key: K): boolean {
    const hadIt = this.changeable().delete(key);
    if (hadIt) this.noteChange(key);
    return hadIt;
  }

  /** Removes all entries. */
  clear(): void {
    const contents = this.changeable();
    const keys = [...contents.keys()];
    contents.clear();
    for (const key of keys) this.noteChange(key);
  }

  /** The keys, in the order in which they were set. */
  keys(): MapIterator<K> {
    return this.all().keys();
  }

  /** The values, in the order of their keys. */
  values(): MapIterator<V> {
    return this.all().values();
  }

  /** Pairs of key and value. */
  entries(): MapIterator<[K, V]> {
    return this.all().entries();
  }

  /** The {@link entries}. */
  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  /** Calls a function for each entry. */
  forEach(callback: (value: V, key: K, cache: this) => void, thisArg?: unknown): void {
    for (const [key, value] of this.entries()) callback.call(thisArg, value, key, this);
  }

  readonly [Symbol.toStringTag] = 'Map';

  /** Shows what it holds, and loads nothing for that. @internal */
  abstract [inspect.custom](depth: number, options: object): string;

  private all(): Map<K, V> {
    const contents = this.present();
    this.noteRead();
    return contents;
  }
}
