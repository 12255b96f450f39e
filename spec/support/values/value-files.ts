import { readdirSync } from 'node:fs';

/** Paths of all value files of a cache, within its folder. */
export function valueFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.val'));
}
