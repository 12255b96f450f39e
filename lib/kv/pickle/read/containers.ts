/** Dicts and sets in the making. Lists and tuples are arrays. */
import { Deferred } from './deferred.js';
import { PickleError } from '../errors.js';

/** A dict: a plain object as long as all of its keys are strings, a Map from the first other key on. */
export class Dict extends Deferred {
  private readonly object: Record<string, unknown> = {};
  /** Its keys in their order, which those of an object are not always in. */
  private readonly names: string[] = [];
  private map: Map<unknown, unknown> | undefined;
  private isHeld = false;

  /** Sets an item. @throws PickleError for a key that JavaScript cannot tell from another one */
  set(key: unknown, value: unknown): void {
    if (this.map === undefined && typeof key === 'string') {
      this.setNamed(key, value);
      return;
    }
    const map = (this.map ??= new Map(this.names.map((name) => [name, this.object[name]])));
    checkMember(key, map);
    map.set(key, value);
  }

  /** What others hold of it. It may become a Map after that, see {@link replaced}. */
  override value(): object {
    this.isHeld = true;
    return this.map ?? this.object;
  }

  /** The object that others hold, where the dict is a Map by now. */
  get replaced(): object | undefined {
    return this.isHeld && this.map !== undefined ? this.object : undefined;
  }

  private setNamed(name: string, value: unknown): void {
    const { object } = this;
    if (name in object) {
      if (Object.hasOwn(object, name)) throw sameMembers();
      // An inherited name, `__proto__` among them.
      Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
    } else {
      object[name] = value;
    }
    this.names.push(name);
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
  if (others.has(member)) throw sameMembers();
}

function sameMembers(): PickleError {
  return new PickleError('two keys of a dict or members of a set are the same in JavaScript');
}
