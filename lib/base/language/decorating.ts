/** Where a decorator of methods and getters stands, under both kinds of decorators. */
import { didYouMean } from '../did-you-mean.js';
import { memberNames } from './member-names.js';

/** A method's function, whatever its types. */
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Any method that has its types; `any` lets its arguments be of any type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyMethod = (this: any, ...args: any[]) => unknown;

/** Nothing where a function of the first arguments can be called as another is, which may have more; `never` where not. */
export type Fits<F, Args extends readonly unknown[]> = [Args] extends [never]
  ? unknown
  : F extends (...args: infer All) => unknown
    ? All extends [...Args, ...unknown[]]
      ? unknown
      : never
    : never;

/** What a decorator stands on. */
export interface Member {
  original: AnyFunction;
  kind: 'method' | 'getter';
  name: string | symbol;
  /** `'strehl'`, `'#strehl'` for a private member, `'[strehl]'` for a member that a symbol names. */
  label: string;
  isPrivate: boolean;
  isStatic: boolean;
  /** Does something for each instance that is made, the class itself for statics; standard decorators alone can. */
  onInstance?(initialize: (this: unknown) => void): void;
}

/** What the user of {@link decorateMember} does with a member. */
export interface Decorating {
  /** The function for the member's place. */
  wrap(member: Member): AnyFunction;
  /** The error to throw where the decorator cannot work. @param what `'a field'` */
  misplaced(label: string, what: string): Error;
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

/** Are these the arguments that a decorator gets, and not options or a function to wrap? */
export function isDecoration(args: readonly unknown[]): boolean {
  const [, second] = args;
  return args.length >= 2 && (isContext(second) || typeof second === 'string' || typeof second === 'symbol');
}

/**
 * Decorates a method or getter.
 * @returns what the decorator has to answer: a function for a standard one, a property's descriptor for a legacy one
 */
export function decorateMember(args: readonly unknown[], decorating: Decorating): unknown {
  const [first, second, third] = args;
  // A decorator of a field gets three arguments, the last one undefined; two are a name that was written by hand.
  if (args.length === 2 && !isContext(second)) {
    const name = second as string | symbol;
    throw decorating.misplaced(labelOf(name), whatStandsThere(first, name));
  }
  return isContext(second)
    ? decorateStandard(first, second, decorating)
    : decorateLegacy(first, second as string | symbol | undefined, third as PropertyDescriptor | undefined, decorating);
}

const STANDARD_KINDS: Record<string, 'method' | 'getter'> = { method: 'method', getter: 'getter' };

function decorateStandard(value: unknown, context: StandardContext, { wrap, misplaced }: Decorating): AnyFunction {
  const kind = Object.hasOwn(STANDARD_KINDS, context.kind) ? STANDARD_KINDS[context.kind] : undefined;
  const { name, private: isPrivate, static: isStatic } = context;
  const label = labelOf(name, isPrivate);
  if (kind === undefined)
    throw misplaced(label, context.kind === 'accessor' ? 'an auto-accessor' : `a ${context.kind}`);
  return wrap({
    original: value as AnyFunction,
    kind,
    name,
    label,
    isPrivate,
    isStatic,
    onInstance: (initialize) => {
      context.addInitializer(initialize);
    },
  });
}

function decorateLegacy(
  target: unknown,
  name: string | symbol | undefined,
  descriptor: PropertyDescriptor | undefined,
  { wrap, misplaced }: Decorating,
): PropertyDescriptor {
  if (name === undefined) throw misplaced('(class)', 'a class');
  const label = labelOf(name);
  if (descriptor === undefined) throw misplaced(label, 'a field');
  const member = { name, label, isPrivate: false, isStatic: typeof target === 'function' };
  if (typeof descriptor.value === 'function') {
    return { ...descriptor, value: wrap({ ...member, kind: 'method', original: descriptor.value as AnyFunction }) };
  }
  if (descriptor.get === undefined || descriptor.set !== undefined) throw misplaced(label, 'a setter or auto-accessor');
  return { ...descriptor, get: wrap({ ...member, kind: 'getter', original: descriptor.get as AnyFunction }) };
}

/** Where a class has nothing of its own of a name that was written by hand. */
function whatStandsThere(target: unknown, name: string | symbol): string {
  const holder = Object(target) as object;
  if (name in holder) return 'which its class inherits and does not define';
  return `which is no method or getter there${typeof name === 'string' ? didYouMean(name, memberNames(holder)) : ''}`;
}

/** Strings that look like a private name or a symbol are quoted: each kind has its own labels. */
function labelOf(name: string | symbol, isPrivate = false): string {
  if (typeof name === 'symbol') return `[${name.description ?? ''}]`;
  return !isPrivate && /^[#[]/.test(name) ? `['${name}']` : name;
}
