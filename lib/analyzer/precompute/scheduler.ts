/** What computes tags elsewhere than in threads of this process. */
import type { Job } from './precompute-messages.js';
import type { UsualCalls } from './precompute-run.js';
import type { PrecomputeProgress, PrecomputeReport } from './report.js';

/** What is to be computed. */
export interface Work {
  job: Job;
  /** Each once. */
  tags: readonly string[];
  usual: UsualCalls;
}

/** How it is to be computed, as far as it was said. */
export interface WorkOptions {
  /** How many threads of a host. */
  jobs?: number;
  heapLimit?: number;
  onProgress?: (progress: PrecomputeProgress) => void;
  signal?: AbortSignal;
}

/** Where tags are computed: what `slurm` and `redis` answer. */
export interface Scheduler {
  /** @internal */
  compute(work: Work, options: WorkOptions): Promise<PrecomputeReport>;
}
