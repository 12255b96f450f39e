/** Folders full of entries, for cases in which their number matters. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { makeFolder } from '#lib/store/disk/folder.js';
import { placeOf } from '#lib/store/disk/place.js';
import { formatRecord, type EntryRecord } from '#lib/store/record/record.js';

/** How the entries are spread. */
export interface Layout {
  tags: number;
  methods: number;
  /** Calls with arguments of each method; 0 for a plain one. */
  calls: number;
}

/** Writes entries as they are stored, without computing any. @param tagOf the name of a tag by its number */
export function fillWithEntries(
  tmpdir: string,
  { tags, methods, calls }: Layout,
  tagOf = (tag: number): string => `2024${String(tag).padStart(4, '0')}_112233`,
): void {
  for (let tag = 0; tag < tags; tag++) {
    for (let method = 0; method < methods; method++) {
      for (let call = 0; call < Math.max(calls, 1); call++) {
        const key = calls === 0 ? {} : { key: createHash('sha256').update([tag, method, call].join()).digest('hex') };
        addEntry(tmpdir, recordOf(tagOf(tag), `Camera.method${String(method)}`, key));
      }
    }
  }
}

function addEntry(tmpdir: string, record: EntryRecord): void {
  const { folder, plain } = placeOf(tmpdir, record.identity);
  makeFolder(folder, dirname(plain));
  writeFileSync(`${plain}.json`, formatRecord({ ...record, file: `${basename(plain)}.npy` }));
  writeFileSync(`${plain}.npy`, new Uint8Array(record.bytes));
}

/** A record as they are: with arguments, the fields of its analyzer, and two things that it was made of. */
function recordOf(tag: string, method: string, key: { key?: string }): EntryRecord {
  const identity = { prefix: 'cache', tag, instance: 'root.camera', rootClass: 'Night', class: 'Camera', method };
  const digest = 'b9a5e2e145591af85fa7dd15232bf867f74743a9afcd19cfce5f4905865d6e11';
  return {
    format: 1,
    identity: { ...identity, ...key },
    ...(key.key !== undefined && { arguments: { preview: '3', encoded: Buffer.alloc(60).toString('base64') } }),
    state: { threshold: 3, arm: 'SX', binning: 2 },
    codec: 'npy',
    type: 'Float64Array',
    dtype: '<f8',
    shape: [3],
    bytes: 152,
    mtimeNs: '1795262880430881832',
    inode: '5458025',
    checksum: 'xxh3:772a48f7654948b0',
    digest,
    generation: 0,
    computedAt: 1_795_262_880.429,
    seconds: 0.333,
    code: '0101b02c4dfbf4cbd5b13a92348f3d60',
    trace: [
      { call: { ...identity, method: 'Camera.frames' }, digest, generation: 0 },
      { parameter: '*', instance: 'root.camera', digest },
    ],
    host: 'observatory',
    pid: 29_025,
    user: 'astronomer',
    node: 'v20.20.2',
    stowage: '0.1.0',
  };
}
