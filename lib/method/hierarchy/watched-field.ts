/** A field cannot be watched by its class: on a tagged analyzer it becomes an accessor that behaves as the field did. */
import { markFieldGetter } from '../../base/language/field-getter.js';
import { withoutNoting } from '../../trace/frame.js';
import { noteRead, noteSet } from './parameter-watch.js';
import type { Parameter } from '../state/parameters.js';

/** Getters and setters, put there by the decorator, that note by themselves that they are used. */
const watchful = new WeakSet<object>();

/** Says that an accessor of a class notes by itself that it is used. */
export function markWatchful(accessor: object): void {
  watchful.add(accessor);
}

/** One parameter of one tagged analyzer, as it is watched. */
class WatchedField {
  /** Are reading and setting it seen? */
  isWatched = false;
  /** Has the analyzer a value of its own? If not, what it inherits is read. */
  private isOwn = false;
  private value: unknown;
  private getter: (() => unknown) | undefined;
  /** What it was when it was last looked at, where that is all that can be done. */
  private last: unknown;

  constructor(
    readonly member: unknown,
    readonly parameter: Parameter,
  ) {}

  /** Is it as it was left? Deleting a field, and defining it anew, are not seen otherwise. */
  isSame(analyzer: object): boolean {
    if (!this.isWatched) return Object.is(this.last, this.parameter.read(analyzer));
    if (!isProperty(this.member)) return true;
    return Reflect.getOwnPropertyDescriptor(analyzer, this.member)?.get === this.getter;
  }

  /** Watches it as it is now. */
  watch(analyzer: object): void {
    const { member } = this;
    this.getter = undefined;
    this.isWatched = isProperty(member) ? this.watchProperty(analyzer, member) : this.parameter.isSeen;
    if (!this.isWatched) this.last = this.parameter.read(analyzer);
  }

  private watchProperty(analyzer: object, member: string | symbol): boolean {
    const own = Reflect.getOwnPropertyDescriptor(analyzer, member);
    if (own === undefined) {
      return (
        isWatchful(inheritedDescriptor(analyzer, member)) ||
        (Object.isExtensible(analyzer) && this.replace(analyzer, member, own))
      );
    }
    return own.configurable === true && own.writable !== false && this.replace(analyzer, member, own);
  }

  /** Puts an accessor in the place of the field, or where it will be. */
  private replace(analyzer: object, member: string | symbol, own: PropertyDescriptor | undefined): boolean {
    const { label } = this.parameter;
    const user = own?.get ?? own?.set;
    this.isOwn = own !== undefined && user === undefined;
    this.value = own?.value;
    const look = (receiver: object): unknown => {
      if (this.isOwn) return this.value;
      if (user !== undefined) return own?.get?.call(receiver);
      return Reflect.get(Object.getPrototypeOf(analyzer) as object, member, receiver);
    };
    const get = function (this: object): unknown {
      noteRead(analyzer, label, () => look(this));
      return look(this);
    };
    const set = (receiver: unknown, next: unknown): void => {
      // An object that inherits from the analyzer gets a field of its own, as from a field; a frozen one keeps what it has.
      if (receiver !== analyzer && !hasOwnGetter(receiver, member, get)) {
        Reflect.defineProperty(Object(receiver) as object, member, {
          value: next,
          configurable: true,
          enumerable: true,
          writable: true,
        });
        return;
      }
      if (Object.isFrozen(analyzer)) throw new TypeError(`Cannot assign to the parameter ${label} of a frozen object`);
      if (this.isOwn) this.value = next;
      else if (user !== undefined) assign(own?.set, analyzer, next, label);
      else this.setInherited(analyzer, member, next, get);
      noteSet(analyzer, label);
    };
    // One of a user's own stays an accessor to those who look at properties.
    if (user === undefined) markFieldGetter(get, () => look(analyzer));
    this.getter = get;
    return Reflect.defineProperty(analyzer, member, {
      configurable: true,
      enumerable: own?.enumerable === true,
      get,
      set(this: unknown, next: unknown) {
        set(this, next);
      },
    });
  }

  /** The first value of its own, or one for the setter of a class. */
  private setInherited(analyzer: object, member: string | symbol, next: unknown, get: () => unknown): void {
    const inherited = inheritedDescriptor(analyzer, member);
    if (inherited !== undefined && !('value' in inherited)) {
      assign(inherited.set, analyzer, next, this.parameter.label);
      return;
    }
    this.isOwn = true;
    this.value = next;
    const present = Reflect.getOwnPropertyDescriptor(analyzer, member);
    if (present?.get === get) Reflect.defineProperty(analyzer, member, { ...present, enumerable: true });
  }
}

function isProperty(member: unknown): member is string | symbol {
  return typeof member === 'string' || typeof member === 'symbol';
}

function assign(set: ((value: unknown) => void) | undefined, analyzer: object, next: unknown, label: string): void {
  if (set === undefined) throw new TypeError(`Cannot set the parameter ${label}, which has only a getter`);
  set.call(analyzer, next);
}

function hasOwnGetter(object: unknown, member: string | symbol, get: unknown): boolean {
  return typeof object === 'object' && object !== null && Reflect.getOwnPropertyDescriptor(object, member)?.get === get;
}

function inheritedDescriptor(analyzer: object, member: string | symbol): PropertyDescriptor | undefined {
  let holder = Object.getPrototypeOf(analyzer) as object | null;
  for (; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const descriptor = Reflect.getOwnPropertyDescriptor(holder, member);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

function isWatchful(descriptor: PropertyDescriptor | undefined): boolean {
  const { get, set } = descriptor ?? {};
  return get !== undefined && watchful.has(get) && (set === undefined || watchful.has(set));
}

const fields = new WeakMap<object, Map<unknown, WatchedField>>();

/** Watches the parameters of an analyzer; those that are watched already stay so. */
export function watchFields(analyzer: object, parameters: ReadonlyMap<unknown, Parameter>): void {
  const known = fields.get(analyzer) ?? new Map<unknown, WatchedField>();
  fields.set(analyzer, known);
  withoutNoting(() => {
    for (const [member, parameter] of parameters) {
      const before = known.get(member);
      if (before?.isSame(analyzer) === true) continue;
      const field = before ?? new WatchedField(member, parameter);
      field.watch(analyzer);
      known.set(member, field);
    }
  });
}

/** What became of a parameter unseen. */
export interface Surprise {
  label: string;
  isWatched: boolean;
}

/** The parameters that were deleted or defined anew, or set where that is not seen; they are watched again. */
export function lookAtFields(analyzer: object): readonly Surprise[] {
  const known = fields.get(analyzer);
  if (known === undefined) return [];
  return withoutNoting(() => {
    const changed = [...known.values()].filter((field) => !field.isSame(analyzer));
    for (const field of changed) field.watch(analyzer);
    return changed.map(({ parameter, isWatched }) => ({ label: parameter.label, isWatched }));
  });
}

/** The parameters of an analyzer of which cannot be seen that they are read: those of a frozen one, and private fields. */
export function unwatchedFields(analyzer: object): Parameter[] {
  return [...(fields.get(analyzer)?.values() ?? [])]
    .filter(({ isWatched }) => !isWatched)
    .map(({ parameter }) => parameter);
}
