/** A process of `crash-job.ts`: says what it finds, and then stores until it is killed, or kills itself at a step. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { configure, events, setTag, setTmpdir } from 'stowage';
import { calls, Crashing, numberIn, run, type CrashJob, type Survey } from './crash-job.js';
import { killAtStep } from './kill-at-step.js';

const job = JSON.parse(process.argv[2] ?? '') as CrashJob;
run.number = job.number;
// The number is a part of the code.
configure({ onCodeChange: 'ignore', keepVersions: 0 });
const analyzer = new Crashing();
setTmpdir(analyzer, job.tmpdir);
setTag(analyzer, 'crash');

function store(names: readonly string[]): void {
  run.refresh = true;
  for (const name of names) calls[name]?.(analyzer);
}

function survey(): Survey {
  const found: Survey = { hits: {}, troubles: [], leftovers: [] };
  for (const type of ['corrupt', 'fault', 'uncacheable', 'mutated'] as const) {
    events.on(type, ({ method, reason }) => void found.troubles.push(`${type} ${method}: ${String(reason)}`));
  }
  for (const name of job.calls) {
    analyzer.computed = 0;
    const number = numberIn(name, calls[name]?.(analyzer));
    if (analyzer.computed === 0) found.hits[name] = number;
  }
  store(job.calls);
  found.leftovers = fs
    .readdirSync(join(job.tmpdir, 'cachecrash'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tmp') || name.includes('~'));
  return found;
}

if (job.before !== undefined) {
  run.number = job.before;
  store(job.calls);
  run.number = job.number;
}
if (job.step !== undefined) {
  killAtStep(job.step);
  store(job.calls);
} else {
  fs.writeSync(1, `${JSON.stringify(survey())}\n`);
  for (;;) {
    run.number++;
    store(job.calls);
  }
}
