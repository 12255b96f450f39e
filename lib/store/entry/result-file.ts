import { dirname, join } from 'node:path';
import { codecNamed } from '../../codec/registry.js';
import type { EntryRecord } from '../record/record.js';

/** The file that holds a result, or its record where that is all there is. */
export function resultFileOf(stem: string, { file, codec, pruned }: EntryRecord): string {
  const isAlone = file === undefined || pruned !== undefined || codecNamed(codec)?.extension === undefined;
  return isAlone ? `${stem}.json` : join(dirname(stem), file);
}
