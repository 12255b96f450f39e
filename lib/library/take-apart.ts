/** What a value of a library is made of, and the value again of that. */
import type { LibraryClass, Parts, Unkeepable } from './contract/adapter.js';
import { messageOf } from '../base/thrown.js';
import { functionName } from '../base/language/brand.js';
import { OtherLibraryError } from './errors.js';
import { constructorSet, settingsOf } from './settings.js';

/** A value without its class. */
export interface Taken {
  /** `undefined` where it is all its own fields. */
  readonly parts: Parts | undefined;
  /** Are parts what the library makes it of, and not its fields? */
  readonly isMade: boolean;
  /** What its constructor is set to; empty where that cannot be. */
  readonly settings: string;
}

/** Takes a value apart, or says why that cannot be. */
export function takeApart(value: object, found: LibraryClass): Taken | Unkeepable {
  const { adapter, Class } = found;
  const refused = adapter.unkeepable?.[functionName(Class)];
  if (refused !== undefined) return refused;
  const settings = settingsOf(value, found);
  if (typeof settings !== 'string') return settings;
  const parts = adapter.parts?.(value, found);
  if (parts !== undefined && 'what' in parts) return parts;
  return { parts, isMade: parts !== undefined && adapter.make !== undefined, settings };
}

/** A value of what the library makes it of. @throws FormatError where it does not */
export function makeOf(found: LibraryClass, parts: Parts): object {
  const { adapter, note } = found;
  if (adapter.make === undefined) throw new OtherLibraryError(`a ${note.class} of ${note.name} is not made of parts`);
  try {
    return adapter.make(found, parts);
  } catch (cause) {
    throw new OtherLibraryError(`${note.name} does not make a ${note.class} of what is stored: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** The own field by which some values know their constructor. */
export const CONSTRUCTOR = 'constructor';

/** What stands in the field of the constructor, by the settings that were stored. @throws OtherLibraryError */
export function constructorOf(found: LibraryClass, settings: string): object {
  return settings === '' ? found.Class : constructorSet(found, settings);
}
