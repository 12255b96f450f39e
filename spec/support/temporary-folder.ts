import { existsSync } from 'node:fs';
import { after, afterEach, beforeEach } from 'mocha';
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

// At the top of a file, and so around every suite: mocha runs this `beforeEach` before all others, and this
// `afterEach` after all others.
beforeEach(() => {
  shared = created.length;
});
afterEach(() => {
  remove(created.splice(shared));
});
after(() => {
  remove(created.splice(0));
});

/** Newest first, so that a folder within another one is gone before it. */
function remove(folders: DirResult[]): void {
  for (const folder of folders.reverse()) {
    if (existsSync(folder.name)) folder.removeCallback();
  }
}
