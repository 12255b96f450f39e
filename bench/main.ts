/** `npm run bench` runs every case, `npm run bench -- <name> …` some; `--json` writes one document. */
import type { BenchCase } from './case.js';
import type { Circumstances } from './document.js';
import { compress } from './compress.js';
import { codeOfHierarchy } from './code.js';
import { array1GiB } from './array-1gib.js';
import { array8MB } from './array-8mb.js';
import { diskHit, diskMiss } from './disk.js';
import { fullTag } from './full-tag.js';
import { hitArguments } from './hit-arguments.js';
import { hitClasses } from './hit-classes.js';
import { hitPlain } from './hit-plain.js';
import { importing } from './import.js';
import { keyArray } from './key-array.js';
import { keySmall } from './key-small.js';
import { keyValue } from './kv.js';
import { keyValueProcesses } from './kv-processes.js';
import { listing } from './list.js';
import { machine, versions } from './machine.js';
import { peakMemory } from './peak-memory.js';
import { python } from './python.js';
import { run } from './run.js';
import { walking } from './walk.js';
import { remoteScale } from './remote-scale.js';
import { way } from './way.js';

const cases: readonly BenchCase[] = [
  hitPlain,
  hitArguments,
  hitClasses,
  keySmall,
  keyArray,
  walking,
  importing,
  keyValue,
  keyValueProcesses,
  diskHit,
  diskMiss,
  array8MB,
  array1GiB,
  compress,
  peakMemory,
  listing,
  fullTag,
  codeOfHierarchy,
  way,
  remoteScale,
];

if (globalThis.gc === undefined)
  process.stderr.write('without --expose-gc, rounds are disturbed by garbage of the rounds before\n');

const circumstances = (): Circumstances => ({
  date: new Date().toISOString(),
  machine: machine(),
  versions: versions(),
});
try {
  const { stdout: out, stderr: err } = process;
  process.exitCode = await run(cases, process.argv.slice(2), circumstances, { out, err });
} finally {
  python.close();
}
