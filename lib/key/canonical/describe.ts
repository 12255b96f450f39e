/** From a value to its plan: which rules apply to it, and which values are refused. */
import { types } from 'node:util';
import { isNdArray, isTypedArray } from '../../base/language/brand.js';
import { isExternal } from '../../base/language/is-external.js';
import { temporalParts } from '../../base/language/temporal.js';
import { arrowPlan } from './arrow.js';
import { type Purpose, arrayKind, isForeignObjectPrototype, planOfBuiltIn } from './built-ins.js';
import { registeredByInstance } from '../classes/class-registry.js';
import { isNative, privateMember } from '../classes/class-source.js';
import { propertyLabel } from '../names/instance-path.js';
import { libraryPlan } from './library.js';
import { checkLayout, elementsOf } from './elements.js';
import type { Layout } from './gather.js';
import { classNameOf, dataProperty, inheritedData, ownProperties } from './own-properties.js';
import { HOLE, Plan, Refusal, Tag } from './plan.js';
import { cacheKey } from '../classes/symbols.js';

/** What an encoding is for, and what it may ask. */
export interface DescribePurpose extends Purpose {
  /** Names an object otherwise unknown, a tagged analyzer for example. */
  readonly identify?: ((value: object) => string | undefined) | undefined;
  /** Takes an instance of any class by its own fields, where they are all its state. */
  readonly byFields?: boolean | undefined;
}

/** @throws Refusal where the value hides its state */
export function describe(value: object, purpose: DescribePurpose): Plan {
  if (typeof value === 'function') return identified(value, purpose);
  if (types.isProxy(value)) return libraryPlan(value, purpose) ?? refuse('a Proxy');
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (types.isProxy(prototype)) throw new Refusal('an object whose prototype is a Proxy');
  if (prototype === Object.prototype || prototype === null || isForeignObjectPrototype(prototype)) {
    return plainObject(value, prototype, purpose);
  }
  const builtIn =
    planOfBuiltIn(value, prototype, purpose) ??
    temporalPlan(value) ??
    (purpose.ordered ? undefined : intlPlan(value, prototype));
  if (builtIn !== undefined) return builtIn;
  return (
    (purpose.ordered ? undefined : byCacheKey(value, prototype)) ??
    registered(value, purpose) ??
    libraryPlan(value, purpose) ??
    ndarrayPlan(value, purpose) ??
    arrowPlan(value, purpose) ??
    (purpose.byFields === true ? fieldsPlan(value) : undefined) ??
    identified(value, purpose)
  );
}

function refuse(what: string): never {
  throw new Refusal(what);
}

function plainObject(value: object, prototype: object | null, purpose: DescribePurpose): Plan {
  if (isExternal(value) || types.isModuleNamespaceObject(value)) throw new Refusal(whatIs(value));
  if (!purpose.ordered && Object.hasOwn(value, cacheKey)) {
    const plan = byCacheKey(value, prototype);
    if (plan !== undefined) return plan;
  }
  const tag = prototype === null ? Tag.nullObject : Tag.object;
  return new Plan(tag, ownProperties(value, !purpose.ordered), 0, true);
}

function byCacheKey(value: object, prototype: object | null): Plan | undefined {
  const method = inheritedData(value, cacheKey);
  if (typeof method !== 'function') return undefined;
  const key: unknown = Reflect.apply(method, value, []);
  if (key === value) throw new Refusal('the instance itself, returned by its [cacheKey]()', '[cacheKey]()');
  const name = registeredByInstance(value)?.name ?? classNameOf(prototype);
  return new Plan(Tag.keyedInstance, [name, key]);
}

function registered(value: object, purpose: DescribePurpose): Plan | undefined {
  const known = registeredByInstance(value);
  if (known === undefined) return undefined;
  if (known.key === undefined || purpose.ordered) {
    return new Plan(Tag.registeredFields, [known.name, ...ownProperties(value, !purpose.ordered)]);
  }
  const key = known.key(value);
  if (key === value) throw new Refusal(`the instance itself, returned by the key of ${known.name}`);
  return new Plan(Tag.registeredInstance, [known.name, key]);
}

/**
 * An instance of a class of the user's own by its fields; `undefined` for built-ins and their subclasses, whose state
 * is elsewhere.
 * @throws Refusal where a class on the way up has a `#private` member
 */
function fieldsPlan(value: object): Plan | undefined {
  const prototype = Object.getPrototypeOf(value) as object;
  for (let at: object | null = prototype; at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    const Class: unknown = at === null ? undefined : Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (types.isProxy(at) || typeof Class !== 'function' || isNative(Class)) return undefined;
    const member = privateMember(Class);
    if (member !== undefined) throw new Refusal(`an instance of ${Class.name}, whose ${member} cannot be seen`);
  }
  return new Plan(Tag.instanceFields, [classNameOf(prototype), ...ownProperties(value, true)]);
}

