import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { clearCache, configure, getDiskCacher, setTag, setTmpdir, UnsafeFolderError } from 'stowage';
import { run } from '#lib/base/run/flow.js';
import { sealOf } from '#lib/store/record/checksum.js';
import { clearEntries } from '#lib/store/maintain/clear.js';
import { checkFolder } from '#lib/store/disk/folder.js';
import { loadEntry, type LoadOptions } from '#lib/store/entry/load.js';
import { placeOf } from '#lib/store/disk/place.js';
import type { Identity } from '#lib/store/record/identity.js';
import { parseRecord, type EntryRecord } from '#lib/store/record/record.js';
import { restamp, rewriteRecord } from '#lib/store/entry/rewrite.js';
import { Analysis } from '../../support/analyses/analysis-job.js';
import { recordedEvents } from '../../support/output/recorded-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const seen = recordedEvents('hit', 'miss', 'store', 'corrupt', 'fault');
const kinds = (): string[] => seen.map(({ type }) => type);
let folder: string;
let stem: string;

beforeEach(() => {
  folder = temporaryFolder();
  stem = join(folder, 'cachet', 'root.Analysis.array');
});

function day(): Analysis {
  seen.length = 0;
  const analysis = new Analysis();
  setTmpdir(analysis, folder);
  setTag(analysis, 't');
  return analysis;
}

function recordAt(path: string): EntryRecord {
  const record = parseRecord(readFileSync(`${path}.json`, 'utf8'));
  if (record === undefined) throw new Error('no record');
  return record;
}

/** Loads the entry of `Analysis.array`, and lets something happen when its record has been judged. */
function load(refuse: () => void): ReturnType<typeof run<unknown>> {
  const { identity } = recordAt(stem);
  const options: LoadOptions = {
    // eslint-disable-next-line require-yield -- nothing is asked
    *refuse() {
      refuse();
      return undefined;
    },
    writable: true,
  };
  return run(loadEntry(placeOf(folder, identity), identity, options));
}

describe('an entry that others change while it is looked at', () => {
  it('is corrupt, not missing, where its record goes after its data was found damaged', () => {
    day().array();
    writeFileSync(`${stem}.npy`, 'damaged');
    let looks = 0;
    const outcome = load(() => {
      if (++looks === 2) rmSync(`${stem}.json`);
    });
    expect(outcome).to.include({ kind: 'corrupt' });
    expect(looks).to.equal(2);
  });

  it('keeps the record of the writer who was quicker than the re-stamping', () => {
    day().array();
    const old = recordAt(stem);
    const newer = { ...old, seconds: 99 };
    rewriteRecord(stem, newer);
    restamp(stem, old, statSync(`${stem}.npy`, { bigint: true }));
    expect(recordAt(stem)).to.deep.equal(newer);
    expect(readdirSync(dirname(stem)).filter((name) => name.endsWith('.tmp'))).to.deep.equal([]);
  });

  it('keeps its record, and nothing lies beside it, where a record cannot be replaced', () => {
    day().array();
    const record = recordAt(stem);
    rmSync(`${stem}.json`);
    mkdirSync(join(`${stem}.json`, 'full'), { recursive: true });
    expect(() => {
      rewriteRecord(stem, record);
    }).to.throw(/EISDIR|ENOTEMPTY|EEXIST|ENOTDIR/);
    expect(readdirSync(dirname(stem)).filter((name) => name.endsWith('.tmp'))).to.deep.equal([]);
  });
});

