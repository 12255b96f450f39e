/** A folder for the files of a case, on the disk that STOWAGE_TMPDIR or TMPDIR names. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder; it is removed with all it holds when the process ends. */
export function benchFolder(): string {
  const folder = mkdtempSync(join(process.env.STOWAGE_TMPDIR ?? tmpdir(), 'stowage-bench-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
