/** Where an entry lives: from an identity to paths. */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { entryStem, fileName } from '../../key/names/path-name.js';
import { identityText, type Identity } from '../record/identity.js';

/** The two paths, without extension, that an entry can have. */
export interface Place {
  tmpdir: string;
  /** `<tmpdir>/<prefix><tag>`, or the folder of a function cache */
  folder: string;
  /** The name that a reader expects: `root.Parent.aMethod`, or `root.Parent.aMethod/3f/9a…c1` for a call with a key. */
  plain: string;
  /** The name it gets where the plain one is another identity's: `~` and a digest of the full identity behind it. */
  alternative: string;
  /** Packages or scripts whose classes make the result, where that is known: what is another's there is not this entry. */
  owner?: string | undefined;
}

/** The folder of a tag. */
export function tagFolder(tmpdir: string, prefix: string, tag: string): string {
  return join(tmpdir, prefix + tag);
}

/** The place of an entry under a tmpdir. */
export function placeOf(tmpdir: string, identity: Identity): Place {
  return { ...placeIn(tagFolder(tmpdir, identity.prefix, identity.tag), identity), tmpdir };
}

/** The place of an entry in a folder. */
export function placeIn(folder: string, identity: Identity): Place {
  const { key, name } = identity;
  const tmpdir = dirname(folder);
  if (name !== undefined) {
    const plain = join(folder, fileName(name));
    const { key: _, ...withoutKey } = identity;
    return { tmpdir, folder, plain, alternative: `${plain}~${digestOf(withoutKey)}` };
  }
  const entry = entryStem(identity.instance, identity.method);
  const plain = key === undefined ? join(folder, entry) : join(folder, entry, key.slice(0, 2), key.slice(2));
  return { tmpdir, folder, plain, alternative: `${plain}~${digestOf(identity)}` };
}

function digestOf(identity: Identity): string {
  return createHash('sha256').update(identityText(identity)).digest('hex').slice(0, 16);
}
