/** `reduceSize`, of the method cache. */
import { refuseIfReadonly } from '../../base/settings.js';
import { tagFolder } from '../../store/disk/place.js';
import { checkLimits, reduceFolders, type Reduced, type SizeLimits } from '../../store/maintain/reduce-size.js';
import { pruneEntry } from '../../store/maintain/remove.js';
import { belongsTo, partsOf } from '../hierarchy/subtree.js';

/**
 * Makes room: removes data of what is stored for an object and everything below it, until the limits hold. As `stowage prune`, it keeps
 * the records, so that what was computed from those results holds, and prefers what is cheapest to compute again. Values that live in
 * their records take no room, and do not count.
 *
 * ```ts
 * reduceSize(night, { bytes: 10e9, age: { days: 30 } });
 * ```
 *
 * @param object a root, an analyzer below one, or an array, Map or object that holds analyzers
 * @returns how much was removed
 * @throws InvalidOptionError where no limit is given, or one is not what it must be; nothing is removed then
 * @throws ReadonlyError where nothing may be written
 * @throws StowageError `STOWAGE_DISK` where the disk refuses
 */
export function reduceSize(object: object, limits: SizeLimits): Reduced {
  const checked = checkLimits(limits, 'reduceSize');
  const parts = partsOf(object, 'reduceSize');
  refuseIfReadonly('reduceSize');
  const folders = new Map<string, typeof parts>();
  for (const part of parts) {
    const { tmpdir, prefix, tag } = part.root;
    if (tag === undefined) continue;
    const folder = tagFolder(tmpdir, prefix, tag);
    folders.set(folder, [...(folders.get(folder) ?? []), part]);
  }
  return reduceFolders(folders.keys(), checked, {
    isMeant: (identity, folder) => folders.get(folder)?.some((part) => belongsTo(part, identity)) === true,
    keepsRecord: true,
    remove: pruneEntry,
  });
}
