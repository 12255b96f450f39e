/** What several hosts compute: written once, and the same for every part whenever it begins. */
import { hash, randomBytes } from 'node:crypto';
import { textBytes } from '../../base/text/text-bytes.js';
import { FormatError } from '../../base/errors.js';
import { VERSION } from '../../base/version.js';
import { partOf } from '../precompute/part.js';
import type { Job } from '../precompute/precompute-messages.js';
import type { UsualCalls } from '../precompute/precompute-run.js';
import type { Work } from '../precompute/scheduler.js';

const FORMAT = 1;

export interface Plan extends UsualCalls {
  format: typeof FORMAT;
  /** What its jobs are called: no other plan's are. */
  name: string;
  /** As {@link Job} has it, with arguments in base64. */
  job: Omit<Job, 'args' | 'calls'> & { args: string; calls?: { method: string; args: string }[] };
  /** Of all parts, sorted. */
  tags: readonly string[];
  parts: number;
  /** Threads of a part, where that was said. */
  jobs?: number;
  heapLimit?: number;
  /** By whom it was made. */
  stowage: string;
  node: string;
}

/** Sixteen digits that stand for what is to be computed, with which code and by which user: who asks the same again has the same. */
export function digestOfWork(work: Work): string {
  const { job, tags, usual } = work;
  const what = [process.geteuid?.(), sentJob(job), tags.toSorted(), Object.entries(usual.code).sort()];
  return hash('sha256', JSON.stringify(what), 'hex').slice(0, 16);
}

export function planOf(work: Work, parts: number, options: Pick<Plan, 'jobs' | 'heapLimit'>): Plan {
  return {
    format: FORMAT,
    name: `stowage-${digestOfWork(work).slice(0, 8)}-${randomBytes(4).toString('hex')}`,
    job: sentJob(work.job),
    tags: work.tags.toSorted(),
    parts,
    ...work.usual,
    ...options,
    stowage: VERSION,
    node: process.version,
  };
}

/** @throws FormatError where it is none that this version knows */
export function parsePlan(text: string, file: string): Plan {
  let plan: Partial<Plan> | null = null;
  try {
    plan = JSON.parse(text) as Partial<Plan> | null;
  } catch {
    // What is no JSON is no plan.
  }
  if (plan?.format === FORMAT) return plan as Plan;
  throw new FormatError(`${file} is no plan of this version of Stowage, ${VERSION}: ask for the computing again`);
}

/** The tags of a part, which is numbered from 1. */
export function tagsOfPart({ tags, parts }: Plan, index: number): string[] {
  return partOf(tags, { index, count: parts }).tags;
}

export function jobOf({ job }: Plan): Job {
  const { args, calls, ...rest } = job;
  return {
    ...rest,
    args: bytesOf(args),
    ...(calls !== undefined && { calls: calls.map((call) => ({ ...call, args: bytesOf(call.args) })) }),
  };
}

function sentJob({ args, calls, ...rest }: Job): Plan['job'] {
  return {
    ...rest,
    args: textOf(args),
    ...(calls !== undefined && { calls: calls.map((call) => ({ ...call, args: textOf(call.args) })) }),
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(textBytes(text, 'base64'));
}
