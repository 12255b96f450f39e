/** What the patterns of a command line pick, or why that is nothing. */
import { selectTags } from '../../analyzer/set/tag-selection.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { entriesOf, type CatalogEntry } from './catalog.js';
import type { Context } from '../terminal/command.js';
import { CommandError } from '../terminal/errors.js';
import { nearestEntry } from './nearest-entry.js';
import { Patterns } from './pattern.js';
import { tagFolders, type TagFolder } from './tag-folder.js';

/** What a command line picks. */
export interface Picked {
  patterns: Patterns;
  folders: readonly TagFolder[];
}

/**
 * The tags that patterns pick.
 * @throws CommandError where a pattern picks none: a misspelled one must not look like an empty one
 */
export function pick(texts: readonly string[], { tmpdir, prefix }: Pick<Context, 'tmpdir' | 'prefix'>): Picked {
  const there = tagFolders(tmpdir, prefix);
  const patterns = new Patterns(texts, there);
  const [missing] = patterns.missing;
  if (missing !== undefined) {
    const hint = didYouMean(
      missing.replace(/\/.*/s, ''),
      there.map(({ tag }) => tag),
    );
    throw new CommandError(`no tag fits '${missing}' in ${tmpdir}${hint}: ${whatIsThere(there)}`);
  }
  return { patterns, folders: patterns.folders };
}

/** The entries that patterns pick, which are read as they are asked for. @throws CommandError as {@link pick} */
export function* pickEntries(texts: readonly string[], context: Context): Generator<CatalogEntry> {
  const { patterns, folders } = pick(texts, context);
  for (const folder of folders) yield* entriesOf(folder, patterns);
}

/** Tags of analyzers. One need not exist; a pattern picks from those that do. @throws CommandError where one picks none */
export function tagsMeant(texts: readonly string[], { tmpdir, prefix }: Pick<Context, 'tmpdir' | 'prefix'>): string[] {
  return texts.flatMap((pattern) => {
    const tags = selectTags(pattern, () => tagFolders(tmpdir, prefix).map(({ tag }) => tag));
    if (tags.length === 0) throw new CommandError(`no tag fits '${pattern}' in ${tmpdir}`);
    return tags;
  });
}

/** The message where the tags are there, but none of their entries fits. */
export function nothingFits(
  texts: readonly string[],
  { tmpdir, prefix }: Pick<Context, 'tmpdir' | 'prefix'>,
): CommandError {
  const [only = '', ...others] = texts;
  const hint = others.length === 0 ? nearestEntry(only, tagFolders(tmpdir, prefix)) : '';
  return new CommandError(`no entry fits ${texts.join(' ')}${hint}`);
}

function whatIsThere(folders: readonly TagFolder[]): string {
  const tags = folders.map(({ tag }) => tag);
  if (tags.length === 0) return 'there is none at all';
  const some = tags.slice(0, 8).join(', ');
  return `there ${tags.length === 1 ? 'is' : 'are'} ${some}${tags.length > 8 ? ` and ${String(tags.length - 8)} more` : ''}`;
}
