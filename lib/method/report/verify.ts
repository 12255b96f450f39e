/** Is everything that is stored still what was stored? */
import * as fs from 'node:fs';
import { refuseIfReadonly } from '../../base/settings.js';
import { InvalidOptionError, TagNotSetError } from '../../base/errors.js';
import { tagFolder } from '../../store/disk/place.js';
import { throwDiskErrors } from '../../store/entry/disk-errors.js';
import { verifyFolder } from '../../store/maintain/verify.js';
import type { VerifyReport } from '../../store/maintain/verify-report.js';
import { isUrl } from '../../base/files/user-path.js';
import { folderNamed } from '../../base/files/folder-named.js';
import { belongsTo, partsOf } from '../hierarchy/subtree.js';

/** Options of {@link verify}. */
export interface VerifyOptions {
  /**
   * Remove what is wrong: damaged entries, which are then computed again, and what dead writers left. What is not ours,
   * and what is right but cannot be read by this process, is only named.
   * @defaultValue `false`
   */
  repair?: boolean;
}

/**
 * Reads all that is stored and says, entry by entry, what is not as it was written: records by their seals, all data by
 * size and checksum (large arrays too, which a load trusts by size and time), and whether it can be decoded. What writers
 * left that were killed is named, and so are files that are not ours. Without `repair` nothing is changed.
 *
 * @param rootOrFolder a root, or an object below one: the entries under it, as `clearCache` would find them; or the folder
 * of a tag, a path or a file URL, for all that is in it
 * @throws InvalidOptionError where there is no such folder
 * @throws TagNotSetError where nothing that the object reaches has a tag
 * @throws ReadonlyError where something is to be removed and nothing may be
 * @throws StowageError `STOWAGE_DISK` where the folder cannot be read
 * @throws UnsafeFolderError where the folder is a link or another user's, under the system's temporary folder
 */
export async function verify(rootOrFolder: object | string | URL, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { repair = false } = options;
  if (repair) refuseIfReadonly('verify with repair');
  if (typeof rootOrFolder === 'string' || isUrl(rootOrFolder)) {
    const folder = folderNamed(rootOrFolder, 'verify');
    if (throwDiskErrors(folder, 'read', () => fs.statSync(folder, { throwIfNoEntry: false }))?.isDirectory() !== true) {
      throw new InvalidOptionError(`verify: there is no folder ${folder}: give a root, or the folder of a tag`);
    }
    return verifyFolder(folder, { repair });
  }
  const parts = partsOf(rootOrFolder, 'verify').filter(({ root }) => root.tag !== undefined);
  const folders = new Set(parts.map(({ root: { tmpdir, prefix, tag = '' } }) => tagFolder(tmpdir, prefix, tag)));
  const reports: VerifyReport[] = [];
  for (const folder of folders) {
    reports.push(
      await verifyFolder(folder, { repair, matches: (identity) => parts.some((part) => belongsTo(part, identity)) }),
    );
  }
  const [first, ...others] = reports;
  if (first === undefined) {
    throw new TagNotSetError(
      'verify(root) looks at the results of a tag: call setTag(root, tag) first, or name the folder',
    );
  }
  return others.reduce(together, first);
}

/** The report on the folders of two roots. */
function together(one: VerifyReport, other: VerifyReport): VerifyReport {
  const problems = { ...one.problems };
  for (const problem of Object.keys(problems) as (keyof typeof problems)[])
    problems[problem] += other.problems[problem];
  return {
    folder: one.folder,
    entries: one.entries + other.entries,
    sound: one.sound + other.sound,
    pruned: one.pruned + other.pruned,
    versions: one.versions + other.versions,
    bytes: one.bytes + other.bytes,
    problems,
    findings: [...one.findings, ...other.findings],
  };
}
