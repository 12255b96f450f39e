/** `npm run bench` runs every case, `npm run bench -- <name> …` some. */
import { cpus } from 'node:os';
import type { BenchCase } from './case.js';
import { compress } from './compress.js';
import { codeOfHierarchy } from './code.js';
import { array1GiB } from './array-1gib.js';
import { array8MB } from './array-8mb.js';
import { diskHit, diskMiss } from './disk.js';
import { hitArguments } from './hit-arguments.js';
import { hitClasses } from './hit-classes.js';
import { hitPlain } from './hit-plain.js';
import { importing } from './import.js';
import { keyArray } from './key-array.js';
import { keySmall } from './key-small.js';
import { keyValue } from './kv.js';
import { listing } from './list.js';
import { peakMemory } from './peak-memory.js';
import { print } from './print.js';
import { python } from './python.js';
import { walking } from './walk.js';
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
  diskHit,
  diskMiss,
  array8MB,
  array1GiB,
  compress,
  peakMemory,
  listing,
  codeOfHierarchy,
  way,
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !cases.some((each) => each.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `no case is called ${unknown.join(' or ')}; there are ${cases.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}
if (globalThis.gc === undefined)
  process.stderr.write('without --expose-gc, rounds are disturbed by garbage of the rounds before\n');
process.stdout.write(
  `Node ${process.version}, ${python.about}, ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown processor'}\n`,
);

try {
  for (const each of cases) {
    if (wanted.length > 0 && !wanted.includes(each.name)) continue;
    process.stdout.write(`\n== ${each.name}: ${each.title}\n`);
    for (const comparison of await each.run()) print(comparison);
  }
} finally {
  python.close();
}
