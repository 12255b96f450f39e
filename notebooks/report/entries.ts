/** What lies in a cache folder, read from the records: JSON files that anybody can read. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CacheEvent } from './message.js';

/** The fields of a record that the table shows. */
interface Fields {
  identity: { tag: string; instance: string; method: string; key?: string };
  arguments?: { preview: string };
  codec: string;
  type: string;
  shape?: number[];
  file?: string;
  bytes: number;
  seconds: number;
}

/** One stored result. */
export interface Entry extends Fields {
  /** The file that has the value: the record itself for a small one. */
  path: string;
}

/** Every stored result of some tags, by tag, then by name. */
export function readEntries(tmpdir: string, tags: readonly string[]): Entry[] {
  return tags
    .map((tag) => join(tmpdir, `cache${tag}`))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((name) => name.endsWith('.json'))
    .map((record): Entry => {
      const fields = JSON.parse(readFileSync(record, 'utf8')) as Fields;
      const file = fields.file === undefined ? record : join(dirname(record), fields.file);
      return { ...fields, bytes: statSync(file).size, path: file };
    })
    .sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

function nameOf({ identity: { tag, instance, method, key = '' } }: Entry): string {
  return [tag, instance, method, key].join('\0');
}

/** Is the event about this entry? */
export function concerns(event: CacheEvent, { identity }: Entry): boolean {
  const { tag, instance, method, key } = identity;
  return event.tag === tag && event.instance === instance && event.method === method && event.key === key;
}
