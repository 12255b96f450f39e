/**
 * Constructors that a program sets to a precision and the like. A value belongs to the library's own constructor, whose settings must
 * be now what they were, or to another one with settings of its own, which is found or made again.
 */
import { types } from 'node:util';
import type { LibraryClass, Unkeepable } from './contract/adapter.js';
import { OtherLibraryError } from './errors.js';

/** Constructors that programs made, by their settings, by the library's own one. */
const made = new WeakMap<object, Map<string, WeakRef<object>>>();

/** What the constructor of a value is set to, as a text; empty for a library without settings. */
export function settingsOf(value: object, { adapter, Class, note }: LibraryClass): string | Unkeepable {
  if (adapter.settings === undefined && types.isProxy(value)) return '';
  const own: unknown = Object.getOwnPropertyDescriptor(value, 'constructor')?.value;
  const constructor = own ?? Class;
  const isOfClass = constructor === Class || (adapter.settings !== undefined && isSibling(constructor, Class));
  if (!isOfClass) {
    return { what: `a ${note.class} of ${note.name} with a constructor that is not its own`, advice: 'use plain data' };
  }
  if (adapter.settings === undefined) return '';
  const text = textOf(constructor === Class, adapter.settings.read(constructor));
  if (constructor !== Class) remember(Class, text, constructor);
  return text;
}

/** The constructor with these settings. @throws OtherLibraryError where the library's own one is set to something else now */
export function constructorSet({ adapter, Class, note }: LibraryClass, text: string): object {
  const { settings } = adapter;
  if (settings === undefined) throw new OtherLibraryError(`a ${note.class} of ${note.name} has no settings`);
  if (textOf(true, settings.read(Class)) === text) return Class;
  const { isOwn, ...wanted } = JSON.parse(text) as { isOwn: boolean };
  if (isOwn) {
    throw new OtherLibraryError(
      `it was made while ${note.class} of ${note.name} was set to ${text}, and is set to something else now`,
    );
  }
  const known = made.get(Class)?.get(text)?.deref();
  return known ?? remember(Class, text, settings.make(Class, wanted));
}

function isSibling(constructor: unknown, Class: { prototype: object }): boolean {
  return typeof constructor === 'function' && constructor.prototype === Class.prototype;
}

function textOf(isOwn: boolean, settings: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ isOwn, ...settings });
}

function remember(Class: object, text: string, constructor: object): object {
  const known = made.get(Class) ?? new Map<string, WeakRef<object>>();
  made.set(Class, known.set(text, new WeakRef(constructor)));
  return constructor;
}
