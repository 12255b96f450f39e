/** A process of `way.ts`: makes one call, warm, and says which files, functions and file-system calls it took. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Session } from 'node:inspector';
import { dirname } from 'node:path';

const counted: string[] = [];
let isCounting = false;
for (const [name, value] of Object.entries(fs)) {
  if (typeof value !== 'function' || !name.endsWith('Sync')) continue;
  const original = value as (...args: unknown[]) => unknown;
  Object.defineProperty(fs, name, {
    value: Object.assign(function (this: unknown, ...args: unknown[]): unknown {
      if (isCounting) counted.push(`${name} ${typeof args[0] === 'string' ? args[0].split('/').slice(-1)[0] : ''}`);
      return Reflect.apply(original, this, args);
    }, original),
  });
}
syncBuiltinESMExports();

const { cacheOnDisk, getDiskCacher, setTag, setTmpdir } = await import('stowage');
const [, , tmpdir = '', kind = 'hit', isVerbose] = process.argv;

class Analyzer {
  image(_number: number): Float64Array {
    return new Float64Array(100);
  }

  level(number: number): number {
    return number / 2;
  }
}
cacheOnDisk(Analyzer.prototype, 'image');
cacheOnDisk(Analyzer.prototype, 'level');

/** A call that is not stored yet, in a folder that is there or not. */
function missing(isThere: boolean): number {
  const cacher = getDiskCacher(analyzer, 'image');
  let number = 4;
  while (fs.existsSync(dirname(cacher.fullpath(number))) !== isThere) number++;
  return number;
}

const warm = new Analyzer();
setTmpdir(warm, tmpdir);
setTag(warm, 'way');
for (const number of [1, 2, 3]) {
  warm.image(number);
  warm.level(number);
}
const analyzer = new Analyzer();
setTmpdir(analyzer, tmpdir);
setTag(analyzer, 'way');
// What is done once a process, or once an analyzer, is not of a call.
analyzer.image(1);
analyzer.level(1);
const calls: Readonly<Record<string, [method: 'image' | 'level', number: number]>> = {
  hit: ['image', 2],
  small: ['level', 2],
  miss: ['image', missing(true)],
  first: ['image', missing(false)],
};
const [method, number] = calls[kind] ?? ['image', 2];

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
session.post('Profiler.takePreciseCoverage', () => undefined);
isCounting = true;
analyzer[method](number);
isCounting = false;
session.post('Profiler.takePreciseCoverage', (error, coverage) => {
  if (error !== null) throw error;
  let files = 0;
  let functions = 0;
  for (const { url, functions: called } of coverage.result) {
    if (!url.includes('/build/lib/')) continue;
    const count = called.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0).length;
    if (count === 0) continue;
    files++;
    functions += count;
    if (isVerbose !== undefined) process.stderr.write(`${url.split('/build/lib/')[1] ?? ''} ${String(count)}\n`);
  }
  if (isVerbose !== undefined) process.stderr.write(`${counted.join('\n')}\n`);
  process.stdout.write(JSON.stringify({ files, functions, calls: counted.length }));
});
