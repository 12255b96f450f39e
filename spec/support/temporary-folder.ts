import { existsSync } from 'node:fs';
import { dirSync, setGracefulCleanup, type DirResult } from 'tmp';

/**
 * A new, empty folder that goes away with everything in it: after the test, when a test or its `beforeEach` asked for
 * it, and after the whole run otherwise (a `before` hook, or the file itself).
 *
 * @returns its absolute path
 */
export function temporaryFolder(): string {
  const folder = dirSync({ prefix: 'stowage-spec', unsafeCleanup: true });
  created.push(folder);
  return folder.name;
}

// A run that is broken off leaves nothing behind either.
setGracefulCleanup();

/** In order of creation; those of the running test are the ones behind `shared`. */
const created: DirResult[] = [];
let shared = 0;

/** Before every test, and its own `beforeEach`: what is there now belongs to suites. */
export function keepFolders(): void {
  shared = created.length;
}

/** After every test: its folders go. */
export function removeFoldersOfTest(): void {
  remove(created.splice(shared));
}

/** After all tests. */
export function removeFolders(): void {
  remove(created.splice(0));
}

/** Newest first, so that a folder within another one is gone before it. */
function remove(folders: DirResult[]): void {
  for (const folder of folders.reverse()) {
    if (existsSync(folder.name)) folder.removeCallback();
  }
}
