/** The types of `@bucket.cached`. */
import type { AnyMethod, Fits } from '../../base/language/decorating.js';
import type { WrapOptions } from './bucket-options.js';

/** Any function; of `any`, a parameter with a default would be `any`, and not what the default is. */
export type Callable = (...args: never[]) => unknown;

/**
 * What a decorator of methods and getters may stand on, under both kinds of decorators.
 * @typeParam Args the arguments that its `refresh` looks at
 */
export interface MemberDecorator<Args extends readonly unknown[] = []> {
  <This, M extends AnyMethod>(value: M & Fits<M, Args>, context: ClassMethodDecoratorContext<This, M>): M;
  <This, Result>(
    value: (this: This) => Result,
    context: ClassGetterDecoratorContext<This, Result>,
  ): (this: This) => Result;
  <T>(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<T> & (T extends AnyMethod ? Fits<T, Args> : unknown),
  ): TypedPropertyDescriptor<T>;
}

/** `@bucket.cached` itself: a decorator, and a maker of decorators. */
export interface BucketDecorator extends MemberDecorator {
  /** With options or with none; parameters that have no types are `unknown`. */
  (options?: MemberOptions<readonly unknown[], unknown>): MemberDecorator;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the value is that of whatever it stands on
  <const Args extends readonly unknown[] = [], Value = any>(options: MemberOptions<Args, Value>): MemberDecorator<Args>;
}

/** What it stands on is a method. */
type MemberOptions<Args extends readonly unknown[], Value> = Omit<WrapOptions<Args, Value>, 'method'>;
