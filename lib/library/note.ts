/** How a class of a library is named in a list of texts. */
import type { LibraryNote } from './contract/library-note.js';

/** A note, and what the constructor of a value is set to, as texts. */
export function noteTexts(
  { name, version, class: Class, module = '', as, at }: LibraryNote,
  settings: string,
): string[] {
  return [name, version, Class, module, as, at, settings];
}

/** The note again; `undefined` where it is none. */
export function noteOfTexts(texts: readonly string[]): { note: LibraryNote; settings: string } | undefined {
  const [name, version, Class, module, as, at, settings] = texts;
  if (name === undefined || version === undefined || Class === undefined || at === undefined || settings === undefined)
    return undefined;
  if (as !== 'import' && as !== 'require') return undefined;
  return {
    note: { name, version, class: Class, ...(module !== '' && module !== undefined && { module }), as, at },
    settings,
  };
}
