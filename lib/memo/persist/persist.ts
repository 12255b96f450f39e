/** `persist`, as a function and as a decorator of methods of both kinds. */
import {
  decorateMember,
  isDecoration,
  type AnyFunction,
  type AnyMethod,
  type Fits,
  type Member,
} from '../../base/language/decorating.js';
import { DecoratorError, InvalidOptionError } from '../../base/errors.js';
import { noteWrapped } from '../../code/code-of.js';
import { isPrototype } from '../../key/functions/receiver.js';
import type { Reference } from '../../call/reference.js';
import { PersistCache, PersistMap } from './persist-cache.js';
import { checkPersistOptions, type CheckedPersistOptions, type PersistOptions } from './persist-options.js';
import { PersistedFunction, type Receiver } from './persisted-function.js';

/** Any function; of `any`, a parameter with a default would be `any`, and not what the default is. */
type Callable = (...args: never[]) => unknown;

/** A persisted function: itself, and its results. */
export type Persisted<F extends Callable, Cache = PersistCache<Parameters<F>, Awaited<ReturnType<F>>>> = F & {
  /** The results that are stored. */
  readonly cache: Cache;
  /** Removes them; as `cache.clear()`. */
  clear(): void;
  /**
   * A reference to the stored result of a call, which is loaded when it is asked for. Computes nothing.
   * @throws NotStoredError where nothing is stored that a call would use
   */
  reference(...args: Parameters<F>): Reference<Awaited<ReturnType<F>>>;
};

/** The options that a function can have whose keys are `Key`s. */
export type OptionsOf<F extends Callable, Key> = PersistOptions<Parameters<F>, Key, Awaited<ReturnType<F>>>;

/** With one of these, the keys are known, and the cache is a Map. */
type WithKeys = { storeKey: true } | { unhash: (hash: string) => unknown };

/** What `persist({...})` answers: a decorator of methods, which also takes a function. */
export interface PersistDecorator<Args extends readonly unknown[], Key, Value> {
  <This, M extends AnyMethod>(value: M & Fits<M, Args>, context: ClassMethodDecoratorContext<This, M>): M;
  <M extends AnyMethod>(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<M> & Fits<M, Args>,
  ): TypedPropertyDescriptor<M>;
  <F extends Callable>(
    fn: F & Fits<F, Args>,
  ): Persisted<F, PersistCache<unknown extends Key ? Parameters<F> : Key, Awaited<ReturnType<F>> & Known<Value>>>;
}

/** What a serializer says of the value beside the function itself. */
type Known<Value> = unknown extends Value ? unknown : Value;

/** `persist` itself. */
export interface Persist {
  <F extends Callable>(fn: F): Persisted<F>;
  <F extends Callable, Key = Parameters<F>>(
    fn: F,
    options: OptionsOf<F, Key> & WithKeys,
  ): Persisted<F, PersistMap<Key, Awaited<ReturnType<F>>>>;
  <F extends Callable, Key = Parameters<F>>(
    fn: F,
    options: OptionsOf<F, Key>,
  ): Persisted<F, PersistCache<Key, Awaited<ReturnType<F>>>>;
  <This, M extends AnyMethod>(value: M, context: ClassMethodDecoratorContext<This, M>): M;
  <M extends AnyMethod>(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): TypedPropertyDescriptor<M>;
  /** With options or with none; parameters of `key` that have no types are `unknown`. */
  (options?: PersistOptions<readonly unknown[], unknown, unknown>): PersistDecorator<[], unknown, unknown>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a serializer of one type of value, whichever it is
  <const Args extends readonly unknown[] = [], Key = unknown, Value = any>(
    options: PersistOptions<Args, Key, Value>,
  ): PersistDecorator<Args, Key, Value>;
}

/**
 * Stores what a function returns, for good: called again with the same arguments, by this process or another, it answers
 * from the cache. The function is one whose result depends on its arguments alone, and, for a method, on its instance.
 *
 * Each function has a folder, and each result a file there, named after the `hash` of its key, with its record beside it:
 * values are written by the codecs of Stowage, or by a `serialize` of your own. The wrapper has a `cache`, which is read and
 * changed as a dictionary. Every call gets a copy of its own, exact to the bit and type. Concurrent calls, in this process
 * or others, compute once. What cannot be stored, and what the disk refuses, is returned, not stored, and said in an event.
 *
 * On a method, each instance has a wrapper of its own, bound to it, which does not keep it alive. The key is made of the
 * instance (its `[cacheKey]()`, its registered key, or all its fields) and the arguments, unless `key` says otherwise.
 *
 * Results of a function that uses cached methods of Stowage are stale when those are. A second function of one
 * name and source in one place, which may close over other variables, is refused: give each a `name`.
 *
 * @throws InvalidOptionError where an option is unknown or not what it must be, or the function has no name, or name and source
 * do not tell it from others; of a method, when it is used
 * @throws DecoratorError where it stands on anything but a method
 */
