/** Dicts and sets in the making. Lists and tuples are arrays. */
import { setOwn } from '../../../codec/shared/own-properties.js';
import { Deferred } from './deferred.js';
import { PickleError } from '../errors.js';

/** A dict, which is a plain object or a Map, depending on all of its keys. */
export class Dict extends Deferred {
  readonly entries = new Map<unknown, unknown>();
  private made: object | undefined;

  /**
   * @param items keys and values in turn
   * @throws PickleError for a key that JavaScript cannot tell from another one
   */
  setItems(items: readonly unknown[]): void {
    if (items.length % 2 !== 0) throw new PickleError('a key of a dict has no value: the pickle is damaged');
    for (let index = 0; index < items.length; index += 2) {
      checkMember(items[index], this.entries);
      this.entries.set(items[index], items[index + 1]);
    }
  }

  override value(): object {
    return (this.made ??= this.isObject() ? {} : this.entries);
  }

  /** Puts a value in the place of what stood for it. */
  settle(key: unknown, value: unknown): void {
    const container = this.value();
    if (container === this.entries) this.entries.set(key, value);
    else setOwn(container, key as string, value);
  }

  private isObject(): boolean {
    for (const key of this.entries.keys()) if (typeof key !== 'string') return false;
    return true;
  }
}

/** @throws PickleError for a member that JavaScript cannot tell from another one */
export function addMembers(set: Set<unknown>, members: readonly unknown[]): Set<unknown> {
  for (const member of members) {
    checkMember(member, set);
    set.add(member);
  }
  return set;
}

function checkMember(member: unknown, others: { has(member: unknown): boolean }): void {
  if (member instanceof Deferred)
    throw new PickleError('the key of a dict or the member of a set is one that Python does not take');
  if (Object.is(member, -0))
    throw new PickleError('-0.0 is the key of a dict or in a set, where JavaScript makes a 0 of it');
  if (others.has(member)) throw new PickleError('two keys of a dict or members of a set are the same in JavaScript');
}
