/** A bar on stderr for work that takes long; nothing where stderr is no terminal. */
import type CliProgress from 'cli-progress';
import { load } from '../../base/packages/optional.js';
import type { Terminal } from './terminal.js';

export interface Progress {
  step(): void;
  /** Where the count of steps is known only on the way. */
  moveTo(done: number, total: number): void;
  end(): void;
}

const silent: Progress = {
  step() {
    // There is no bar.
  },
  moveTo() {
    // There is no bar.
  },
  end() {
    // Nothing was shown.
  },
};

/** @param count of steps, asked only where the bar is seen */
export function progressOf(what: string, count: () => number, { io }: Terminal): Progress {
  if (io.stderr.isTTY !== true) return silent;
  const { SingleBar } = load<typeof CliProgress>('cli-progress');
  const bar = new SingleBar({
    format: `${what} {bar} {value}/{total} · {eta_formatted} left`,
    stream: io.stderr as NodeJS.WritableStream,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    // Its own handler of signals would end the process.
    gracefulExit: false,
  });
  bar.start(count(), 0);
  return {
    step() {
      bar.increment();
    },
    moveTo(done, total) {
      bar.setTotal(total);
      bar.update(done);
    },
    end() {
      bar.stop();
    },
  };
}