// The overloads of the interface are told apart at run time; one function cannot be typed as all of them.
export const persist = ((...args: unknown[]): unknown => {
  const [first, second] = args;
  if (isDecoration(args)) return decorate(args, checkPersistOptions({}));
  if (typeof first === 'function' && args.length <= 2)
    return wrapFunction(first as AnyFunction, checkPersistOptions(second ?? {}));
  if (args.length > 1 || typeof first === 'function') {
    throw new InvalidOptionError(
      'persist takes a function, with or without options, or options alone to make a decorator',
    );
  }
  const options = checkPersistOptions(args.length === 0 ? {} : first);
  return (...decorated: unknown[]) =>
    isDecoration(decorated) ? decorate(decorated, options) : wrapFunction(checkedFunction(decorated[0]), options);
}) as Persist;

/**
 * The cache of a persisted function or method, where its type does not say that it has one: that of a decorated method.
 * With `storeKey` or `unhash` it is a {@link PersistMap}.
 * @throws InvalidOptionError where the function is not persisted
 */
export function cacheOf<F extends Callable>(fn: F): PersistCache<unknown, Awaited<ReturnType<F>>>;
export function cacheOf<Key = unknown, Value = unknown>(fn: Callable): PersistCache<Key, Value>;
export function cacheOf(fn: Callable): PersistCache {
  const { cache } = fn as Partial<Persisted<Callable, PersistCache>>;
  if (cache instanceof PersistCache) return cache;
  throw new InvalidOptionError('cacheOf needs a function or method that is persisted');
}

function checkedFunction(fn: unknown): AnyFunction {
  if (typeof fn === 'function') return fn as AnyFunction;
  throw new InvalidOptionError('persist takes a function, or stands on a method');
}

function wrapFunction(fn: AnyFunction, options: CheckedPersistOptions): AnyFunction {
  const persisted = new PersistedFunction(fn, options);
  // Without an object: a result that depends on `this` would be stored under a key that does not.
  return withCache((...args) => persisted.call(undefined, args), persisted, undefined);
}

function decorate(args: readonly unknown[], options: CheckedPersistOptions): unknown {
  const made: { method?: Method } = {};
  const result = decorateMember(args, {
    wrap: (member) => {
      if (member.kind !== 'method') throw misplaced(member.label, 'a getter');
      made.method = new Method(member, options);
      return made.method.unbound;
    },
    misplaced,
  });
  // A legacy decorator answers with a property; a standard one can only change it once an instance is made.
  return typeof result === 'function' ? result : { ...made.method?.accessor, enumerable: false };
}

function misplaced(label: string, what: string): DecoratorError {
  return new DecoratorError(
    `@persist stands on ${label}, ${what}: it takes functions and methods; turn it into a method`,
  );
}

/** A persisted method of one class. */
class Method {
  /** For those who bring an object of their own, by `call` or `apply`. */
  readonly unbound: AnyFunction;
  /** What stands in the place of the method: each object that asks gets its own function. */
  readonly accessor: PropertyDescriptor;
  private readonly persisted: PersistedFunction;
  private readonly bound = new WeakMap<object, AnyFunction>();

  constructor({ original, label, name, isPrivate, isStatic, onInstance }: Member, options: CheckedPersistOptions) {
    const persisted = new PersistedFunction(original, options, label);
    this.persisted = persisted;
    this.unbound = withCache(
      function (this: unknown, ...args) {
        return persisted.call(persisted.receiver(this as object), args);
      },
      persisted,
      undefined,
    );
    const ofObject = (object: object): AnyFunction => this.of(object, isStatic);
    this.accessor = {
      get(this: object) {
        return ofObject(this);
      },
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
      },
      configurable: true,
      enumerable: false,
    };
    noteWrapped(this.accessor.get as object, original);
    if (isPrivate) return;
    const { unbound, accessor } = this;
    onInstance?.(function (this: unknown) {
      replace(this as object, name, unbound, accessor);
    });
  }

  private of(object: object, isStatic: boolean): AnyFunction {
    let wrapper = this.bound.get(object);
    if (wrapper === undefined) {
      const { persisted, unbound } = this;
      const receiver = persisted.receiver(object);
      // A prototype is no instance: its method is called on others.
      wrapper =
        isStatic || !isPrototype(object)
          ? withCache((...args) => persisted.call(receiver, args), persisted, receiver)
          : withCache(
              function (this: unknown, ...args) {
                return unbound.apply(this, args);
              },
              persisted,
              receiver,
            );
      this.bound.set(object, wrapper);
    }
    return wrapper;
  }
}

/** Puts the accessor where a standard decorator could only put a function. */
function replace(instance: object, name: string | symbol, unbound: AnyFunction, accessor: PropertyDescriptor): void {
  for (let at: object | null = instance; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.getOwnPropertyDescriptor(at, name)?.value === unbound) Object.defineProperty(at, name, accessor);
  }
}

function withCache(wrapper: AnyFunction, persisted: PersistedFunction, receiver: Receiver | undefined): AnyFunction {
  const { original, options } = persisted;
  noteWrapped(wrapper, original);
  const hasKeys = options.storeKey || options.unhash !== undefined;
  const cache = new (hasKeys ? PersistMap : PersistCache)(persisted, receiver);
  const members = {
    name: original.name,
    length: original.length,
    cache,
    clear: () => {
      cache.clear();
    },
    reference: (...args: unknown[]) => persisted.reference(receiver, args),
  };
  for (const [name, value] of Object.entries(members))
    Object.defineProperty(wrapper, name, { value, configurable: true });
  return wrapper;
}
