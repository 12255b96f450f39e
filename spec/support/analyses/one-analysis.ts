/** A process that does the job in its first argument and prints what came of it. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  clearCache,
  configure,
  events,
  getDiskCacher,
  invalidate,
  setLogfile,
  setTag,
  setTmpdir,
  type EventType,
} from 'stowage';
import { Analysis, type Job, type Told } from './analysis-job.js';

const job = JSON.parse(process.argv[2] ?? '') as Job;
const told: Told = { values: [], ran: [], events: [] };
const types: EventType[] = [
  'hit',
  'miss',
  'store',
  'stale',
  'corrupt',
  'evict',
  'uncacheable',
  'mutated',
  'fault',
  'untagged',
];
for (const type of types) {
  events.on(type, ({ reason, error }) => {
    const { code, cause } = (error ?? {}) as { code?: string; cause?: NodeJS.ErrnoException };
    told.events.push({
      type,
      ...(reason !== undefined && { reason }),
      ...(error !== undefined && { error: { code: code ?? '', cause: cause?.code ?? '', message: error.message } }),
    });
  });
}
if (job.logfile !== undefined) setLogfile(job.logfile);
if (job.configuration !== undefined) configure(job.configuration);
const analysis = new Analysis();
if (job.tmpdir !== undefined) setTmpdir(analysis, job.tmpdir);
if (job.tag !== undefined) setTag(analysis, job.tag);

const commands: Record<string, () => unknown> = {
  '!clear': () => {
    clearCache(analysis);
  },
  '!invalidate': () => {
    invalidate(analysis);
  },
  '!rm': () => {
    rmSync(dirname(getDiskCacher(analysis, 'array').fullpath()), { recursive: true });
  },
};
for (const name of job.calls) {
  const act = commands[name] ?? (() => (analysis[name as 'array'] as () => unknown)());
  try {
    const value: unknown = await act();
    told.values.push(
      value instanceof Float64Array ? [...value.subarray(0, 3)].map(String) : value instanceof Map ? [...value] : value,
    );
  } catch (error) {
    told.values.push(String(error));
  }
}
told.ran = analysis.ran;
process.stdout.write(JSON.stringify(told));
