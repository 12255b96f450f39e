/** Where an entry lives: from an identity to paths. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { entryName, plainName } from '../key/path-name.js';
import { identityText, type Identity } from './identity.js';

/** The two paths, without extension, that an entry can have. */
export interface Place {
  tmpdir: string;
  /** `<tmpdir>/<prefix><tag>` */
  folder: string;
  /** The name that a reader expects: `root.Parent.aMethod`, or `root.Parent.aMethod/3f/9a…c1` for a call with a key. */
  plain: string;
  /** The name it gets where the plain one is another identity's: `~` and a digest of the full identity behind it. */
  alternative: string;
}

/** The folder of a tag. */
export function tagFolder(tmpdir: string, prefix: string, tag: string): string {
  return join(tmpdir, prefix + tag);
}

/** The place of an entry under a tmpdir. */
export function placeOf(tmpdir: string, identity: Identity): Place {
  const folder = tagFolder(tmpdir, identity.prefix, identity.tag);
  const { instance, method, byName } = identity;
  // A file that is to be adopted may have no instance path either: it is nobody's.
  const name = instance === '' && byName !== true ? plainName(method) : entryName(instance, method);
  const { key } = identity;
  const plain = key === undefined ? join(folder, name) : join(folder, name, key.slice(0, 2), key.slice(2));
  const digest = createHash('sha256').update(identityText(identity)).digest('hex').slice(0, 16);
  return { tmpdir, folder, plain, alternative: `${plain}~${digest}` };
}
