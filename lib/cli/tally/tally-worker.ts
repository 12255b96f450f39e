/** A thread that sums over its share of the entries. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Share } from '../choose/entry-names.js';
import { tallyShare, type TallyJob } from './tally-entries.js';

const { job, share } = workerData as { job: TallyJob; share: Share };
parentPort?.postMessage(tallyShare(job, share));
