/** What a command may touch of the process, so that it can be run within another one. */

/** Somewhere to write. */
export interface Sink {
  write(text: string): unknown;
  /** Is it a terminal? */
  isTTY?: boolean;
  /** Width of the terminal. */
  columns?: number;
}

/** The surroundings of a command. */
export interface Io {
  stdout: Sink;
  stderr: Sink;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  env: NodeJS.ProcessEnv;
  /** Runs what can be interrupted between two steps; the signal says that it was. */
  interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The process itself. The second Ctrl-C ends it at once. */
export const processIo: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  async interruptible(work) {
    const interruption = new AbortController();
    const interrupt = (): void => {
      interruption.abort();
      release();
    };
    const release = (): void => {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    };
    for (const signal of SIGNALS) process.on(signal, interrupt);
    try {
      return await work(interruption.signal);
    } finally {
      release();
    }
  },
};
