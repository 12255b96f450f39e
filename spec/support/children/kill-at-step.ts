/** Ends this process at a step. */
import * as fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const changing = [
  'writeSync',
  'writeFileSync',
  'fsyncSync',
  'renameSync',
  'unlinkSync',
  'linkSync',
  'mkdirSync',
  'rmdirSync',
];

/** Kills the process before that of its steps that change the disk, counted from 0, which is not to be done any more. */
export function killAtStep(last: number): void {
  const { default: file } = fs as unknown as { default: Record<string, (...args: unknown[]) => unknown> };
  let step = 0;
  for (const name of changing) {
    const original = file[name];
    if (original === undefined) throw new Error(`fs.${name} is gone`);
    file[name] = (...args: unknown[]) => {
      if (args[0] !== 1 && step++ === last) process.kill(process.pid, 'SIGKILL');
      return original(...args);
    };
  }
  syncBuiltinESMExports();
}
