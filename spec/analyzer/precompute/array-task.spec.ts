import { expect } from 'chai';
import { InvalidOptionError } from 'stowage';
import { arrayTaskIn } from '#lib/analyzer/precompute/array-task.js';

const slurm = (id: number, min: number, max: number, count: number, step = 1): NodeJS.ProcessEnv => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(min),
  SLURM_ARRAY_TASK_MAX: String(max),
  SLURM_ARRAY_TASK_COUNT: String(count),
  SLURM_ARRAY_TASK_STEP: String(step),
});

const sge = (id: string, first: string, last: string, step: string): NodeJS.ProcessEnv => ({
  SGE_TASK_ID: id,
  SGE_TASK_FIRST: first,
  SGE_TASK_LAST: last,
  SGE_TASK_STEPSIZE: step,
});

describe('a task of an array job', () => {
  const told: [what: string, env: NodeJS.ProcessEnv, count: number | undefined, index: number, of: number][] = [
    ['of Slurm, from 1', slurm(3, 1, 8, 8), undefined, 3, 8],
    ['of Slurm, from 0', slurm(0, 0, 7, 8), undefined, 1, 8],
    ['of Slurm, in steps', slurm(9, 1, 9, 3, 4), undefined, 3, 3],
    ['of Slurm, submitted again without the others', slurm(7, 3, 7, 2), 8, 7, 8],
    ['of PBS', { PBS_ARRAY_INDEX: '8' }, 8, 8, 8],
    ['of Torque', { PBS_ARRAYID: '1' }, 8, 1, 8],
    ['of Grid Engine', sge('4', '1', '4', '1'), undefined, 4, 4],
    ['of Grid Engine, in steps that do not end at the last', sge('7', '1', '10', '3'), undefined, 3, 4],
    ['of Grid Engine, by its size', { SGE_TASK_ID: '4' }, 5, 4, 5],
    ['of LSF', { LSB_JOBINDEX: '2' }, 2, 2, 2],
    ['of AWS Batch', { AWS_BATCH_JOB_ARRAY_INDEX: '0', AWS_BATCH_JOB_ARRAY_SIZE: '10' }, undefined, 1, 10],
    ['of AWS Batch, the last', { AWS_BATCH_JOB_ARRAY_INDEX: '9', AWS_BATCH_JOB_ARRAY_SIZE: '10' }, undefined, 10, 10],
    ['of Kubernetes', { JOB_COMPLETION_INDEX: '0' }, 3, 1, 3],
    ['of Kubernetes, the last', { JOB_COMPLETION_INDEX: '2' }, 3, 3, 3],
    ['of Google Batch', { BATCH_TASK_INDEX: '1', BATCH_TASK_COUNT: '4' }, undefined, 2, 4],
    ['of Cloud Run', { CLOUD_RUN_TASK_INDEX: '1', CLOUD_RUN_TASK_COUNT: '4' }, undefined, 2, 4],
    [
      'of Slurm on a host of Grid Engine and LSF without an array',
      { ...slurm(2, 1, 2, 2), SGE_TASK_ID: 'undefined', LSB_JOBINDEX: '0', PBS_ARRAY_INDEX: '' },
      undefined,
      2,
      2,
    ],
  ];
  for (const [what, env, count, index, of] of told) {
    it(`${what} is part ${String(index)} of ${String(of)}`, () => {
      expect(arrayTaskIn(env, count)).to.deep.equal({ index, count: of });
    });
  }

  const refused: [what: string, env: NodeJS.ProcessEnv, count: number | undefined, message: RegExp][] = [
    ['without a scheduler', {}, 8, /^this is no task of an array job: none of SLURM_ARRAY_TASK_ID, PBS_ARRAY_INDEX/],
    ['without an array', { SGE_TASK_ID: 'undefined', LSB_JOBINDEX: '0' }, 8, /^this is no task of an array job/],
    ['numbered from 0 by choice', slurm(0, 0, 7, 8), 8, /^SLURM_ARRAY_TASK_ID=0 is not from 1 to 8.*--array=1-8/],
    ['beyond the parts', { PBS_ARRAY_INDEX: '9' }, 8, /^PBS_ARRAY_INDEX=9 is not from 1 to 8.*-J 1-8/],
    ['beyond the completions', { JOB_COMPLETION_INDEX: '3' }, 3, /^JOB_COMPLETION_INDEX=3 is not from 0 to 2/],
    ['of unknown size', { PBS_ARRAY_INDEX: '1' }, undefined, /^PBS does not say how many tasks there are/],
    ['of a list', slurm(7, 3, 7, 2), undefined, /one of 2 tasks whose numbers do not follow on each other from 3 to 7/],
    ['of an array in steps that does not hit', slurm(4, 1, 9, 5, 2), undefined, /numbers do not follow/],
    ['that is no number', { JOB_COMPLETION_INDEX: 'one' }, 3, /^JOB_COMPLETION_INDEX is 'one', where a whole number/],
    ['whose size is not set', { AWS_BATCH_JOB_ARRAY_INDEX: '1' }, undefined, /^AWS_BATCH_JOB_ARRAY_SIZE is not set/],
    [
      'of two schedulers',
      { ...slurm(1, 1, 2, 2), JOB_COMPLETION_INDEX: '1' },
      2,
      /^SLURM_ARRAY_TASK_ID=1 and JOB_COMPLETION_INDEX=1 are set/,
    ],
  ];
  for (const [what, env, count, message] of refused) {
    it(`${what} is refused`, () => {
      expect(() => arrayTaskIn(env, count)).to.throw(InvalidOptionError, message);
    });
  }
});
