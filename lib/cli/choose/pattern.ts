/** Which tags and entries are meant: `night`, `2024*`, `night/root.camera.*`, `night/root.Night.psd/3f9a`. */
import { wildcards } from '../../base/text/wildcards.js';
import type { EntryName } from './entry-names.js';
import { UsageError } from '../terminal/errors.js';
import type { TagFolder } from './tag-folder.js';

/**
 * A pattern of the command line: a tag, or the name of its folder; behind a slash the name of entries, and of methods;
 * behind another one the beginning of a call key. An entry's earlier versions are meant with it; `~` and the beginning of its
 * digest means one of them. `*` stands for any characters and `?` for one. The empty pattern fits all.
 */
export class Pattern {
  private readonly tag: string;
  private readonly name: RegExp | undefined;
  private readonly key: RegExp | undefined;
  /** How the digest of an earlier version begins. */
  private readonly version: string | undefined;

  /** @throws UsageError where it can fit nothing */
  constructor(readonly text: string) {
    const [, entry = text, version] = /^(.*\/.*?)~([0-9a-f]{1,12})$/.exec(text) ?? [];
    const [tag = '', name, ...key] = entry.replace(/\/$/, '').split('/');
    if (tag === '' || tag === '..' || tag === '.' || name === '' || key.length > 2) {
      throw new UsageError(
        `'${text}' is no pattern: write a tag, tag/entry or tag/entry/key, with * for any characters`,
      );
    }
    this.tag = tag;
    this.version = version;
    // An entry under its second name is meant, too.
    this.name = name === undefined ? undefined : wildcards(name, '(?:~[0-9a-f]{16})?$');
    this.key = key.length === 0 ? undefined : wildcards(key.join(''), '');
  }

  /** Does it say more than which tags? */
  get namesEntries(): boolean {
    return this.name !== undefined;
  }

  /**
   * The folders that are meant: those whose tags fit. Only where no tag does, it may be the name of a folder, whose prefix
   * must be spelled out: `c*` is not every folder that is called `cache…`.
   */
  pickFrom(folders: readonly TagFolder[]): TagFolder[] {
    const fitting = wildcards(this.tag);
    const byTag = folders.filter(({ tag }) => fitting.test(tag));
    if (byTag.length > 0) return byTag;
    return folders.filter(
      ({ prefix, tag }) => this.tag.startsWith(prefix) && wildcards(this.tag.slice(prefix.length)).test(tag),
    );
  }

  fitsName(name: string): boolean {
    return this.name?.test(name) ?? true;
  }

  fits({ name, key, version }: EntryName): boolean {
    const fitsKey = this.key === undefined || (key !== undefined && this.key.test(key));
    return fitsKey && this.fitsName(name) && (this.version === undefined || version?.startsWith(this.version) === true);
  }
}

/** What of a folder is meant. */
export interface Selection {
  /** Is all of it meant, its foreign files too? */
  isWhole: boolean;
  /** May an entry of this name, or a call of the method whose folder it is, be meant? */
  fitsName: (name: string) => boolean;
  fits: (entry: EntryName) => boolean;
}

/** What some patterns pick from the folders that are there: what one of them fits; without patterns, everything. */
export class Patterns {
  /** The folders of which something may be meant. */
  readonly folders: readonly TagFolder[];
  /** The patterns that fit no folder. */
  readonly missing: readonly string[];
  private readonly picks: readonly { pattern: Pattern; folders: ReadonlySet<TagFolder> }[];

  /** @throws UsageError where a text is no pattern */
  constructor(texts: readonly string[], there: readonly TagFolder[]) {
    const patterns = texts.map((text) => new Pattern(text));
    this.picks = patterns.map((pattern) => ({ pattern, folders: new Set(pattern.pickFrom(there)) }));
    this.folders =
      texts.length === 0 ? there : there.filter((folder) => this.picks.some(({ folders }) => folders.has(folder)));
    this.missing = this.picks.filter(({ folders }) => folders.size === 0).map(({ pattern }) => pattern.text);
  }

  /** @param folder one of {@link folders} */
  within(folder: TagFolder): Selection {
    const fitting = this.picks.filter(({ folders }) => folders.has(folder)).map(({ pattern }) => pattern);
    const isWhole = this.picks.length === 0 || fitting.some(({ namesEntries }) => !namesEntries);
    return {
      isWhole,
      fitsName: (name) => isWhole || fitting.some((pattern) => pattern.fitsName(name)),
      fits: (entry) => isWhole || fitting.some((pattern) => pattern.fits(entry)),
    };
  }
}