describe('odd files in the place of an entry', () => {
  it('such as a socket are no data, and make way for it', async function () {
    day().array();
    rmSync(`${stem}.npy`);
    const server = createServer();
    const path = join(tmpdir(), `stowage-${String(process.pid)}.socket`);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    renameSync(path, `${stem}.npy`);
    expect([...day().array()]).to.deep.equal([1.5, -0, NaN]);
    await new Promise((resolve) => server.close(resolve));
    expect(kinds()).to.deep.equal(['corrupt', 'miss', 'store']);
  });

  it('such as a record that is a link to itself are a fault: the value comes all the same', () => {
    mkdirSync(dirname(stem));
    symlinkSync(`${stem}.json`, `${stem}.json`);
    expect([...day().array()]).to.deep.equal([1.5, -0, NaN]);
    expect(kinds()).to.deep.equal(['fault', 'miss']);
  });

  it('such as a record of gigabytes cost no time and no memory, and are replaced', () => {
    for (const size of [1 << 26, 3e9]) {
      day().array();
      truncateSync(`${stem}.json`, size);
      const before = process.memoryUsage().rss;
      const start = process.cpuUsage();
      expect([...day().array()]).to.deep.equal([1.5, -0, NaN]);
      expect(kinds()).to.deep.equal(['corrupt', 'miss', 'store']);
      truncateSync(`${stem}.json`, size);
      clearCache(day());
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1e6).to.be.below(3);
      expect(process.memoryUsage().rss - before).to.be.below(1 << 28);
    }
  });

  it('such as a claim of gigabytes are no claim', () => {
    day().array();
    const place = placeOf(folder, recordAt(stem).identity);
    clearCache(day());
    mkdirSync(place.folder);
    const claim = `${place.alternative}.claim`;
    writeFileSync(claim, '{');
    truncateSync(claim, 3e9);
    utimesSync(claim, 1, 1);
    expect([...day().array()]).to.deep.equal([1.5, -0, NaN]);
    expect(kinds()).to.deep.equal(['miss', 'store']);
  });

  it('such as claims that say what makes no sense hold nobody up, and throw nothing at those who clear', () => {
    day().array();
    const { identity } = recordAt(stem);
    const place = placeOf(folder, identity);
    const claim = { nonce: '0'.repeat(24), host: 'elsewhere', pid: 1, since: 0, entry: identity };
    const forged: Record<string, unknown>[] = [
      { since: 1e300 },
      { entry: null },
      { entry: {} },
      { entry: { ...identity, instance: 5 } },
      { pid: -1 },
      { thread: '../1' },
      { boot: 5 },
      { insteadOf: [null] },
      { waitsFor: 5 },
      { waitsFor: [null] },
      { waitsFor: [{ nonce: 'x', file: {} }] },
      { nonce: '../../x' },
    ];
    configure({ claimWait: 0.02 });
    try {
      for (const each of forged) {
        clearCache(day());
        mkdirSync(place.folder, { recursive: true });
        writeFileSync(`${place.alternative}.claim`, JSON.stringify({ ...claim, ...each }));
        clearCache(day());
        expect([...day().array()], JSON.stringify(each)).to.deep.equal([1.5, -0, NaN]);
        expect(kinds(), JSON.stringify(each)).to.deep.equal(['miss', 'store']);
        rmSync(`${place.alternative}.claim`, { force: true });
      }
    } finally {
      configure({ claimWait: 600 });
    }
  });

  it('such as large data with a forged time and a damaged head are corrupt, not a wrong value', () => {
    day().big();
    const path = join(folder, 'cachet', 'root.Analysis.big.npy');
    utimesSync(path, 1e9, 1e9);
    day().big();
    for (const [at, byte] of [
      [0, 0],
      [8, 0xff],
    ] as const) {
      const fd = openSync(path, 'r+');
      writeSync(fd, Buffer.from([byte]), 0, 1, at);
      closeSync(fd);
      utimesSync(path, 1e9, 1e9);
      expect(
        day()
          .big()
          .every((value) => value === 7),
      ).to.equal(true);
      expect(kinds()).to.deep.equal(['corrupt', 'miss', 'store']);
      utimesSync(path, 1e9, 1e9);
      day().big();
    }
  });

  it('such as an entry of a later format are passed over by fullpath, which says where a new one would go', () => {
    day().array();
    const record = JSON.parse(readFileSync(`${stem}.json`, 'utf8')) as Record<string, unknown>;
    delete record.seal;
    const body = JSON.stringify({ ...record, format: 2 }, undefined, 2).slice(0, -2);
    writeFileSync(`${stem}.json`, `${body},\n  "seal": "${sealOf(body)}"\n}\n`);
    expect(basename(getDiskCacher(day(), 'array').fullpath())).to.match(/^root\.Analysis\.array~[0-9a-f]{16}$/);
  });

  it('such as data of a codec that nobody registered are named by dataFile', () => {
    day().array();
    rewriteRecord(stem, { ...recordAt(stem), codec: 'hdf5' });
    expect(getDiskCacher(day(), 'array').dataFile()).to.equal(`${stem}.npy`);
    rmSync(`${stem}.npy`);
    expect(getDiskCacher(day(), 'array').dataFile()).to.equal(undefined);
  });
});

