/** Where a run took place, and what it measured. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { python } from './python.js';

/** Packages that Stowage is measured beside, or by. */
const PACKAGES = [
  'memoizee',
  'micro-memoize',
  'typescript-memoize',
  'better-sqlite3',
  '@node-rs/xxhash',
  'apache-arrow',
] as const;

export interface Machine {
  platform: string;
  arch: string;
  processor: string;
  processors: number;
  /** Bytes. */
  memory: number;
  /** Processes that wanted a processor in the minute before. */
  load: number | undefined;
}

export function machine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    processor: cpus()[0]?.model ?? 'unknown processor',
    processors: cpus().length,
    memory: totalmem(),
    load: loadavg()[0],
  };
}

/** Versions by name; what is not here is left out. */
export function versions(): Record<string, string> {
  const found: Record<string, string | undefined> = {
    stowage: versionIn('../../package.json'),
    node: process.versions.node,
    v8: process.versions.v8,
    ...Object.fromEntries(PACKAGES.map((name) => [name, versionIn(`../../node_modules/${name}/package.json`)])),
    ...python.versions,
  };
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function versionIn(path: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }).version;
  } catch {
    return undefined;
  }
}
