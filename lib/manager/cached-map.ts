/** What a program sees of a cache: the interface of a Map. */
import { inspect } from 'node:util';

/** A Map whose contents may come and go as a whole, and which hears of what is read and changed. */
export abstract class CachedMap<K, V> {
  /** The contents, to be read. */
  protected abstract present(): Map<K, V>;
  /** The contents, to be changed. */
  protected abstract changeable(): Map<K, V>;
  /** Is called before something is read: what is under a key, or, without one, anything. */
  protected abstract noteRead(...keys: [key?: K]): void;
  /** Is called after what is under a key has changed. */
  protected abstract noteChange(key: K): void;

  get size(): number {
    const contents = this.present();
    this.noteRead();
    return contents.size;
  }

  get(key: K): V | undefined {
    const contents = this.present();
    this.noteRead(key);
    return contents.get(key);
  }

  has(key: K): boolean {
    const contents = this.present();
    this.noteRead(key);
    return contents.has(key);
  }

  set(key: K, value: V): this {
    this.changeable().set(key, value);
    this.noteChange(key);
    return this;
  }

  delete(key: K): boolean {
    const hadIt = this.changeable().delete(key);
    if (hadIt) this.noteChange(key);
    return hadIt;
  }

  clear(): void {
    const contents = this.changeable();
    const keys = [...contents.keys()];
    contents.clear();
    for (const key of keys) this.noteChange(key);
  }

  keys(): MapIterator<K> {
    return this.all().keys();
  }

  values(): MapIterator<V> {
    return this.all().values();
  }

  entries(): MapIterator<[K, V]> {
    return this.all().entries();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(callback: (value: V, key: K, cache: this) => void, thisArg?: unknown): void {
    for (const [key, value] of this.entries()) callback.call(thisArg, value, key, this);
  }

  readonly [Symbol.toStringTag] = 'Map';

  /** Shows what it holds, and loads nothing for that. */
  abstract [inspect.custom](depth: number, options: object): string;

  private all(): Map<K, V> {
    const contents = this.present();
    this.noteRead();
    return contents;
  }
}
