/** Why a stored value of a library does not come back. */
import { FormatError } from '../base/errors.js';
import type { LibraryNote } from './contract/library-note.js';

/** The library is not there: what is stored stays for programs that have it. */
export class NoLibraryError extends FormatError {
  constructor({ name, version, class: Class }: LibraryNote, cause?: unknown) {
    super(
      `a stored value is a ${Class === '' ? 'value' : Class} of ${name} ${version}, which cannot be loaded from here: ` +
        `install it with npm install ${name}`,
      cause === undefined ? {} : { cause },
    );
  }
}

/** The library is another one than it was, as is what the method would return: it is computed anew. */
export class OtherLibraryError extends FormatError {}
