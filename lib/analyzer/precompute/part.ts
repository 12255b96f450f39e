/** One of several parts of a list of tags: every host that has the list finds the same ones, and each tag is in one part. */
import { hash } from 'node:crypto';
import { inspect } from 'node:util';
import { InvalidOptionError } from '../../base/errors.js';
import { arrayTaskIn, type ArrayTask } from './array-task.js';

/** Which of how many parts; what is left out is told by the scheduler whose array this process is a task of. */
export interface PartOption {
  /** From 1 to {@link count}. @defaultValue the task's place in the array job */
  index?: number;
  /** How many parts there are. @defaultValue the number of tasks of the array job, where its scheduler tells it */
  count?: number;
}

/** Which part a report is of. */
export interface PartReport {
  /** From 1. */
  index: number;
  count: number;
  /** Tags of this part. */
  tags: number;
  /** Tags of all parts. */
  total: number;
  /** Eight digits of the SHA-256 of the list of all tags: parts with other digits were not given the same list. */
  list: string;
}

/**
 * The part that is meant.
 * @throws InvalidOptionError where there can be no such part, or the environment does not tell it
 */
export function partMeant(option: unknown, env: NodeJS.ProcessEnv): ArrayTask {
  if (typeof option !== 'object' || option === null) throw unusable(inspect(option));
  const { index, count, ...others } = option as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw unusable(`one with '${other}'`);
  if (count !== undefined && !isCount(count)) throw unusable(`a count of ${inspect(count)}`);
  if (index === undefined) return arrayTaskIn(env, count);
  if (count === undefined) throw unusable('an index without a count');
  if (!isCount(index) || index > count) throw unusable(`number ${inspect(index)} of ${count}`);
  return { index, count };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function unusable(what: string): InvalidOptionError {
  return new InvalidOptionError(
    `part must be { index, count }, whole numbers, index from 1 to count, not ${what}; in an array job, { count } or {}`,
  );
}

/** The tags of a part, and what a report says of it. @param tags each once, in any order */
export function partOf(tags: readonly string[], { index, count }: ArrayTask): { tags: string[]; report: PartReport } {
  // By code units: the order of a language is not the same in each version of Node.
  const sorted = tags.toSorted();
  // Neighbours are likely to cost the same: they go to different parts.
  const own = sorted.filter((_, place) => place % count === index - 1);
  const list = hash('sha256', sorted.join('\0'), 'hex').slice(0, 8);
  return { tags: own, report: { index, count, tags: own.length, total: sorted.length, list } };
}
