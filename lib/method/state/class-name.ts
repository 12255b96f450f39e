/** Names of classes and methods, as identities use them: the class's own name, told apart where two classes share it. */
import { createHash } from 'node:crypto';
import { InvalidOptionError } from '../../base/errors.js';
import { sourceOf } from '../../key/classes/class-source.js';
import { warnOfMinifier } from './minified-name.js';
import { cachedMethodsOf, everyCachedMethodOf, privateMethodsOf, type MethodInfo } from './method-info.js';

/** What an analyzer is an instance of, or, for statics, the class that it is. */
export interface Concrete {
  Class: object;
  /** `Night`; `class Night` for statics. */
  name: string;
}

/** The concrete class of an analyzer. Triggers nothing. */
export function concreteClassOf(analyzer: object): Concrete {
  if (typeof analyzer === 'function') return { Class: analyzer, name: `class ${plainName(analyzer)}` };
  const Class = constructorOf(Object.getPrototypeOf(analyzer) as object | null) ?? Object;
  return { Class, name: plainName(Class) };
}

function plainName(Class: object): string {
  const own = Reflect.getOwnPropertyDescriptor(Class, 'name')?.value as unknown;
  return typeof own === 'string' && own !== '' ? own : '(anonymous)';
}

/** The class that a prototype belongs to. */
function constructorOf(prototype: object | null): object | undefined {
  for (let holder = prototype; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const constructor = Reflect.getOwnPropertyDescriptor(holder, 'constructor')?.value as unknown;
    if (typeof constructor === 'function') return constructor;
  }
  return undefined;
}

const sources = new WeakMap<object, string>();

function digestOfSource(Class: object): string {
  let digest = sources.get(Class);
  if (digest === undefined) {
    digest = createHash('sha256').update(sourceOf(Class)).digest('hex').slice(0, 12);
    sources.set(Class, digest);
  }
  return digest;
}

/** By scope and name: the source of the class that has the name to itself there. */
const holders = new Map<string, string>();

/**
 * The name of a class within a scope, a dataset for example. The first class of a name has it to itself; another one
 * with other source gets `~` and a digest of its source behind it. A class defined again with the same source, as when
 * a notebook's cell is run twice, is the same class.
 */
export function distinctName(scope: string, { Class, name }: Concrete): string {
  if (!sources.has(Class)) warnOfMinifier(Class, plainName(Class));
  const source = digestOfSource(Class);
  const place = `${scope}\0${name}`;
  const holder = holders.get(place);
  if (holder === undefined) holders.set(place, source);
  return holder === undefined || holder === source ? name : `${name}~${source}`;
}

const methodIds = new WeakMap<MethodInfo, WeakMap<object, string>>();

/**
 * `Class.method` with the class that defines the method, so that overrides and `super` calls differ; or what the option
 * `name` puts in its place.
 * @throws InvalidOptionError where two methods of one analyzer have the same `name`
 */
export function methodIdOf(info: MethodInfo, analyzer: object): string {
  const first = typeof analyzer === 'function' ? analyzer : ((Object.getPrototypeOf(analyzer) ?? Object) as object);
  let ids = methodIds.get(info);
  if (ids === undefined) methodIds.set(info, (ids = new WeakMap()));
  let id = ids.get(first);
  if (id === undefined) {
    if (info.options.name !== undefined) checkNameIsFree(info, analyzer);
    id = info.options.name ?? `${definingName(info, first)}.${info.label}${ordinalOf(info, first)}`;
    ids.set(first, id);
  }
  return id;
}

/** Symbols may share a description: from the second such method of a class on, its place among them is said. */
function ordinalOf(info: MethodInfo, first: object): string {
  for (let holder: object | null = first; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const infos = cachedMethodsOf(holder);
    if (!infos.includes(info)) continue;
    const place = infos.filter(({ label }) => label === info.label).indexOf(info);
    return place === 0 ? '' : `~${place + 1}`;
  }
  return '';
}

function checkNameIsFree(info: MethodInfo, analyzer: object): void {
  for (const other of everyCachedMethodOf(analyzer)) {
    if (other === info || other.options.name !== info.options.name) continue;
    throw new InvalidOptionError(
      `${info.label} and ${other.label} of ${concreteClassOf(analyzer).name} are both named '${String(info.options.name)}', ` +
        'so one would return the results of the other: give each a name of its own, an override too',
    );
  }
}

/** The name of the class that defines a method; where a class extends one of its own name, the extending one is marked. */
function definingName(info: MethodInfo, first: object): string {
  const chain: { Class: object; defines: boolean }[] = [];
  for (let holder: object | null = first; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const Class = typeof holder === 'function' ? holder : constructorOf(holder);
    if (Class === undefined) continue;
    chain.push({ Class, defines: cachedMethodsOf(holder).includes(info) });
  }
  // A private method is on no prototype, but its source is part of its class's. Where parent and child have the same
  // private method with the same source, the parent's was declared first.
  const source = sourceOf(info.original);
  const parts = chain.filter(({ Class }) => sourceOf(Class).includes(source));
  const twins = privateMethodsOf(first).filter(
    (other) => other.label === info.label && sourceOf(other.original) === source,
  );
  const found = chain.find(({ defines }) => defines) ?? parts.at(-1 - Math.max(0, twins.indexOf(info))) ?? chain[0];
  if (found === undefined) return '(no class)';
  const name = plainName(found.Class);
  const below = chain.slice(chain.indexOf(found) + 1);
  const isTaken = below.some(({ Class }) => Class !== found.Class && plainName(Class) === name);
  return isTaken ? `${name}~${digestOfSource(found.Class)}` : name;
}
