/** Finding the cached method that is meant, and the place of one of its calls. */
import { hasIdentity, kindOf } from '../../base/language/brand.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { NotCachedError } from '../../base/errors.js';
import type { Place } from '../../store/disk/place.js';
import type { Identity } from '../../store/record/identity.js';
import type { Binding } from '../state/binding.js';
import { whereIs } from './identity-of-call.js';
import { concreteClassOf } from '../state/class-name.js';
import { ownPlaceOf } from '../state/own-place.js';
import { callKeyOf } from './key-of-call.js';
import { cachedMethodsOf, everyCachedMethodOf, infoIn, infoOf, type MethodInfo } from '../state/method-info.js';
import { findBinding } from '../hierarchy/tagging.js';

/** A method as the user names it: the method itself, `analyzer.strehl`, or its name; for a getter, its name. */
export type MethodName = ((...args: never[]) => unknown) | string | symbol;

/** @throws NotCachedError where the method is not decorated with `@cacheOnDisk` or is another class's, or there is no analyzer */
export function cachedMethod(analyzer: unknown, method: MethodName, caller: string): MethodInfo {
  if (!hasIdentity(analyzer)) throw new NotCachedError(`${caller} needs an analyzer, not ${kindOf(analyzer)}`);
  const info = typeof method === 'function' ? infoOfMember(analyzer, method) : infoNamed(analyzer, method);
  if (info !== undefined) return info;
  const name = typeof method === 'function' ? method.name || '(anonymous function)' : String(method);
  const labels = [...new Set([...everyCachedMethodOf(analyzer)].map(({ label }) => label))];
  throw new NotCachedError(
    `${caller}: ${name} of ${concreteClassOf(analyzer).name} is not a cached method${didYouMean(name, labels)}: ` +
      `it has ${labels.join(', ') || 'none'}; decorate it with @cacheOnDisk, or check its name`,
  );
}

/** Of a class of the analyzer, overridden or not; a private method cannot be looked for, and is taken at its word. */
function infoOfMember(analyzer: object, method: object): MethodInfo | undefined {
  const info = infoOf(method);
  if (info === undefined || info.label.startsWith('#')) return info;
  for (let holder: object | null = analyzer; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (cachedMethodsOf(holder).includes(info)) return info;
  }
  return undefined;
}

function infoNamed(analyzer: object, name: string | symbol): MethodInfo | undefined {
  for (let holder: object | null = analyzer; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const descriptor = Reflect.getOwnPropertyDescriptor(holder, name);
    if (descriptor !== undefined) return infoIn(descriptor);
  }
  return undefined;
}

/** Where a method of an analyzer stands: under a setting of its own, or with its analyzer. */
export function bindingOfMethod(info: MethodInfo, analyzer: object): Binding | undefined {
  const found = findBinding(analyzer);
  return ownPlaceOf(info, analyzer) ?? found;
}

/** One call, where it belongs. */
export interface LocatedCall {
  info: MethodInfo;
  analyzer: object;
  binding: Binding;
  identity: Identity;
  place: Place;
}

/** Where a call belongs; `undefined` where its analyzer has no tag. */
export function locate(info: MethodInfo, analyzer: object, args: readonly unknown[]): LocatedCall | undefined {
  const binding = bindingOfMethod(info, analyzer);
  if (binding?.root.tag === undefined) return undefined;
  return { info, analyzer, binding, ...whereIs(info, analyzer, binding, callKeyOf(info, analyzer, args)) };
}
