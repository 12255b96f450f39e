/** What the engine and Node bring along is known by its name. */
import { builtinModules } from 'node:module';
import { hasIdentity } from '../../base/language/brand.js';
import { isNative } from '../../key/classes/class-source.js';

/** Objects of the language and of Node that hold functions. */
const NAMESPACES = new Set(['globalThis', 'global', 'Math', 'JSON', 'Reflect', 'Atomics', 'Intl', 'WebAssembly', 'process', 'console',
  'performance', 'crypto', 'navigator']); // prettier-ignore

/** Those whose members tell of the process, or that programs patch to watch themselves. */
const HOSTS = new Set(['process', 'console', 'performance', 'crypto', 'navigator']);

let known: WeakMap<object, string> | undefined;

/** The name of something that came with the engine or with Node; `undefined` for anything else. */
export function builtinName(value: object): string | undefined {
  return (known ??= collect()).get(value);
}

/** Is it an object of the language, so that what others put into it is meant to be called from anywhere? */
export function isOfLanguage(value: object): boolean {
  const name = builtinName(value);
  return name !== undefined && !name.includes(':') && !HOSTS.has(name);
}

/** Reads descriptors alone, so that no getter runs. */
function collect(): WeakMap<object, string> {
  const names = new WeakMap<object, string>();
  const add = (value: unknown, name: string): void => {
    if (hasIdentity(value) && !names.has(value)) names.set(value, name);
  };
  for (const [name, descriptor] of descriptorsOf(globalThis)) {
    const value: unknown = descriptor.value;
    const isNamespace = NAMESPACES.has(name);
    if (!hasIdentity(value) || !(isNamespace || (typeof value === 'function' && isNative(value)))) continue;
    add(value, name);
    if (value === globalThis || name === 'process') continue;
    for (const [member, own] of descriptorsOf(value)) {
      addNative(add, own, `${name}.${member}`);
      const prototype: unknown = own.value;
      if (member !== 'prototype' || !hasIdentity(prototype)) continue;
      add(prototype, `${name}.prototype`);
      for (const [method, inner] of descriptorsOf(prototype)) addNative(add, inner, `${name}.prototype.${method}`);
    }
  }
  for (const name of loadedModules()) {
    const module: unknown = process.getBuiltinModule(name);
    add(module, `node:${name}`);
  }
  return names;
}

function addNative(add: (value: unknown, name: string) => void, descriptor: PropertyDescriptor, name: string): void {
  const { get } = descriptor;
  const value: unknown = descriptor.value;
  if (typeof value === 'function' && isNative(value)) add(value, name);
  if (get !== undefined) add(get, `get ${name}`);
}

function descriptorsOf(value: object): [string, PropertyDescriptor][] {
  return Object.entries(Object.getOwnPropertyDescriptors(value));
}

/** Modules that Node has loaded already: loading one may warn. */
function loadedModules(): string[] {
  const { moduleLoadList } = process as unknown as { moduleLoadList?: readonly string[] };
  const loaded = new Set(moduleLoadList);
  return builtinModules.filter(
    (name) => !name.startsWith('_') && name !== 'punycode' && name !== 'sys' && loaded.has(`NativeModule ${name}`),
  );
}

let ofNode: WeakSet<object> | undefined;

/** Is it a function that a module of Node exports, or a method of a class that one does? */
export function isOfNode(fn: object): boolean {
  return (ofNode ??= collectOfNode()).has(fn);
}

function collectOfNode(): WeakSet<object> {
  const found = new WeakSet<object>();
  for (const name of loadedModules()) addMembers(found, process.getBuiltinModule(name), 2);
  return found;
}

function addMembers(found: WeakSet<object>, value: unknown, depth: number): void {
  if (!hasIdentity(value) || found.has(value)) return;
  if (typeof value === 'function') found.add(value);
  if (depth > 0) for (const [, own] of descriptorsOf(value)) addMembers(found, own.value, depth - 1);
}
