import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '#lib/store/disk/folder.js';
import { placeOf } from '#lib/store/disk/place.js';
import { formatRecord, type EntryRecord } from '#lib/store/record/record.js';
import { requireEqual, type BenchCase, type Comparison } from './case.js';
import { benchFolder } from './folder.js';
import { timeTasks, type Task } from './measure.js';

const command = fileURLToPath(import.meta.resolve('#lib/cli/main.js'));
const entries = 100_000;

/** How the entries are spread. */
interface Layout {
  title: string;
  tags: number;
  methods: number;
  /** Calls with arguments of each method; 0 for a plain one. */
  calls: number;
}

const layouts: readonly Layout[] = [
  { title: '1000 tags of 100 plain results', tags: 1000, methods: 100, calls: 0 },
  { title: '20 tags of 5 methods of 1000 calls, in 25 600 folders', tags: 20, methods: 5, calls: 1000 },
];

/** The least that has to be done: every record is read, by a process of its own, and nothing is made of it. */
const readAll = `
  import * as fs from 'node:fs';
  const read = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const path = folder + '/' + entry.name;
      if (entry.isDirectory()) read(path);
      else if (path.endsWith('.json')) fs.readFileSync(path);
    }
  };
  read(process.argv[1]);
`;

export const listing: BenchCase = {
  name: 'list',
  title: '`stowage ls` of a hundred thousand entries, from the start of the process to its end',
  async run() {
    const comparisons: Comparison[] = [];
    for (const layout of layouts) {
      const folder = benchFolder();
      fill(folder, layout);
      const tasks: Task[] = [
        {
          contender: 'stowage ls',
          work: () => {
            list(folder);
          },
        },
        {
          contender: 'readFileSync of each record',
          note: 'nothing made of it',
          work: () => {
            start(process.execPath, ['--input-type=module', '--eval', readAll, folder]);
          },
        },
        {
          contender: 'du -s',
          note: 'sizes alone',
          work: () => {
            start('du', ['-s', folder]);
          },
        },
      ];
      comparisons.push({ title: layout.title, subject: 'stowage ls', rows: await timeTasks(tasks, 5) });
      fs.rmSync(folder, { recursive: true });
    }
    return comparisons;
  },
};

function list(folder: string): void {
  const listed = JSON.parse(start(process.execPath, [command, 'ls', '--json', '--tmpdir', folder])) as {
    entries: number;
  }[];
  requireEqual(
    'stowage ls',
    listed.reduce((count, row) => count + row.entries, 0),
    entries,
  );
}

function start(program: string, argv: readonly string[]): string {
  const { status, stdout } = spawnSync(program, argv, { encoding: 'utf8', maxBuffer: 1 << 28 });
  requireEqual(`the exit code of ${program}`, status, 0);
  return stdout;
}

function fill(tmpdir: string, { tags, methods, calls }: Layout): void {
  for (let tag = 0; tag < tags; tag++) {
    for (let method = 0; method < methods; method++) {
      for (let call = 0; call < Math.max(calls, 1); call++) {
        const key = calls === 0 ? {} : { key: createHash('sha256').update([tag, method, call].join()).digest('hex') };
        addEntry(tmpdir, recordOf(`2024${String(tag).padStart(4, '0')}_112233`, `Camera.method${String(method)}`, key));
      }
    }
  }
}

function addEntry(tmpdir: string, record: EntryRecord): void {
  const { folder, plain } = placeOf(tmpdir, record.identity);
  makeFolder(folder, dirname(plain));
  fs.writeFileSync(`${plain}.json`, formatRecord({ ...record, file: `${basename(plain)}.npy` }));
  fs.writeFileSync(`${plain}.npy`, new Uint8Array(record.bytes));
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
