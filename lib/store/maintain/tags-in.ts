/** Which tags a tmpdir holds results of. */
import { join } from 'node:path';
import { compareNames } from '../../base/text/order.js';
import { storedEntries } from './clear.js';
import { namesIn } from '../disk/list-files.js';

/**
 * The tags under a prefix of which something is stored, in the order of their names. Where a folder's prefix ends is
 * told by its entries: `cache` + `2024` and `cache2` + `024` are one name. Folders that are not to be trusted are passed
 * over; where there is no tmpdir, there are no tags.
 * @throws the file system's error, where the tmpdir cannot be read
 */
export function tagsIn(tmpdir: string, prefix: string): string[] {
  return namesIn(tmpdir)
    .filter((name) => name.length > prefix.length && name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((tag) => isStored(tmpdir, prefix, tag))
    .sort(compareNames);
}

function isStored(tmpdir: string, prefix: string, tag: string): boolean {
  try {
    for (const { record } of storedEntries(join(tmpdir, prefix + tag))) {
      const { identity } = record;
      if (identity.prefix === prefix && identity.tag === tag) return true;
      // Of one that was adopted, prefix and tag are known together alone.
      if (identity.byName === true && identity.prefix + identity.tag === prefix + tag) return true;
    }
  } catch {
    // No folder, another user's, or one that cannot be read.
  }
  return false;
}
