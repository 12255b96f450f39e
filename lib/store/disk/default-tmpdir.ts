/** Where results lie when nothing else is said: in a folder that lasts, and that is the user's and the project's own. */
import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { userCacheFolder } from '../../base/files/user-cache-folder.js';
import { tmpdirOf } from '../../key/names/folder-name.js';

/** The uppermost folder of a project holds one of these. */
const MARKS_OF_PROJECT = ['package.json', 'deno.json', 'deno.jsonc', 'node_modules', '.git'];

/** The folder of those who work in no project. */
const NO_PROJECT = 'no-project';

/**
 * The tmpdir that is meant where none is named: `STOWAGE_TMPDIR`, else `stowage/<project>` in the user's cache folder.
 * `<project>` is the name of the nearest folder at or above the working directory that holds a `package.json` or another
 * mark of a project, and eight digits of its path's SHA-256.
 */
export function defaultTmpdir(env: NodeJS.ProcessEnv = process.env): string {
  // Set to nothing, as `STOWAGE_TMPDIR= npm start` does, is not set: the working directory is not meant.
  const named = env.STOWAGE_TMPDIR ?? '';
  return named === '' ? join(userCacheFolder(env), 'stowage', projectName()) : tmpdirOf(named);
}

/** The last working directory that was asked for: every root asks, and few programs change it. */
let known: { folder: string; name: string } | undefined;

function projectName(): string {
  const folder = realFolder(() => process.cwd());
  if (folder === undefined) return NO_PROJECT;
  if (known?.folder !== folder) known = { folder, name: nameFor(projectAbove(folder)) };
  return known.name;
}

/** A mark in the home folder, say, would make one project of all that lies below. */
function projectAbove(folder: string): string | undefined {
  const tops = [homedir, tmpdir].map(realFolder);
  for (let current = folder; current !== dirname(current) && !tops.includes(current); current = dirname(current)) {
    if (MARKS_OF_PROJECT.some((mark) => existsSync(join(current, mark)))) return current;
  }
  return undefined;
}

/** A user may have no home folder, and a working directory may have been removed. */
function realFolder(named: () => string): string | undefined {
  try {
    return realpathSync(named());
  } catch {
    return undefined;
  }
}

/** The readable half is cut to what every file system takes, and keeps to what needs no quotes in a shell. */
function nameFor(project: string | undefined): string {
  if (project === undefined) return NO_PROJECT;
  const readable = basename(project)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 64);
  return `${readable}-${createHash('sha256').update(project).digest('hex').slice(0, 8)}`;
}
