import * as fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Kills the process before a step on the disk, counted from 0, in whatever order they come. */
export function killBefore(last: number): void {
  const { default: file } = fs as unknown as { default: Record<string, (...args: unknown[]) => unknown> };
  let step = 0;
  for (const name of ['writeSync', 'writeFileSync', 'fsyncSync', 'renameSync', 'unlinkSync', 'linkSync', 'rmdirSync']) {
    const original = file[name];
    if (original === undefined) throw new Error(`fs.${name} is gone`);
    file[name] = (...args: unknown[]) => {
      if (args[0] !== 1 && step++ === last) process.kill(process.pid, 'SIGKILL');
      return original(...args);
    };
  }
  syncBuiltinESMExports();
}
