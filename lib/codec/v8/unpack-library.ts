/** Values of libraries out of a v8 blob. */
import { deserialize } from 'node:v8';
import { libraryClassNoted } from '../../library/recognise.js';
import { noteOfTexts } from '../../library/note.js';
import { CONSTRUCTOR, constructorOf, makeOf } from '../../library/take-apart.js';
import { malformed, type Reader, type Shell } from './reader.js';
import { withProperties } from './unpack-properties.js';

/** An object of a library's class, with its fields. */
export function readLibraryValue(reader: Reader): Shell {
  const { note, settings } = noteOfTexts(reader.shape()) ?? refuse();
  const found = libraryClassNoted(note);
  const constructor = new Map([[CONSTRUCTOR, constructorOf(found, settings)]]);
  return withProperties(reader, Object.create(found.Class.prototype) as object, constructor);
}

/** What the library makes of parts. */
export function readMadeValue(reader: Reader): Shell {
  const { note } = noteOfTexts(reader.shape()) ?? refuse();
  const parts: unknown = deserialize(new Uint8Array(reader.buffer(reader.size())));
  const [names, values] = Array.isArray(parts) ? (parts as unknown[]) : [];
  if (!Array.isArray(names) || !Array.isArray(values) || names.length !== values.length) throw malformed();
  return { object: makeOf(libraryClassNoted(note), { names: names as string[], values }) };
}

function refuse(): never {
  throw malformed('it does not say of which library a value is');
}
