/** The types of the verbs that are asked about one call: they complete the members, check the arguments, and know the value. */

/** Any function. */
type AnyMethod = (...args: never[]) => unknown;

/** Members that are functions. */
type MethodKey<T> = { [K in keyof T]-?: NonNullable<T[K]> extends AnyMethod ? K : never }[keyof T];

type IsSame<A, B> = (<X>() => X extends A ? true : false) extends <X>() => X extends B ? true : false ? true : false;

/** Members that cannot be set: getters, and fields that are as good. */
type ReadonlyKey<T> = {
  [K in keyof T]-?: IsSame<{ [P in K]: T[P] }, { -readonly [P in K]: T[P] }> extends true ? never : K;
}[keyof T];

/** The names that can be those of cached methods and getters: which of them are cached, no type says. */
export type MemberName<T> = MethodKey<T> | ReadonlyKey<T>;

/** What a member is called with; a getter with nothing. */
export type ArgumentsOf<T, M extends keyof T> = NonNullable<T[M]> extends (...args: infer Args) => unknown ? Args : [];

/** What a member returns, or its promise resolves to; the value of a getter. */
export type ValueOf<T, M extends keyof T> = Awaited<NonNullable<T[M]> extends (...args: never[]) => infer R ? R : T[M]>;

/** A name that is known when the program runs, and any name of an object of which nothing is known. */
type LateName<T, M> = string extends M ? M : symbol extends M ? M : object extends T ? M : never;

/** No function. */
type Value = string | number | bigint | boolean | symbol | null | undefined | (object & { readonly apply?: never });

/** What a verb answers: `is`, made of the `value` of the call. */
export interface Answer {
  readonly value: unknown;
  readonly is: unknown;
}

/** The same answer whatever the value. */
export interface Plain<T> extends Answer {
  readonly is: T;
}

type AnswerFor<A extends Answer, V> = (A & { readonly value: V })['is'];

/**
 * A verb that takes an object, a cached method of it, or its name, and the arguments of the call. Private and protected members
 * are given as functions, `this.strehl`; a name in a variable of type `string` is taken at its word.
 */
export interface AboutCall<A extends Answer> {
  /** The method itself. */
  <Args extends readonly unknown[], R>(
    instance: object,
    method: (...args: Args) => R,
    ...args: Args
  ): AnswerFor<A, Awaited<R>>;
  /** A name that is not known before. */
  <T extends object, M extends string | symbol>(
    instance: T,
    method: M & LateName<T, M>,
    ...args: unknown[]
  ): AnswerFor<A, unknown>;
  /** A member by its name. */
  <T extends object, M extends MemberName<T>>(
    instance: T,
    method: M,
    ...args: ArgumentsOf<T, M>
  ): AnswerFor<A, ValueOf<T, M>>;
  /** `this`, or an object of a type parameter, whose members no type lists: the arguments are held against the member, and the value is not known. */
  <T extends Readonly<Record<M, Value>>, M extends string | symbol>(instance: T, method: M): AnswerFor<A, unknown>;
  /**
   * The same with arguments.
   * @typeParam T the object
   */
  <
    T extends Readonly<Record<M, (...args: Args) => unknown>>,
    M extends string | symbol,
    Args extends readonly unknown[],
  >(
    instance: T,
    method: M,
    ...args: Args
  ): AnswerFor<A, unknown>;
}
