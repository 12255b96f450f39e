/** `@parameter`: fields that are part of an analyzer's identity. */
import { DecoratorError } from '../base/errors.js';
import { cacheKey } from '../key/symbols.js';

type Read = (analyzer: object) => unknown;

/** Public members are known by their property; private ones, of which each class has its own, by their declaration. */
type Member = string | symbol | object;

interface Parameter {
  /** As keys show it: `band`, `#band` for a private one, `Symbol(band)`. */
  readonly label: string;
  readonly read: Read;
}

/** Parameters by the prototype that declares them (legacy) or by the concrete prototype (standard). */
const declared = new WeakMap<object, Map<Member, Parameter>>();

function declare(prototype: object, member: Member, parameter: Parameter): void {
  const parameters = declared.get(prototype) ?? new Map<Member, Parameter>();
  declared.set(prototype, parameters.set(member, parameter));
}

/** Strings that look like another kind of name are quoted. */
function labelOf(name: string | symbol, isPrivate = false): string {
  if (typeof name === 'symbol') return String(name);
  return !isPrivate && /^#|^Symbol\(|~/.test(name) ? `['${name}']` : name;
}

/** Every parameter of an analyzer, by its property, or by something unknown for a private one. */
export function parametersOf(analyzer: object): ReadonlyMap<unknown, Parameter> {
  const all = new Map<Member, Parameter>();
  let holder = Object.getPrototypeOf(analyzer) as object | null;
  for (; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    for (const [member, parameter] of declared.get(holder) ?? []) if (!all.has(member)) all.set(member, parameter);
  }
  return all;
}

/** What belongs to an analyzer beyond its place: its parameters and what its `[cacheKey]()` returns, if any. */
export function ownKeyOf(analyzer: object): unknown {
  const parameters = parametersOf(analyzer);
  const method = cacheKey in analyzer ? analyzer[cacheKey] : undefined;
  const hasKey = typeof method === 'function';
  if (parameters.size === 0 && !hasKey) return undefined;
  const key: Record<string, unknown> = {};
  for (const { label, read } of parameters.values()) key[freeLabel(key, label)] = read(analyzer);
  return hasKey ? [key, method.call(analyzer)] : [key];
}

/** Private members of parent and child, and symbols, may share a label. */
function freeLabel(taken: object, label: string): string {
  let free = label;
  for (let place = 2; Object.hasOwn(taken, free); place++) free = `${label}~${place}`;
  return free;
}

/** What `@parameter` may stand on, in both kinds of decorators. */
export interface ParameterDecorator {
  <This extends object, Value>(value: undefined, context: ClassFieldDecoratorContext<This, Value>): void;
  <This extends object, Value>(
    value: ClassAccessorDecoratorTarget<This, Value>,
    context: ClassAccessorDecoratorContext<This, Value>,
  ): void;
  <This extends object, Value>(value: (this: This) => Value, context: ClassGetterDecoratorContext<This, Value>): void;
  (target: object, property: string | symbol, descriptor?: PropertyDescriptor): void;
}

interface StandardContext {
  kind: string;
  name: string | symbol;
  static: boolean;
  private: boolean;
  access: { get?: Read };
  addInitializer(initialize: (this: unknown) => void): void;
}

const allowedKinds = new Set(['field', 'accessor', 'getter']);

/**
 * Makes a field, an auto-accessor or a getter part of its analyzer's identity: two values of it are two results of
 * every cached method, each kept. Its value must be keyable, as arguments are.
 *
 * @throws DecoratorError where it stands on a method, a setter, a static or a class
 */
export const parameter: ParameterDecorator = (target: unknown, where?: unknown, descriptor?: unknown): void => {
  if (typeof where === 'object' && where !== null && 'kind' in where) {
    const context = where as StandardContext;
    const { get } = context.access ?? {};
    if (!allowedKinds.has(context.kind) || context.static || get === undefined) {
      throw misplaced(String(context.name), `${context.static ? 'static ' : ''}${context.kind}`);
    }
    const member = context.private ? context : context.name;
    const label = labelOf(context.name, context.private);
    context.addInitializer(function (this: unknown) {
      declare(Object.getPrototypeOf(this) as object, member, { label, read: (analyzer) => get(analyzer) });
    });
    return;
  }
  const name = where as string | symbol | undefined;
  if (typeof target !== 'object' || target === null || name === undefined) {
    throw misplaced(String(name ?? '(class)'), name === undefined ? 'class' : 'static member');
  }
  const { value, get } = (descriptor ?? {}) as PropertyDescriptor;
  if (typeof value === 'function' || (descriptor !== undefined && get === undefined)) throw misplaced(String(name), 'method or setter');
  declare(target, name, { label: labelOf(name), read: (analyzer) => Reflect.get(analyzer, name) as unknown });
};

function misplaced(name: string, kind: string): DecoratorError {
  return new DecoratorError(
    `@parameter stands on ${name}, a ${kind}: it marks fields, auto-accessors and getters of instances; ` +
      'for anything else give the class a [cacheKey]() method',
  );
}
