/** A night whose results are stored, in folders of the test's own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.js';
import { tagIn } from './analysis.js';
import { Night } from './reduction.js';

export function reducedNight(): { tmpdir: string; darkFile: string; night: Night } {
  const tmpdir = temporaryFolder();
  const darkFile = join(temporaryFolder(), 'dark.txt');
  writeFileSync(darkFile, '17');
  const night = tagIn(tmpdir, new Night(darkFile));
  night.summary();
  night.camera.dark();
  return { tmpdir, darkFile, night };
}
