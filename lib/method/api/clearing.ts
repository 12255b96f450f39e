/** Letting go of results: from memory, or from memory and disk. */
import { refuseIfReadonly } from '../../base/settings.js';
import { StowageError } from '../../base/errors.js';
import { clearEntries } from '../../store/maintain/clear.js';
import { tagFolder } from '../../store/disk/place.js';
import { dependents } from '../../trace/dependents.js';
import { entryNamed } from '../state/use-name.js';
import { belongsTo, partsOf, type Part } from '../hierarchy/subtree.js';

/**
 * Removes what is stored for `object` and everything below it, from disk and memory: the entries under its instance
 * path and its root's class, whether their analyzers are attached in this run or not. Entries of other prefixes, of
 * other roots' classes, and files that are no entries stay. An object without a tag has nothing to clear.
 *
 * @param object a root, an analyzer below one, or an array, Map or object that holds analyzers
 * @throws StowageError where a file cannot be removed; memory is cleared all the same
 * @throws ReadonlyError where nothing may be written; memory is cleared all the same
 */
export function clearCache(object: object): void {
  const parts = partsOf(object, 'clearCache');
  forgetParts(parts);
  if (parts.length > 0) refuseIfReadonly('clearCache');
  for (const part of parts) {
    dropDependents(part);
    clearOnDisk(part);
  }
}

/** What was computed from a part's results, by analyzers anywhere, leaves memory with them. */
function dropDependents(part: Part): void {
  dependents.dropWhere((name) => {
    const entry = entryNamed(name);
    return entry?.tmpdir === part.root.tmpdir && belongsTo(part, entry.identity);
  });
}

function clearOnDisk(part: Part): void {
  const { tag, prefix, tmpdir } = part.root;
  if (tag === undefined) return;
  const folder = tagFolder(tmpdir, prefix, tag);
  try {
    clearEntries(folder, (identity) => belongsTo(part, identity));
  } catch (error) {
    throw new StowageError(
      'STOWAGE_NOT_CLEARED',
      `${folder} could not be cleared of ${part.path}: ${String(error)}. Results that are left there would be used again: ` +
        'remove the cause and clear again',
      { cause: error },
    );
  }
}

/** Drops from memory what is kept for `object` and everything below it; the disk keeps it. */
export function forget(object: object): void {
  forgetParts(partsOf(object, 'forget'));
}

function forgetParts(parts: readonly Part[]): void {
  for (const { root, path } of parts) root.forget(path);
}
