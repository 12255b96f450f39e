/** The thread of {@link Heartbeat}. */
import { closeSync, constants, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { openRegularFile } from '../../base/files/open-regular-file.js';

let files: string[] = [];

parentPort?.on('message', (claims: string[]) => (files = claims));

setInterval(
  () => {
    for (const file of files) {
      try {
        touch(file);
      } catch {
        // Gone, or out of reach for the moment: the next time will tell.
      }
    }
  },
  (workerData as number) * 1000,
);

/** Writes the first byte again, so that the time is that of the server: this host's clock may be another. */
function touch(file: string): void {
  const { fd } = openRegularFile(file, { access: constants.O_WRONLY, followsLinks: false });
  try {
    writeSync(fd, '{', 0);
  } finally {
    closeSync(fd);
  }
}
