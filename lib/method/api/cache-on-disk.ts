/** `@cacheOnDisk`, under both kinds of decorators. */
import {
  decorateMember,
  isDecoration,
  type AnyFunction,
  type AnyMethod,
  type Fits,
  type Member,
} from '../../base/language/decorating.js';
import { DecoratorError, InvalidOptionError } from '../../base/errors.js';
import { noteFile } from '../../code/sight/noted-files.js';
import { enterResults } from '../../trace/results.js';
import { declarePrivateMethod } from '../state/method-info.js';
import { callingFile } from '../state/owner.js';
import { checkOptions, type CacheOnDiskOptions, type CheckedOptions } from '../state/options.js';
import { results } from './results.js';
import { wrap } from '../call/wrapper.js';

/**
 * What `@cacheOnDisk({...})` may stand on: methods and getters whose arguments its `key` and `refresh` can take.
 * @typeParam Args the arguments that `key` and `refresh` look at
 */
export interface CacheDecorator<Args extends readonly unknown[]> {
  <This, M extends AnyMethod>(value: M & Fits<M, Args>, context: ClassMethodDecoratorContext<This, M>): M;
  <This, Result>(
    value: (this: This) => Result,
    context: ClassGetterDecoratorContext<This, Result>,
  ): (this: This) => Result;
  <M extends AnyMethod>(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<M> & Fits<M, Args>,
  ): TypedPropertyDescriptor<M>;
  <Result>(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<Result> & (Result extends AnyMethod ? never : unknown),
  ): TypedPropertyDescriptor<Result>;
  /**
   * By hand, where there are no decorators: `cacheOnDisk(Camera.prototype, 'image')` decorates the method or getter in its
   * place, `cacheOnDisk(Camera, 'create')` a static one.
   * @returns the function that stands there now
   */
  (target: object, property: string | symbol): (...args: never[]) => unknown;
}

/** `@cacheOnDisk` itself: a decorator, and a maker of decorators. */
export interface CacheOnDisk extends CacheDecorator<[]> {
  /**
   * With options or with none. No decorator learns from TypeScript what it will stand on: a `key` whose parameters have no types
   * is called with `unknown`s, and one that looks into them says what they are: `key: ({ side }: Field) => side`.
   */
  (options?: CacheOnDiskOptions<readonly unknown[]>): CacheDecorator<[]>;
  <const Args extends readonly unknown[] = []>(options: CacheOnDiskOptions<Args>): CacheDecorator<Args>;
}

/**
 * Persistent cache for the results of a method, getter or static method, synchronous or asynchronous. Once the analyzer
 * has a tag ({@link setTag}), each result is computed once: it is kept in memory, written to
 * `<tmpdir>/<prefix><tag>/<instance path>.<Class>.<method>`, and found there by later processes. Without a tag the
 * method runs as if it were not decorated.
 *
 * Use it for methods whose result depends on their arguments, their `@parameter` fields and the dataset alone.
 * Arguments tell calls apart; typed arrays and ndarrays are stored as `.npy`, Arrow tables as `.arrow`, small plain
 * values in the record, and everything else that can come back exactly as `.v8`. What cannot is returned, not stored,
 * and said in an `uncacheable` event.
 *
 * @throws DecoratorError where it stands on a field, a setter, an auto-accessor or a class
 * @throws InvalidOptionError where an option is unknown or not what it must be
 */
// The overloads of the interface are told apart at run time; one function cannot be typed as all of them.
export const cacheOnDisk = ((...args: unknown[]): unknown => {
  const [first] = args.length === 0 ? [{}] : args;
  if (isDecoration(args) || typeof first === 'function') {
    return decorate(args, checkOptions({}, '@cacheOnDisk'), callingFile(cacheOnDisk as AnyFunction));
  }
  if (args.length > 1 || typeof first !== 'object' || first === null || Array.isArray(first)) {
    throw new InvalidOptionError('@cacheOnDisk takes an object with options, or nothing');
  }
  const options = checkOptions(first, '@cacheOnDisk');
  const decorator = (...decorated: unknown[]): unknown => decorate(decorated, options, callingFile(decorator));
  return decorator;
}) as CacheOnDisk;

/** @param file in which the class stands */
function decorate(args: unknown[], options: CheckedOptions, file: string | undefined): unknown {
  enterResults(results);
  if (file !== undefined) noteFile(file);
  const decorating = { wrap: (member: Member): AnyFunction => wrapMember(member, options, file), misplaced };
  const [target, name] = args as [unknown, PropertyKey];
  // A legacy decorator of a field gets three arguments, the last one undefined.
  const own =
    args.length === 2 && typeof name !== 'object'
      ? Reflect.getOwnPropertyDescriptor(Object(target) as object, name)
      : undefined;
  if (own === undefined) return decorateMember(args, decorating);
  const decorated = decorateMember([target, name, own], decorating) as PropertyDescriptor;
  Object.defineProperty(target as object, name, decorated);
  return (decorated.value ?? decorated.get) as AnyFunction;
}

function wrapMember(
  { original, kind, label, isPrivate, isStatic, onInstance }: Member,
  options: CheckedOptions,
  file: string | undefined,
): AnyFunction {
  const info = wrap(original, kind, label, options, file);
  if (isPrivate && !isStatic) {
    onInstance?.(function (this: unknown) {
      declarePrivateMethod(Object.getPrototypeOf(this) as object, info);
    });
  }
  return info.wrapper;
}

function misplaced(label: string, what: string): DecoratorError {
  return new DecoratorError(
    `@cacheOnDisk stands on ${label}, ${what}: it caches methods and getters. What a field or an accessor is ` +
      'initialised with is computed before any tag is set; move the computation into a method or getter',
  );
}
