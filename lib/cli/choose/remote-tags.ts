/** The tags of a remote that patterns pick, as folders of tags. */
import { join } from 'node:path';
import { checkFolderName } from '../../key/names/folder-name.js';
import type { Backend } from '../../remote/contract/backend.js';
import { tagsIn } from '../../remote/work/survey.js';
import type { Context } from '../terminal/command.js';
import { CommandError } from '../terminal/errors.js';
import { Patterns } from './pattern.js';
import type { Picked } from './selection.js';
import type { TagFolder } from './tag-folder.js';

/** The prefix where none is named. */
const COMMON_PREFIX = 'cache';

/**
 * All records are listed only where a pattern asks for that.
 * @throws CommandError where a pattern picks none
 */
export async function pickRemote(
  texts: readonly string[],
  backend: Backend,
  { tmpdir, prefix }: Pick<Context, 'tmpdir' | 'prefix'>,
): Promise<Picked> {
  const areNamed = texts.length > 0 && texts.every((text) => !/^[^/]*[*?]/.test(text));
  const names = areNamed
    ? texts.map((text) => (prefix ?? COMMON_PREFIX) + text.replace(/\/.*/s, ''))
    : (await tagsIn(backend)).map(({ folder }) => folder);
  const there = names.flatMap((name) => folderOf(name, tmpdir, prefix) ?? []);
  const patterns = new Patterns(texts, there);
  const [missing] = patterns.missing;
  if (missing !== undefined)
    throw new CommandError(`no tag fits '${missing}' in ${backend.url}: see stowage remote ls`);
  return { patterns, folders: patterns.folders };
}

/** @returns `undefined` where it is of another prefix, or can be no folder's name */
function folderOf(folderName: string, tmpdir: string, wanted: string | undefined): TagFolder | undefined {
  const prefix = wanted ?? (folderName.startsWith(COMMON_PREFIX) ? COMMON_PREFIX : '');
  const tag = folderName.slice(prefix.length);
  if (!folderName.startsWith(prefix)) return undefined;
  try {
    checkFolderName(prefix === '' ? tag : prefix, tag);
  } catch {
    return undefined;
  }
  return { path: join(tmpdir, folderName), folderName, prefix, tag };
}
