/** Which task of an array job this process is, as its scheduler says in the environment. */
import { InvalidOptionError } from '../../base/errors.js';

/** What a scheduler says of a task of an array. */
interface ArrayVariables {
  scheduler: string;
  /** The variable that holds the task's number. */
  index: string;
  /** What that holds where there is no array. */
  none?: string;
  /** The number of the first task: that of the scheduler, or the one that is asked of the user where any can be. */
  first: 0 | 1;
  /** How an array is asked for whose first task has that number. */
  example?: string;
  /** The variable that holds how many tasks there are. */
  count?: string;
  /** The variables that hold the lowest number, the highest, and the step from one to the next. */
  range?: readonly [lowest: string, highest: string, step: string];
}

/** As their manuals define them. */
const SCHEDULERS: readonly ArrayVariables[] = [
  {
    scheduler: 'Slurm',
    index: 'SLURM_ARRAY_TASK_ID',
    first: 1,
    example: '--array=1-8',
    count: 'SLURM_ARRAY_TASK_COUNT',
    range: ['SLURM_ARRAY_TASK_MIN', 'SLURM_ARRAY_TASK_MAX', 'SLURM_ARRAY_TASK_STEP'],
  },
  { scheduler: 'PBS', index: 'PBS_ARRAY_INDEX', first: 1, example: '-J 1-8' },
  { scheduler: 'Torque', index: 'PBS_ARRAYID', first: 1, example: '-t 1-8' },
  {
    scheduler: 'Grid Engine',
    index: 'SGE_TASK_ID',
    none: 'undefined',
    first: 1,
    example: '-t 1-8',
    range: ['SGE_TASK_FIRST', 'SGE_TASK_LAST', 'SGE_TASK_STEPSIZE'],
  },
  { scheduler: 'LSF', index: 'LSB_JOBINDEX', none: '0', first: 1, example: "-J 'name[1-8]'" },
  { scheduler: 'AWS Batch', index: 'AWS_BATCH_JOB_ARRAY_INDEX', first: 0, count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
  { scheduler: 'Kubernetes', index: 'JOB_COMPLETION_INDEX', first: 0 },
  { scheduler: 'Google Batch', index: 'BATCH_TASK_INDEX', first: 0, count: 'BATCH_TASK_COUNT' },
  { scheduler: 'Cloud Run', index: 'CLOUD_RUN_TASK_INDEX', first: 0, count: 'CLOUD_RUN_TASK_COUNT' },
];

/** A task of an array: its number from 1, and how many there are. */
export interface ArrayTask {
  index: number;
  count: number;
}

/**
 * The task that this process is.
 * @param count how many there are, where the user says it: then a task has the same place whichever tasks were submitted
 *   with it, so that some can be submitted again
 * @throws InvalidOptionError where it is none, is told by several schedulers, or its place cannot be told
 */
export function arrayTaskIn(env: NodeJS.ProcessEnv, count?: number): ArrayTask {
  const present = SCHEDULERS.filter(({ index, none }) => (env[index] ?? '') !== '' && env[index] !== none);
  const [task] = present;
  if (task === undefined) {
    throw new InvalidOptionError(
      `this is no task of an array job: none of ${SCHEDULERS.map(({ index }) => index).join(', ')} is set; say which part it is, as index and count`,
    );
  }
  if (present.length > 1) {
    throw new InvalidOptionError(
      `${present.map(({ index }) => `${index}=${env[index] ?? ''}`).join(' and ')} are set, and each numbers the tasks of an array: ` +
        'say which part this is, as index and count',
    );
  }
  return count === undefined ? toldBy(task, env) : placeIn(task, env, count);
}

/** The place in an array that is known by its size. */
function placeIn(task: ArrayVariables, env: NodeJS.ProcessEnv, count: number): ArrayTask {
  const index = numberIn(env, task.index) - task.first + 1;
  if (index >= 1 && index <= count) return { index, count };
  const last = count + task.first - 1;
  const advice = task.example === undefined ? '' : `: number the array from ${task.first}, as in ${task.example}`;
  throw new InvalidOptionError(
    `${task.index}=${env[task.index] ?? ''} is not from ${task.first} to ${last}, as the tasks of ${count} parts are${advice}`,
  );
}

/** The place in an array whose size the scheduler tells. */
function toldBy(task: ArrayVariables, env: NodeJS.ProcessEnv): ArrayTask {
  const { scheduler, range } = task;
  if (range === undefined) {
    if (task.count !== undefined) return placeIn(task, env, numberIn(env, task.count));
    throw new InvalidOptionError(`${scheduler} does not say how many tasks there are: give the count of parts`);
  }
  const [lowest, highest, step] = range.map((name) => numberIn(env, name)) as [number, number, number];
  const index = (numberIn(env, task.index) - lowest) / step + 1;
  const inRange = Math.floor((highest - lowest) / step) + 1;
  const count = task.count === undefined ? inRange : numberIn(env, task.count);
  if (count === inRange && Number.isInteger(index) && index >= 1 && index <= count) return { index, count };
  throw new InvalidOptionError(
    `${task.index}=${env[task.index] ?? ''} is one of ${count} tasks whose numbers do not follow on each other from ${lowest} to ${highest}: ` +
      'give the count of parts, and number the array from 1',
  );
}

/** @throws InvalidOptionError where the variable holds no whole number */
function numberIn(env: NodeJS.ProcessEnv, name: string): number {
  const text = env[name];
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text);
  const said = text === undefined ? 'is not set' : `is '${text}'`;
  throw new InvalidOptionError(`${name} ${said}, where a whole number was expected: give index and count of the part`);
}
