/** `stowage worker`: computes parts that others put into a queue in Redis. */
import { availableParallelism } from 'node:os';
import { defaultQueue, takeParts } from '../../analyzer/cluster/redis-queue.js';
import type { CommonOptions, Work } from '../terminal/command.js';
import { EXIT_CODE } from '../terminal/exit-code.js';

interface Options extends CommonOptions {
  queue?: string;
  jobs?: number;
  lease?: number;
}

export const work: Work<Options> = async ([url = ''], options, { terminal }) => {
  const { queue = defaultQueue(), jobs = Math.max(1, availableParallelism() - 1), lease = 30 } = options;
  await terminal.io.interruptible((signal) =>
    takeParts({
      url,
      queue,
      jobs,
      lease,
      signal,
      onPart: (path, part) => {
        terminal.note(`part ${part} of ${path}`);
      },
    }),
  );
  return EXIT_CODE.interrupted;
};
