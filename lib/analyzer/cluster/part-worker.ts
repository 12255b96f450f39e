/** The program of a task of an array job: computes the part of its number. */
import { computePart } from './compute-part.js';
import { RunFolder } from './run-folder.js';

const [, , path = ''] = process.argv;
const { SLURM_ARRAY_TASK_ID, SLURM_CPUS_PER_TASK } = process.env;
await computePart(RunFolder.open(path), Number(SLURM_ARRAY_TASK_ID), Number(SLURM_CPUS_PER_TASK ?? 1));
