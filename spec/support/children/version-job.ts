/** Programs of different code on one folder, each with one result; the last may be killed while it stores that. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { uncounted } from './uncounted.js';

/** What the process of {@link runVersions} does. */
export interface VersionJob {
  tmpdir: string;
  kind: 'array' | 'small';
  /** The programs, one after the other: each is of the code that makes its result of its number. */
  programs: { number: number; readonly?: boolean }[];
  /** Kills itself before this of the last one's steps that change the disk, counted from 0. */
  step?: number;
}

/** What one of the programs found. */
export interface VersionTold {
  number: number;
  /** Why its result was a hit; empty where it was none. */
  hit: string;
  isRight: boolean;
  troubles: string[];
}

const script = fileURLToPath(new URL('version-child.js', import.meta.url));

/** Runs such programs; `undefined` where the last one has killed itself. */
export function runVersions(job: VersionJob): VersionTold[] | undefined {
  const { signal, status, stdout, stderr } = spawnSync(process.execPath, [script, JSON.stringify(job)], {
    encoding: 'utf8',
    timeout: 60_000,
    env: uncounted(),
  });
  if (signal === 'SIGKILL') return undefined;
  if (status !== 0) throw new Error(`the child ended with ${String(status ?? signal)}: ${stderr}`);
  return JSON.parse(stdout) as VersionTold[];
}
