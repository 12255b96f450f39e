/** Names of classes, as identities use them: the class's own name, told apart where two classes share it. */
import { createHash } from 'node:crypto';
import { infoIn, type MethodInfo } from './method-info.js';

// The name stands for code, so what `Function` offers is all that is needed here.
type Class = abstract new (...args: never[]) => unknown;

const names = new WeakMap<object, string>();
const sourcesByName = new Map<string, string[]>();

/**
 * The name of a class. The first class of a name in a process has it to itself; another one with other source gets
 * `~` and a digest of its source behind it. A class defined again with the same source, as when a notebook's cell is
 * run twice, is the same class. A base class is named before those that extend it.
 */
export function classNameOf(Class: object): string {
  const known = names.get(Class);
  if (known !== undefined) return known;
  const parent = Object.getPrototypeOf(Class) as object | null;
  if (typeof parent === 'function' && parent !== Function.prototype) classNameOf(parent);
  const own = Reflect.getOwnPropertyDescriptor(Class, 'name')?.value as unknown;
  const plain = typeof own === 'string' && own !== '' ? own : '(anonymous)';
  const source = createHash('sha256').update(Function.prototype.toString.call(Class)).digest('hex').slice(0, 12);
  const sources = sourcesByName.get(plain) ?? [];
  sourcesByName.set(plain, sources);
  if (!sources.includes(source)) sources.push(source);
  const name = sources[0] === source ? plain : `${plain}~${source}`;
  names.set(Class, name);
  return name;
}

/** The concrete class of an analyzer; for statics, where the analyzer is a class itself, `class Night`. */
export function concreteClassOf(analyzer: object): string {
  if (typeof analyzer === 'function') return `class ${classNameOf(analyzer)}`;
  const constructor = constructorOf(Object.getPrototypeOf(analyzer) as object | null);
  return constructor === undefined ? '(no class)' : classNameOf(constructor);
}

/** The class that a prototype belongs to. Triggers nothing. */
function constructorOf(prototype: object | null): Class | undefined {
  for (let holder = prototype; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const constructor = Reflect.getOwnPropertyDescriptor(holder, 'constructor')?.value as unknown;
    if (typeof constructor === 'function') return constructor as unknown as Class;
  }
  return undefined;
}

const methodIds = new WeakMap<MethodInfo, WeakMap<object, string>>();

/** `Class.method` with the class that defines the method, so that overrides and `super` calls differ. */
export function methodIdOf(info: MethodInfo, analyzer: object): string {
  if (info.options.name !== undefined) return info.options.name;
  const first = typeof analyzer === 'function' ? analyzer : (Object.getPrototypeOf(analyzer) as object);
  let ids = methodIds.get(info);
  if (ids === undefined) methodIds.set(info, (ids = new WeakMap()));
  let id = ids.get(first);
  if (id === undefined) {
    const Class = definingClass(info, first);
    id = `${Class === undefined ? concreteClassOf(analyzer) : classNameOf(Class)}.${info.label}`;
    ids.set(first, id);
  }
  return id;
}

function definingClass(info: MethodInfo, first: object): object | undefined {
  const classes: object[] = [];
  for (let holder: object | null = first; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const Class = typeof holder === 'function' ? holder : constructorOf(holder);
    if (Class === undefined) continue;
    classes.push(Class);
    const defines = Reflect.ownKeys(holder).some((key) => infoIn(Reflect.getOwnPropertyDescriptor(holder, key)) === info);
    if (defines) return Class;
  }
  // A private method is on no prototype, but its source is part of its class's.
  const source = Function.prototype.toString.call(info.original);
  return classes.findLast((Class) => Function.prototype.toString.call(Class).includes(source));
}
