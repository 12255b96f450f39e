/** Which tags and entries are meant: `night`, `2024*`, `night/root.camera.*`, `night/root.Night.psd/3f9a`. */
import { wildcards } from '../base/wildcards.js';
import type { EntryName } from './entry-names.js';
import { UsageError } from './errors.js';
import type { TagFolder } from './tag-folder.js';

/**
 * A pattern of the command line: a tag, or the name of its folder; behind a slash the name of entries, and of methods;
 * behind another one the beginning of a call key. `*` stands for any characters and `?` for one. The empty pattern fits all.
 */
export class Pattern {
  private readonly tag: RegExp;
  private readonly name: RegExp | undefined;
  private readonly key: RegExp | undefined;

  /** @throws UsageError where it can fit nothing */
  constructor(readonly text: string) {
    const [tag = '', name, ...key] = text.replace(/\/$/, '').split('/');
    if (tag === '' || tag === '..' || tag === '.' || name === '' || key.length > 2) {
      throw new UsageError(`'${text}' is no pattern: write a tag, tag/entry or tag/entry/key, with * for any characters`);
    }
    this.tag = wildcards(tag, '$');
    // An entry under its second name is meant, too.
    this.name = name === undefined ? undefined : wildcards(name, '(?:~[0-9a-f]{16})?$');
    this.key = key.length === 0 ? undefined : wildcards(key.join(''), '');
  }

  /** Does it say more than which tags? */
  get namesEntries(): boolean {
    return this.name !== undefined;
  }

  fitsFolder({ folderName, tag }: Pick<TagFolder, 'folderName' | 'tag'>): boolean {
    return this.tag.test(folderName) || this.tag.test(tag);
  }

  fitsName(name: string): boolean {
    return this.name?.test(name) ?? true;
  }

  fits({ name, key }: EntryName): boolean {
    return this.fitsName(name) && (this.key === undefined || (key !== undefined && this.key.test(key)));
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

/** Some patterns, of which one must fit; none fit everything. */
export class Patterns {
  private readonly patterns: readonly Pattern[];

  constructor(texts: readonly string[]) {
    this.patterns = texts.map((text) => new Pattern(text));
  }

  fitsFolder(folder: Pick<TagFolder, 'folderName' | 'tag'>): boolean {
    return this.patterns.length === 0 || this.patterns.some((pattern) => pattern.fitsFolder(folder));
  }

  within(folder: Pick<TagFolder, 'folderName' | 'tag'>): Selection {
    const fitting = this.patterns.filter((pattern) => pattern.fitsFolder(folder));
    const isWhole = this.patterns.length === 0 || fitting.some(({ namesEntries }) => !namesEntries);
    return {
      isWhole,
      fitsName: (name) => isWhole || fitting.some((pattern) => pattern.fitsName(name)),
      fits: (entry) => isWhole || fitting.some((pattern) => pattern.fits(entry)),
    };
  }

  /** The patterns that fit no folder. */
  without(folders: readonly Pick<TagFolder, 'folderName' | 'tag'>[]): string[] {
    return this.patterns.filter((pattern) => !folders.some((folder) => pattern.fitsFolder(folder))).map(({ text }) => text);
  }
}
