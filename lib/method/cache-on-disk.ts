/** `@cacheOnDisk`, under both kinds of decorators. */
import { DecoratorError, InvalidOptionError } from '../base/errors.js';
import { enterResults } from '../trace/results.js';
import { declarePrivateMethod, type AnyFunction } from './method-info.js';
import { checkOptions, type CacheOptions, type CheckedOptions } from './options.js';
import { results } from './results.js';
import { wrap } from './wrapper.js';

/** Any method; `any` lets its arguments be of any type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Method = (this: any, ...args: any[]) => unknown;

/** Nothing where `key` and `refresh` can take the arguments of the method, which may have more than they look at. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Fits<M extends Method, Args extends readonly unknown[]> = Parameters<M> extends [...Args, ...any[]] ? unknown : never;

/**
 * What `@cacheOnDisk({...})` may stand on: methods and getters whose arguments its `key` and `refresh` can take.
 * @typeParam Args the arguments that `key` and `refresh` look at
 */
export interface CacheDecorator<Args extends readonly unknown[]> {
  <This, M extends Method>(value: M & Fits<M, Args>, context: ClassMethodDecoratorContext<This, M>): M;
  <This, Result>(
    value: (this: This) => Result,
    context: ClassGetterDecoratorContext<This, Result>,
  ): (this: This) => Result;
  <M extends Method>(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<M> & Fits<M, Args>,
  ): TypedPropertyDescriptor<M>;
  <Result>(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<Result> & (Result extends Method ? never : unknown),
  ): TypedPropertyDescriptor<Result>;
}

/** `@cacheOnDisk` itself: a decorator, and a maker of decorators. */
export interface CacheOnDisk extends CacheDecorator<[]> {
  <const Args extends readonly unknown[] = []>(options: CacheOptions<Args>): CacheDecorator<Args>;
}

interface StandardContext {
  kind: string;
  name: string | symbol;
  private: boolean;
  static: boolean;
  addInitializer(initialize: (this: unknown) => void): void;
}

/**
 * The two kinds of decorators are told apart by their second argument: a standard one gets a context object, a legacy
 * one a property's name. The first argument cannot tell: a static legacy method gets the class, a function too.
 */
function isContext(argument: unknown): argument is StandardContext {
  return typeof argument === 'object' && argument !== null && 'kind' in argument;
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
  const [first, second] = args;
  const isDecorator = args.length >= 2 && (isContext(second) || typeof second === 'string' || typeof second === 'symbol');
  if (isDecorator || typeof first === 'function') return decorate(args, checkOptions({}, '@cacheOnDisk'));
  if (args.length !== 1 || typeof first !== 'object' || first === null || Array.isArray(first)) {
    throw new InvalidOptionError('@cacheOnDisk takes an object with options, or stands alone without parentheses');
  }
  const options = checkOptions(first, '@cacheOnDisk');
  return (...decorated: unknown[]) => decorate(decorated, options);
}) as CacheOnDisk;

function decorate(args: unknown[], options: CheckedOptions): unknown {
  enterResults(results);
  const [, second] = args;
  return isContext(second)
    ? decorateStandard(args[0], second, options)
    : decorateLegacy(second as string | symbol | undefined, args[2] as PropertyDescriptor | undefined, options);
}

const standardKinds: Record<string, 'method' | 'getter'> = { method: 'method', getter: 'getter' };

function decorateStandard(value: unknown, context: StandardContext, options: CheckedOptions): AnyFunction {
  const kind = Object.hasOwn(standardKinds, context.kind) ? standardKinds[context.kind] : undefined;
  const label = labelOf(context.name, context.private);
  if (kind === undefined) throw misplaced(label, context.kind);
  const info = wrap(value as AnyFunction, kind, label, options);
  if (context.private && !context.static) {
    context.addInitializer(function (this: unknown) {
      declarePrivateMethod(Object.getPrototypeOf(this) as object, info);
    });
  }
  return info.wrapper;
}

function decorateLegacy(
  property: string | symbol | undefined,
  descriptor: PropertyDescriptor | undefined,
  options: CheckedOptions,
): PropertyDescriptor {
  if (property === undefined) throw misplaced('(class)', 'class');
  const label = labelOf(property);
  if (descriptor === undefined) throw misplaced(label, 'field');
  if (typeof descriptor.value === 'function') {
    return { ...descriptor, value: wrap(descriptor.value as AnyFunction, 'method', label, options).wrapper };
  }
  if (descriptor.get === undefined || descriptor.set !== undefined) throw misplaced(label, 'setter or auto-accessor');
  return { ...descriptor, get: wrap(descriptor.get as AnyFunction, 'getter', label, options).wrapper };
}

/** Strings that look like a private name or a symbol are quoted: each kind has its own labels. */
function labelOf(name: string | symbol, isPrivate = false): string {
  if (typeof name === 'symbol') return `[${name.description ?? ''}]`;
  return !isPrivate && /^[#[]/.test(name) ? `['${name}']` : name;
}

function misplaced(name: string, kind: string): DecoratorError {
  return new DecoratorError(
    `@cacheOnDisk stands on ${name}, ${kind === 'accessor' ? 'an auto-accessor' : `a ${kind}`}: it caches methods and getters. What a field or an accessor is ` +
      'initialised with is computed before any tag is set; move the computation into a method or getter',
  );
}