/** What `isNdArray` reads, which must run no getter. */
const NDARRAY_FIELDS = ['data', 'shape', 'stride', 'offset', 'dtype', 'get', 'pick'] as const;

const NDARRAY_OWN: ReadonlySet<unknown> = new Set(['data', 'shape', 'stride', 'offset']);

function ndarrayPlan(value: object, purpose: DescribePurpose): Plan | undefined {
  if (NDARRAY_FIELDS.some((name) => inheritedData(value, name) === undefined) || !isNdArray(value)) return undefined;
  const extra = Reflect.ownKeys(value).find((name) => !NDARRAY_OWN.has(name));
  if (extra !== undefined) throw new Refusal('an ndarray with properties of its own', propertyLabel(String(extra)));
  const { shape, stride, offset } = value;
  const data: unknown = value.data;
  if ([shape, stride, data].some(types.isProxy)) throw new Refusal('an ndarray made of proxies');
  if (isTypedArray(data)) {
    checkLayout(data.length, value);
    return new Plan(Tag.ndarray, [arrayKind(data), shape.length, ...shape, elementsOf(data, value, !purpose.ordered)]);
  }
  if (!Array.isArray(data)) throw new Refusal('an ndarray whose elements lie behind get and set functions');
  checkLayout(data.length, value);
  const items: unknown[] = ['Array', shape.length, ...shape];
  forEachIndex({ shape, stride, offset }, (index) => {
    items.push(Object.hasOwn(data, index) ? dataProperty(data, String(index)) : HOLE);
  });
  return new Plan(Tag.ndarray, items);
}

/** In row-major order. */
function forEachIndex(layout: Layout, visit: (index: number) => void): void {
  const walk = (axis: number, index: number): void => {
    if (axis === layout.shape.length) {
      visit(index);
      return;
    }
    for (let i = 0; i < (layout.shape[axis] as number); i++)
      walk(axis + 1, index + i * (layout.stride[axis] as number));
  };
  walk(0, layout.offset);
}

function temporalPlan(value: object): Plan | undefined {
  const parts = temporalParts(value);
  return parts && withOwn(value, new Plan(Tag.temporal, [parts.name, parts.text]));
}

/** A formatter does what its resolved options say; a locale is its name. */
function intlPlan(value: object, prototype: object): Plan | undefined {
  const name = NAMES_OF_INTL.find(
    (each) => (Intl as unknown as Record<string, { prototype?: unknown } | undefined>)[each]?.prototype === prototype,
  );
  if (name === undefined) return undefined;
  try {
    const ask = Reflect.get(prototype, name === 'Locale' ? 'toString' : 'resolvedOptions') as () => unknown;
    return withOwn(value, new Plan(Tag.intl, [name, Reflect.apply(ask, value, [])]));
  } catch {
    // It only inherits from the class.
    return undefined;
  }
}

const NAMES_OF_INTL = [
  'Collator',
  'DateTimeFormat',
  'DisplayNames',
  'DurationFormat',
  'ListFormat',
  'Locale',
  'NumberFormat',
  'PluralRules',
  'RelativeTimeFormat',
  'Segmenter',
];

function withOwn(value: object, plan: Plan): Plan {
  const own = ownProperties(value, true);
  return own.length === 0 ? plan : new Plan(Tag.withProperties, [plan, new Plan(Tag.object, own)]);
}

/** The advice for an instance of a class that a program cannot add to. */
const FOR_BUILT_INS =
  'pass plain data that says the same, or say what identifies the call with the option key: (...args) => …';

function identified(value: object, { identify, ordered }: DescribePurpose): Plan {
  const identity = identify?.(value);
  if (identity === undefined) {
    const Class = typeof value === 'function' ? undefined : inheritedData(value, 'constructor');
    const isBuiltIn = typeof Class === 'function' && isNative(Class);
    throw new Refusal(whatIs(value), '', isBuiltIn && !ordered ? FOR_BUILT_INS : undefined);
  }
  return new Plan(Tag.identified, [identity]);
}

/** Values that users are likely to pass by mistake, by what they are called. */
const KNOWN_KINDS: readonly [is: (value: object) => boolean, what: string][] = [
  [(value) => typeof value === 'function', 'a function'],
  [types.isPromise, 'a promise'],
  [types.isWeakMap, 'a WeakMap'],
  [types.isWeakSet, 'a WeakSet'],
  [types.isGeneratorObject, 'a generator'],
  [types.isMapIterator, 'an iterator of a Map'],
  [types.isSetIterator, 'an iterator of a Set'],
  [isExternal, 'an object of a native module'],
  [types.isModuleNamespaceObject, 'a module'],
];

function whatIs(value: object): string {
  const known = KNOWN_KINDS.find(([is]) => is(value));
  if (known !== undefined) return known[1];
  const name = classNameOf(Object.getPrototypeOf(value) as object | null);
  return name === '' ? 'an instance of a class without a name' : `an instance of ${name}`;
}
