/** Values of libraries in files that other programs open: what their record says of the class. */
import { types } from 'node:util';
import { messageOf } from '../base/thrown.js';
import type { Adapter, AsArray, AsTable, LibraryClass, NumberArray } from './contract/adapter.js';
import type { LibraryNote } from './contract/library-note.js';
import { OtherLibraryError } from './errors.js';
import { libraryClassNoted, libraryClassOf } from './recognise.js';

/** A class in a record, and what of its value the file does not say. */
export interface LibraryInRecord extends LibraryNote {
  rest: unknown;
  /** The class of an array's memory. */
  memory?: string;
}

/** A value in a form, and how the record says it. */
export interface InForm<Form> {
  readonly form: Form;
  readonly library: LibraryInRecord;
  /** What the record calls its type, which those who do not know libraries do not take for one of their own. */
  readonly type: string;
}

/** A value as an array; `undefined` where it is none, or one that an npy file does not hold exactly. Never throws. */
export function asArray(value: unknown): InForm<AsArray> | undefined {
  return inForm(value, ({ array }, object, found) => array?.of(object, found));
}

/** A value as a table, likewise. */
export function asTable(value: unknown): InForm<AsTable> | undefined {
  return inForm(value, ({ table }, object, found) => table?.of(object, found));
}

function inForm<Form extends { rest: unknown }>(
  value: unknown,
  formOf: (adapter: Adapter, value: object, found: LibraryClass) => Form | undefined,
): InForm<Form> | undefined {
  try {
    const found = libraryClassOf(value);
    // That a value is closed to changes, a file does not say. A proxy is not asked.
    if (found === undefined || (!types.isProxy(value) && !Object.isExtensible(value))) return undefined;
    const form = formOf(found.adapter, value as object, found);
    if (form === undefined) return undefined;
    return { form, library: { ...found.note, rest: form.rest }, type: `${found.note.name}:${found.note.class}` };
  } catch {
    return undefined;
  }
}

/** The value again. @throws FormatError where its library does not take it, or is not there */
export function ofArray(note: LibraryInRecord, read: NumberArray): object {
  return made(note, ({ array }, found) => array?.make(found, { ...read, rest: note.rest }));
}

/** The value again, likewise. */
export function ofTable(note: LibraryInRecord, bytes: Uint8Array<ArrayBuffer>): object {
  return made(note, ({ table }, found) => table?.make(found, { bytes, rest: note.rest }));
}

function made(note: LibraryInRecord, make: (adapter: Adapter, found: LibraryClass) => object | undefined): object {
  const found = libraryClassNoted(note);
  try {
    const value = make(found.adapter, found);
    if (value !== undefined) return value;
  } catch (cause) {
    throw new OtherLibraryError(`${note.name} does not make a ${note.class} of what is stored: ${messageOf(cause)}`, {
      cause,
    });
  }
  throw new OtherLibraryError(`a ${note.class} of ${note.name} does not lie in such a file`);
}
