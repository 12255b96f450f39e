/** Values of libraries on their way into a v8 blob. */
import { serialize } from 'node:v8';
import type { LibraryClass } from '../../library/contract/adapter.js';
import { noteTexts } from '../../library/note.js';
import { CONSTRUCTOR, takeApart } from '../../library/take-apart.js';
import { Tag } from './format.js';
import { begin, dataValues, namesOf } from './pack-checks.js';
import type { Packer } from './packer.js';

/** Describes a value of a library: its class, and its fields or what the library makes it of. */
export function writeLibraryValue(packer: Packer, object: object, found: LibraryClass): void {
  const taken = takeApart(object, found);
  if ('what' in taken) return packer.refuse(taken);
  const { parts, isMade, settings } = taken;
  const level = begin(packer, isMade ? Tag.libraryMade : Tag.library, object);
  packer.shape(noteTexts(found.note, settings));
  if (parts !== undefined && isMade) {
    // Parts of such a value are primitives and bytes, which nothing else refers to.
    packer.opaque([serialize([parts.names, parts.values])]);
    return;
  }
  const names = parts === undefined ? namesOf(packer, object) : [...parts.names];
  const values = parts === undefined ? dataValues(packer, object, names, level) : parts.values;
  packer.shape(names);
  packer.list(
    values.map((value, at) => (names[at] === CONSTRUCTOR ? null : value)),
    (at) => names[at] as string,
  );
}