describe('clearing a folder that others change', () => {
  it('passes over what goes meanwhile, and leaves foreign files inside the folders of methods', () => {
    const analysis = day();
    for (const n of [1, 2, 3, 4]) analysis.of(n);
    analysis.array();
    analysis.small();
    const method = join(folder, 'cachet', 'root.Analysis.of');
    writeFileSync(join(method, 'notes.txt'), 'mine');
    const cleared: Identity[] = [];
    clearEntries(join(folder, 'cachet'), (identity) => {
      cleared.push(identity);
      for (const name of ['array', 'small'])
        rmSync(join(folder, 'cachet', `root.Analysis.${name}.json`), { force: true });
      if (identity.method !== 'Analysis.of') return true;
      // Somebody else is quicker with every call but this one.
      for (const shard of readdirSync(method)) {
        if (shard !== identity.key?.slice(0, 2) && shard !== 'notes.txt')
          rmSync(join(method, shard), { recursive: true });
      }
      return true;
    });
    expect(readFileSync(join(method, 'notes.txt'), 'utf8')).to.equal('mine');
    expect(readdirSync(method)).to.deep.equal(['notes.txt']);
    expect(cleared.length).to.be.within(1, 4);
  });
});

describe('the folder of a tag under the temporary folder', () => {
  const nobody = 65_534;

  it('is refused where it belongs to another user', function () {
    if (process.getuid?.() !== 0) {
      console.warn('SKIPPED: only root can give a folder away');
      this.skip();
    }
    mkdirSync(join(folder, 'cachet'));
    chownSync(join(folder, 'cachet'), nobody, nobody);
    expect(() => checkFolder(join(folder, 'cachet'))).to.throw(UnsafeFolderError, 'another user');
    expect([...day().array()]).to.deep.equal([1.5, -0, NaN]);
    expect(kinds()).to.deep.equal(['fault', 'miss']);
    expect(readdirSync(join(folder, 'cachet'))).to.deep.equal([]);
  });

  it('is used again by a daemon that put on another user, even one without a name', function () {
    if (process.getuid?.() !== 0 || process.seteuid === undefined) {
      console.warn('SKIPPED: only root can put on another user');
      this.skip();
    }
    chmodSync(folder, 0o777);
    process.seteuid(54_321);
    try {
      day().array();
      expect(kinds()).to.deep.equal(['miss', 'store']);
      day().array();
      expect(kinds()).to.deep.equal(['hit']);
    } finally {
      process.seteuid(0);
    }
    expect(recordAt(stem).user).to.equal('54321');
  });

  it('cannot be told where its name is longer than the file system takes', () => {
    expect(() => checkFolder(join(folder, 'x'.repeat(300)))).to.throw('ENAMETOOLONG');
  });

  it('is made once by workers who want it at the same time', async () => {
    const rounds = 100;
    const barrier = new Int32Array(new SharedArrayBuffer(4 * rounds));
    const url = new URL('../../../lib/store/disk/folder.js', import.meta.url).href;
    const source = `
      const { workerData: { barrier, folder, url, rounds } } = require('node:worker_threads');
      import(url).then(({ makeFolder }) => {
        for (let round = 0; round < rounds; round++) {
          Atomics.add(barrier, round, 1);
          while (Atomics.load(barrier, round) < 2);
          const each = folder + '/cache' + round;
          makeFolder(each, each + '/method/3f');
        }
      });`;
    const workers = [1, 2].map(() => new Worker(source, { eval: true, workerData: { barrier, folder, url, rounds } }));
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            worker.on('error', reject);
            worker.on('exit', () => {
              resolve();
            });
          }),
      ),
    );
    for (let round = 0; round < rounds; round++) {
      expect(readdirSync(join(folder, `cache${round}`)).sort()).to.deep.equal(['CACHEDIR.TAG', 'method']);
    }
  });
});
