/** Where an entry lives: from an identity to paths. */
import { hash } from 'node:crypto';
import { dirname, join, sep } from 'node:path';
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

/** Where the calls of one method of one analyzer lie. */
export interface Home {
  tmpdir: string;
  folder: string;
  /** The entry of the call without a key; the others lie in a folder of that name. */
  stem: string;
}

/** Where the calls lie that have an identity but for their keys. */
export function homeOf(tmpdir: string, identity: Identity): Home {
  const folder = tagFolder(tmpdir, identity.prefix, identity.tag);
  return { tmpdir, folder, stem: join(folder, entryStem(identity.instance, identity.method)) };
}

/** The place of an entry under a tmpdir. */
export function placeOf(tmpdir: string, identity: Identity, owner?: string): Place {
  return identity.name === undefined
    ? new EntryPlace(homeOf(tmpdir, identity), identity, owner)
    : placeIn(tagFolder(tmpdir, identity.prefix, identity.tag), identity);
}

/** The place of an entry in a folder. */
export function placeIn(folder: string, identity: Identity): Place {
  const { name } = identity;
  const stem = join(folder, name === undefined ? entryStem(identity.instance, identity.method) : fileName(name));
  return new EntryPlace({ tmpdir: dirname(folder), folder, stem }, identity);
}

/** The place of an entry at home. */
export class EntryPlace implements Place {
  readonly tmpdir: string;
  readonly folder: string;
  readonly plain: string;
  private second: string | undefined;

  constructor(
    { tmpdir, folder, stem }: Home,
    private readonly identity: Identity,
    readonly owner?: string,
  ) {
    const { key, name } = identity;
    this.tmpdir = tmpdir;
    this.folder = folder;
    this.plain = key === undefined || name !== undefined ? stem : [stem, key.slice(0, 2), key.slice(2)].join(sep);
  }

  /** Asked for where the plain name has not the entry. */
  get alternative(): string {
    if (this.second === undefined) {
      const { key: _, ...withoutKey } = this.identity;
      const text = identityText(this.identity.name === undefined ? this.identity : withoutKey);
      this.second = `${this.plain}~${hash('sha256', text, 'hex').slice(0, 16)}`;
    }
    return this.second;
  }
}
