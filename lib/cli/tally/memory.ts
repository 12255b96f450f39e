/** Which folders are remembered from one sum to the next, and in which file of whom. */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isSharedFolder } from '../../base/files/shared-folder.js';
import { userCacheFolder } from '../../base/files/user-cache-folder.js';
import { settings } from '../../base/settings.js';
import type { Context } from '../terminal/command.js';
import type { Share } from '../choose/entry-names.js';
import type { TagFolder } from '../choose/tag-folder.js';
import type { Memory } from './entry-facts.js';
import { readKnown, writeKnown } from './known-records.js';

/** Where what sums remember is kept. */
export interface MemoryPlace {
  /** It can be removed at any time. */
  folder: string;
  /** Are all entries summed up? What was left out would be forgotten. */
  isWhole: boolean;
}

export function memoryPlace(
  patterns: readonly string[],
  { terminal, prefix }: Pick<Context, 'terminal' | 'prefix'>,
): MemoryPlace {
  const folder = join(userCacheFolder(terminal.io.env), 'stowage', 'listed');
  return { folder, isWhole: patterns.length === 0 && prefix === undefined };
}

/** Fewer records are read as fast as they are looked up. */
const WORTH_KEEPING = 1000;

/** Longer than a tick of any file system's clock: FAT counts in steps of two seconds. */
const TICK_MS = 3000;

/** Elsewhere it is not known that each change of a file shows in its stamp. */
const PLATFORMS: readonly NodeJS.Platform[] = ['linux', 'darwin'];

/** What there is to use for a job. */
export interface Remembered {
  /** @returns `undefined` for a folder that other hosts may change: what is said here of its files may be older than they */
  of(folder: string): Memory | undefined;
  /** Writes down what was learnt, if that is worth it. */
  keep(): void;
}

/** @param share whose thread has a file of its own */
export function rememberedBy(
  { folder, isWhole }: MemoryPlace,
  folders: readonly TagFolder[],
  { index, of }: Share,
): Remembered {
  const [first] = folders;
  if (first === undefined || !PLATFORMS.includes(process.platform))
    return { of: () => undefined, keep: () => undefined };
  const digest = createHash('sha256').update(dirname(first.path)).digest('hex').slice(0, 32);
  const path = join(folder, `${digest}-${String(index)}-of-${String(of)}`);
  const memory: Memory = { known: readKnown(path), seen: new Map(), settledBefore: Date.now() - TICK_MS, learnt: 0 };
  return {
    of: (tag) => (isSharedFolder(tag) ? undefined : memory),
    keep() {
      if (isWhole && memory.learnt > 0 && !settings.readonly && countIn(memory) >= WORTH_KEEPING)
        writeKnown(path, { folders: memory.seen, texts: memory.known.texts });
    },
  };
}

function countIn({ seen }: Memory): number {
  let count = 0;
  for (const { names } of seen.values()) count += names.length;
  return count;
}
