/**
 * Which values are of a library that is known here. It costs nothing for plain values, and one look into a table of class names,
 * once for each class, for all others. A subclass is none of the library's own classes, nor is a class that only looks like one.
 */
import { types } from 'node:util';
import { functionName } from '../base/language/brand.js';
import type { Adapter, Constructor, LibraryClass } from './contract/adapter.js';
import type { LibraryNote } from './contract/library-note.js';
import { ADAPTERS } from './adapters.js';
import { copiesOf, copyOfNote, modulesOf, moduleOf, placeOf, type Copy, type LoadedModule } from './copies/copies.js';
import { NoLibraryError, OtherLibraryError } from './errors.js';

const byClass = new Map<string, Adapter[]>();
for (const adapter of ADAPTERS) {
  for (const name of [...adapter.classes, ...Object.keys(adapter.unkeepable ?? {})]) {
    byClass.set(name, [...(byClass.get(name) ?? []), adapter]);
  }
}

const OF_PROXIES = ADAPTERS.filter((adapter) => adapter.classOfProxy !== undefined);

const known = new WeakMap<object, LibraryClass>();
let perishing = false;
/** Prototypes of classes that are named like one of a library, and are none. */
const others = new WeakSet<object>();

/** The class of a value, where it is one of a library's; runs no code of the value. */
export function libraryClassOf(value: unknown): LibraryClass | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (types.isProxy(value)) return classOfProxy(value);
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype || prototype === Array.prototype) return undefined;
  const found = known.get(prototype);
  if (found !== undefined || others.has(prototype)) return found;
  return remember(value, prototype);
}

/** Has the program had a value that its receivers may empty? As long as it has not, none need be looked for. */
export function hasSeenPerishing(): boolean {
  return perishing;
}

/** A proxy is asked nothing as long as no library that makes such is loaded. */
function classOfProxy(value: object): LibraryClass | undefined {
  for (const adapter of OF_PROXIES) {
    const name = adapter.classOfProxy?.(value);
    const [copy] = name === undefined ? [] : copiesOf(adapter);
    if (name === undefined || copy === undefined) continue;
    for (const module of modulesOf(copy, adapter)) {
      return found(name, module.exports[name] as Constructor, module, adapter);
    }
  }
  return undefined;
}

function remember(value: object, prototype: object): LibraryClass | undefined {
  if (types.isProxy(prototype)) return undefined;
  // Some have their constructor on each value.
  const holder = Object.hasOwn(prototype, 'constructor') ? prototype : value;
  const Class: unknown = Object.getOwnPropertyDescriptor(holder, 'constructor')?.value;
  const adapters = typeof Class === 'function' ? byClass.get(functionName(Class)) : undefined;
  if (adapters === undefined) {
    others.add(prototype);
    return undefined;
  }
  for (const adapter of adapters) {
    for (const copy of copiesOf(adapter)) {
      for (const module of modulesOf(copy, adapter)) {
        const found = classWith(prototype, module, adapter);
        if (found === undefined) continue;
        known.set(prototype, found);
        perishing ||= adapter.perishes === true;
        return found;
      }
    }
  }
  others.add(prototype);
  return undefined;
}

function classWith(prototype: object, module: LoadedModule, adapter: Adapter): LibraryClass | undefined {
  for (const [name, Class] of classesOf(module, adapter)) {
    if (Class.prototype === prototype) return found(name, Class, module, adapter);
  }
  return undefined;
}

function found(name: string, Class: Constructor, module: LoadedModule, adapter: Adapter): LibraryClass {
  const { copy, form } = module;
  const note: LibraryNote = {
    name: adapter.package,
    version: copy.manifest.version ?? '',
    class: name,
    ...(module.module !== '' && { module: module.module }),
    as: form,
    at: placeOf(copy),
  };
  return { adapter, note, Class, module: module.exports };
}

/** Classes by their name in the module; what only a getter would give is left alone. */
function* classesOf(module: LoadedModule, adapter: Adapter): Generator<[string, Constructor]> {
  const { exports } = module;
  if (isConstructor(exports)) yield ['', exports];
  const holder = adapter.namespace === undefined ? exports : exports[adapter.namespace];
  if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) return;
  for (const name of Object.getOwnPropertyNames(holder)) {
    const Class = exportOf(holder, name);
    if (isConstructor(Class)) yield [name, Class];
  }
}

function classNamed(name: string, module: LoadedModule, adapter: Adapter): Constructor | undefined {
  for (const [each, Class] of classesOf(module, adapter)) if (each === name) return Class;
  // Of proxies, it is a function that makes them.
  const maker = adapter.classOfProxy === undefined ? undefined : module.exports[name];
  return typeof maker === 'function' ? (maker as unknown as Constructor) : undefined;
}

/** Modules that were compiled to CommonJS pass on by getters what other modules export. */
function exportOf(holder: object, name: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(holder, name);
  return descriptor?.get === undefined ? descriptor?.value : (holder as Record<string, unknown>)[name];
}

function isConstructor(value: unknown): value is Constructor {
  return typeof value === 'function' && typeof Object.getOwnPropertyDescriptor(value, 'prototype')?.value === 'object';
}

/**
 * The class that a note speaks of.
 * @throws NoLibraryError, OtherLibraryError
 */
export function libraryClassNoted(note: LibraryNote): LibraryClass {
  const adapter = ADAPTERS.find((each) => each.package === note.name && isModuleOf(note, each));
  const copy = adapter && copyOfNote(note, adapter, (each) => isLike(each, note));
  if (adapter === undefined || copy === undefined) throw new NoLibraryError(note);
  if (!isLike(copy, note)) {
    throw new OtherLibraryError(
      `it holds a ${note.class} of ${note.name} ${note.version}, and the program has ${copy.manifest.version ?? 'another one'}`,
    );
  }
  const module = moduleOf(copy, note.module ?? '', note.as);
  if (module === undefined) throw new NoLibraryError(note);
  const Class = classNamed(note.class, module, adapter);
  if (Class !== undefined) {
    perishing ||= adapter.perishes === true;
    return found(note.class, Class, module, adapter);
  }
  throw new OtherLibraryError(`it holds a ${note.class}, which the program's ${note.name} does not have`);
}

function isModuleOf({ module = '' }: LibraryNote, { modules = [''] }: Adapter): boolean {
  return modules.includes(module);
}

/** Of the same major version, or before 1.0 the same minor one: values are made in the same way. */
function isLike({ manifest: { version = '' } }: Copy, note: LibraryNote): boolean {
  const line = (of: string): string | undefined => /^(?:0\.\d+|[1-9]\d*)/.exec(of)?.[0];
  return version === note.version || (line(version) !== undefined && line(version) === line(note.version));
}
