/** Computes one part of a plan in threads of this process, and says what becomes of it. */
import { hostname } from 'node:os';
import { randomBytes } from 'node:crypto';
import { StowageError } from '../../base/errors.js';
import { errorOf } from '../../base/thrown.js';
import { PrecomputeRun } from '../precompute/precompute-run.js';
import { appendEvent, partFile, PartLogs } from './part-log.js';
import { jobOf, tagsOfPart } from './plan.js';
import type { RunFolder } from './run-folder.js';

/**
 * @param index from 1
 * @param jobs how many threads, where the plan says nothing
 * @throws the signal's reason where it was aborted
 */
export async function computePart(folder: RunFolder, index: number, jobs: number, signal?: AbortSignal): Promise<void> {
  const { plan } = folder;
  const tags = await withFatalLast(folder, index, tagsOfPart(plan, index));
  const file = partFile(folder.parts, index, `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`);
  const run = new PrecomputeRun(
    jobOf(plan),
    tags,
    { jobs: plan.jobs ?? jobs, heapLimit: plan.heapLimit, signal },
    {
      event: (tag, event) => {
        appendEvent(file, { type: 'tag', tag, event });
      },
      code: (code) => {
        const methods = Object.keys(code).filter((name) => name in plan.code && plan.code[name] !== code[name]);
        if (methods.length > 0) appendEvent(file, { type: 'otherCode', methods, host: hostname() });
      },
    },
  );
  try {
    await run.run();
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof StowageError)) throw error;
    appendEvent(file, { type: 'refused', error: errorOf(error) });
  }
  appendEvent(file, { type: 'done' });
}

/** What an earlier try at the part was at when it vanished may be why: the others come first. */
async function withFatalLast(folder: RunFolder, index: number, tags: readonly string[]): Promise<string[]> {
  const begun = new Set<string>();
  for await (const { event } of new PartLogs(folder.parts).news((part) => part === index)) {
    if (event.type !== 'tag') continue;
    if (event.event.type === 'begin') begun.add(event.tag);
    else begun.delete(event.tag);
  }
  return [...tags.filter((tag) => !begun.has(tag)), ...tags.filter((tag) => begun.has(tag))];
}
