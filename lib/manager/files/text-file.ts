/** Caches in text files that people and other programs read: one file a cache, replaced as a whole. */
import { join } from 'node:path';
import { textBytes } from '../../base/text/text-bytes.js';
import { messageOf } from '../../base/thrown.js';
import { refuseIfReadonly } from '../../base/settings.js';
import { removeFile } from '../../base/files/files.js';
import type { Flow } from '../../base/run/flow.js';
import { fileName } from '../../key/names/path-name.js';
import { makeFolder } from '../../store/disk/folder.js';
import { settleOnce } from '../../store/entry/leftovers.js';
import { readText } from '../../store/record/read-text.js';
import { replaceFile } from '../../store/disk/write-file.js';
import { hookOf, type CacheHooks, type HookContext, type SaveContext } from '../contract/hooks.js';

/** The three hooks of a format, to be spread among the options of a cache. */
export type FileHooks<K, V> = Required<Pick<CacheHooks<K, V>, 'loader' | 'saver' | 'deleter'>>;

export interface TextFormat<K, V> {
  extension: string;
  /** @throws where the contents cannot come back from the text as they are */
  format(contents: ReadonlyMap<K, V>): string;
  /** @throws where the text is not of the format */
  parse(text: string): Map<K, V>;
  /** Why a file that lies there must not be replaced, if so. */
  refuse?(text: string): string | undefined;
}

/** Loader, saver and deleter for `<manager's folder>/<name>.<extension>`. */
export function textFile<K, V>({ extension, format, parse, refuse }: TextFormat<K, V>): FileHooks<K, V> {
  const pathOf = (name: string, { folder }: HookContext): string => join(folder, `${fileName(name)}.${extension}`);

  function check(path: string, text: string | undefined): void {
    const reason = text === undefined ? undefined : refuse?.(text);
    if (reason !== undefined) throw new Error(`${path} ${reason}`);
  }

  function* save(name: string, contents: ReadonlyMap<K, V>, context: SaveContext): Flow<void> {
    const path = pathOf(name, context);
    const bytes = textBytes(format(contents));
    makeFolder(context.folder, context.folder);
    settleOnce(context.folder, context.folder);
    if (refuse !== undefined) check(path, readText(path));
    yield* replaceFile(path, [bytes], { durable: true }, context.isMeant);
  }

  return {
    loader(name, context) {
      const path = pathOf(name, context);
      const text = readText(path);
      if (text === undefined) return undefined;
      check(path, text);
      try {
        return parse(text);
      } catch (cause) {
        throw new Error(`${path} cannot be read: ${messageOf(cause)}`, { cause });
      }
    },
    saver: hookOf(save),
    deleter(name, context) {
      refuseIfReadonly(`deleting the saved contents of the cache '${name}'`);
      removeFile(pathOf(name, context));
    },
  };
}
