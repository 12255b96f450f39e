#!/usr/bin/env node
/** The command `stowage`. */
import { EXIT_CODE } from './terminal/exit-code.js';
import { processIo } from './terminal/io.js';
import { run } from './run.js';

// `stowage ls | head`: the reader is gone, so there is nothing left to do.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT_CODE.fine);
    throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), processIo);
