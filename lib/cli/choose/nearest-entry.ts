/** What was meant by a name on the command line that no entry has. */
import { didYouMean } from '../../base/did-you-mean.js';
import { recordNamesIn } from './entry-names.js';
import type { TagFolder } from './tag-folder.js';

/** As {@link didYouMean}: the tag that is near, or, where that is right, the name of the entry. @param text of the command line */
export function nearestEntry(text: string, folders: readonly TagFolder[]): string {
  const [first = '', ...rest] = text.split('/');
  const inTag = folders.filter(({ tag, folderName }) => tag === first || folderName === first);
  if (rest.length === 0) return didYouMean(text, namesIn(folders));
  return inTag.length === 0
    ? didYouMean(
        first,
        folders.map(({ tag }) => tag),
      )
    : didYouMean(rest[0] ?? '', namesIn(inTag));
}

/** The names of entries, and those of methods whose calls have keys. */
function* namesIn(folders: readonly TagFolder[]): Generator<string> {
  for (const { path } of folders) for (const { name } of recordNamesIn(path)) yield name;
}
