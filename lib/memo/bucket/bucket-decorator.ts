/** The types of `@bucket.cached`. */
import type { WrapOptions } from './bucket-options.js';

/** Any function; `any` lets its arguments be of any type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Callable = (this: any, ...args: any[]) => unknown;

/** What a decorator of methods and getters may stand on, under both kinds of decorators. */
export interface MemberDecorator {
  <This, M extends Callable>(value: M, context: ClassMethodDecoratorContext<This, M>): M;
  <This, Result>(
    value: (this: This) => Result,
    context: ClassGetterDecoratorContext<This, Result>,
  ): (this: This) => Result;
  <T>(target: object, property: string | symbol, descriptor: TypedPropertyDescriptor<T>): TypedPropertyDescriptor<T>;
}

/** `@bucket.cached` itself: a decorator, and a maker of decorators. */
export interface BucketDecorator extends MemberDecorator {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- arguments and value are those of whatever it stands on
  (options: Omit<WrapOptions<any[], any>, 'method'>): MemberDecorator;
}
