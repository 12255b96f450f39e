/** `@parameter`: fields that are part of an analyzer's identity. */
import { DecoratorError } from '../../base/errors.js';
import { noteBirth, noteRead, noteSet } from '../hierarchy/parameter-watch.js';
import { declare, labelOf, type Read } from '../state/parameters.js';
import { markWatchful } from '../hierarchy/watched-field.js';

/** What `@parameter` may stand on, in both kinds of decorators. */
export interface ParameterDecorator {
  <This extends object, Value>(value: undefined, context: ClassFieldDecoratorContext<This, Value>): void;
  <This extends object, Value>(
    value: ClassAccessorDecoratorTarget<This, Value>,
    context: ClassAccessorDecoratorContext<This, Value>,
  ): ClassAccessorDecoratorResult<This, Value>;
  <This extends object, Value>(
    value: (this: This) => Value,
    context: ClassGetterDecoratorContext<This, Value>,
  ): (this: This) => Value;
  <T>(target: object, property: string | symbol, descriptor: TypedPropertyDescriptor<T>): TypedPropertyDescriptor<T>;
  (target: object, property: string | symbol): void;
}

interface StandardContext {
  kind: string;
  name: string | symbol;
  static: boolean;
  private: boolean;
  access: { get?: Read };
  addInitializer(initialize: (this: unknown) => void): void;
}

const ALLOWED_KINDS = new Set(['field', 'accessor', 'getter']);

/**
 * Makes a field, an auto-accessor or a getter part of its analyzer's identity: two values of it are two results of
 * every cached method, each kept. Its value must be keyable, as arguments are.
 *
 * @throws DecoratorError where it stands on a method, a setter, a static or a class
 */
// The overloads of the interface are told apart at run time; one function cannot be typed as all of them.
export const parameter = ((target: unknown, where?: unknown, descriptor?: unknown): unknown => {
  if (typeof where === 'object' && where !== null && 'kind' in where) return standard(target, where as StandardContext);
  return legacy(target, where as string | symbol | undefined, descriptor as PropertyDescriptor | undefined);
}) as ParameterDecorator;

function standard(target: unknown, context: StandardContext): unknown {
  const { get } = context.access;
  if (!ALLOWED_KINDS.has(context.kind) || context.static || get === undefined) {
    throw misplaced(String(context.name), `${context.static ? 'static ' : ''}${context.kind}`);
  }
  const member = context.private ? context : context.name;
  const label = labelOf(context.name, context.private);
  context.addInitializer(function (this: unknown) {
    noteBirth(this as object);
    declare(Object.getPrototypeOf(this) as object, member, {
      label,
      read: (analyzer) => get(analyzer),
      isSeen: context.kind !== 'field',
    });
  });
  if (context.kind === 'getter') return watchedGetter(label, target as () => unknown);
  return context.kind === 'accessor' ? watchedAccessor(label, target as Accessor) : undefined;
}

function legacy(
  target: unknown,
  property: string | symbol | undefined,
  given: PropertyDescriptor | undefined,
): unknown {
  // Babel describes a field, too, by what initialises it.
  const descriptor = given !== undefined && 'initializer' in given ? undefined : given;
  const name = String(property ?? '(class)');
  if (typeof target !== 'object' || target === null || property === undefined) {
    throw misplaced(name, property === undefined ? 'class' : 'static member');
  }
  if (descriptor !== undefined && descriptor.get === undefined) throw misplaced(name, 'method or setter');
  const label = labelOf(property);
  declare(target, property, {
    label,
    read: (analyzer) => Reflect.get(analyzer, property) as unknown,
    isSeen: descriptor !== undefined,
  });
  return descriptor === undefined ? undefined : { ...descriptor, ...watchedAccessor(label, descriptor as Accessor) };
}

interface Accessor {
  get(this: object): unknown;
  set?(this: object, value: unknown): void;
}

function watchedGetter(name: string, get: (this: object) => unknown): (this: object) => unknown {
  const getter = function (this: object): unknown {
    noteRead(this, name, () => get.call(this));
    return get.call(this);
  };
  markWatchful(getter);
  return getter;
}

function watchedAccessor(name: string, { get, set }: Accessor): Accessor {
  const watched: Accessor = { get: watchedGetter(name, get) };
  if (set === undefined) return watched;
  const setter = function (this: object, value: unknown): void {
    set.call(this, value);
    noteSet(this, name);
  };
  markWatchful(setter);
  return { ...watched, set: setter };
}

function misplaced(name: string, kind: string): DecoratorError {
  return new DecoratorError(
    `@parameter stands on ${name}, a ${kind}: it marks fields, auto-accessors and getters of instances; ` +
      'for anything else give the class a [cacheKey]() method',
  );
}
