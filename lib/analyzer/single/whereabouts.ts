/** Where the results of a class of analyzers lie. */
import { checkPrefix, tmpdirOf } from '../../key/names/folder-name.js';
import { defaultPlace } from '../../method/state/root.js';

export interface Whereabouts {
  tmpdir: string;
  prefix: string;
}

/**
 * The place of an analyzer's results: that of the options, else that of the class, else the one for all.
 * @throws InvalidTagError where that can be no path, or cannot begin a folder's name
 */
export function whereaboutsOf(
  Class: object,
  asked: { tmpdir?: string | URL | undefined; prefix?: string | undefined },
): Whereabouts {
  const { tmpdir, prefix } = Class as Partial<Whereabouts>;
  const usual = defaultPlace();
  const place = { tmpdir: asked.tmpdir ?? tmpdir ?? usual.tmpdir, prefix: asked.prefix ?? prefix ?? usual.prefix };
  checkPrefix(place.prefix);
  return { ...place, tmpdir: tmpdirOf(place.tmpdir) };
}
