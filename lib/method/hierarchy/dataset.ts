/** Which dataset a root works on. */
import { tagFolder } from '../../store/disk/place.js';
import { defaultPlace, rootOf } from '../state/root.js';
import { tagToBe } from './root-to-be.js';

/** The tag of an object that is a root, or is to be one once it is constructed; `undefined` for others. */
export function tagOf(object: object): string | undefined {
  return tagToBe(object) ?? rootOf(object)?.tag;
}

/** Where the results of a root lie. */
export interface Dataset {
  tag: string;
  prefix: string;
  tmpdir: string;
  /** The folder of the tag: `<tmpdir>/<prefix><tag>`. It is made when the first result is stored. */
  folder: string;
}

/** Where the results of a root lie; `undefined` where the object has no tag of its own. */
export function datasetOf(object: object): Dataset | undefined {
  const tag = tagOf(object);
  if (tag === undefined) return undefined;
  // One that is still to be tagged may have no root yet.
  const { prefix, tmpdir } = rootOf(object) ?? defaultPlace();
  return { tag, prefix, tmpdir, folder: tagFolder(tmpdir, prefix, tag) };
}
