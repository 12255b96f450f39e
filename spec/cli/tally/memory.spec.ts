import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { readKnown, writeKnown } from '#lib/cli/tally/known-records.js';
import { placeOf } from '#lib/store/disk/place.js';
import { makeFolder } from '#lib/store/disk/folder.js';
import { formatRecord, parseRecord, type EntryRecord } from '#lib/store/record/record.js';
import { stowageJson } from '../../support/output/command-line.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** What is remembered is worth a file from a thousand records on. */
const PLAIN = 1000;
const CALLS = 4;
/** So that no record has changed within the last tick of the file system's clock. */
const LATER_MS = 3_600_000;

interface Row {
  entries: number;
  pruned: number;
  damaged: number;
  bytes: number;
  seconds: number;
}

describe('what stowage ls remembers of records', () => {
  let tmpdir: string;
  let cache: string;
  let first: string;

  const recordOf = (method: string, key?: string): EntryRecord => ({
    format: 1,
    identity: {
      prefix: 'cache',
      tag: 'night',
      instance: 'root',
      rootClass: 'Night',
      class: 'Night',
      method,
      ...(key !== undefined && { key }),
    },
    codec: 'json',
    type: 'number',
    value: 1,
    bytes: 0,
    checksum: 'xxh3:772a48f7654948b0',
    digest: 'b9a5e2e145591af85fa7dd15232bf867f74743a9afcd19cfce5f4905865d6e11',
    generation: 0,
    computedAt: 1_795_262_880,
    seconds: 1,
    code: '0101b02c4dfbf4cbd5b13a92348f3d60',
    trace: [],
    host: 'observatory',
    pid: 29_025,
    user: 'astronomer',
    node: 'v20.20.2',
    stowage: '0.1.0',
  });
  const write = (record: EntryRecord): string => {
    const { folder, plain } = placeOf(tmpdir, record.identity);
    makeFolder(folder, join(plain, '..'));
    fs.writeFileSync(`${plain}.json`, formatRecord(record));
    return `${plain}.json`;
  };
  const callKey = (call: number): string => createHash('sha256').update(String(call)).digest('hex');
  const list = async (): Promise<Row> =>
    (await stowageJson<Row[]>(['ls'], { env: { STOWAGE_TMPDIR: tmpdir, XDG_CACHE_HOME: cache } }))[0] as Row;
  const listed = (): string => join(cache, 'stowage', 'listed');
  const remembered = (): string[] =>
    fs.existsSync(listed()) ? fs.readdirSync(listed()).map((name) => join(listed(), name)) : [];
  /** Lists as somebody would whose clock is that far from ours. */
  const listAfter = async (milliseconds: number): Promise<Row> => {
    const now = Date.now;
    Date.now = () => now() + milliseconds;
    try {
      return await list();
    } finally {
      Date.now = now;
    }
  };
  /** What is changed from here on is not changed within the tick of the clock in which anything was before. */
  const tick = (): void => {
    const probe = join(cache, 'probe');
    const changedAt = (): number => {
      fs.writeFileSync(probe, 'x');
      return fs.statSync(probe).ctimeMs;
    };
    const before = changedAt();
    while (changedAt() === before);
  };
  const listLater = async (): Promise<Row> => {
    tick();
    return listAfter(LATER_MS);
  };
  /** Writes into a file as it stands, leaves its length and sets its modification time back. */
  const editInPlace = (path: string, edit: (text: string) => string): void => {
    const { atime, mtime } = fs.statSync(path);
    const text = edit(fs.readFileSync(path, 'utf8'));
    const fd = fs.openSync(path, 'r+');
    fs.writeSync(fd, text, 0);
    fs.closeSync(fd);
    fs.utimesSync(path, atime, mtime);
  };

  beforeEach(() => {
    tmpdir = temporaryFolder();
    cache = temporaryFolder();
    for (let i = 0; i < PLAIN; i++) {
      const path = write(recordOf(`method${String(i)}`));
      if (i === 0) first = path;
    }
    for (let i = 0; i < CALLS; i++) write(recordOf('called', callKey(i)));
  });

  it('is not used while records may still change within a tick of the clock', async () => {
    await listAfter(-LATER_MS);
    expect(remembered()).to.deep.equal([]);
  });

  it('says what the records say', async () => {
    const read = await listLater();
    expect(remembered()).to.have.length(1);
    expect(await listLater()).to.deep.equal(read);
  });

  it('is left as it is where nothing has changed', async () => {
    await listLater();
    const [path = ''] = remembered();
    const { ino } = fs.statSync(path);
    await listLater();
    expect(fs.statSync(path).ino).to.equal(ino);
  });

  it('spares reading what it says', async () => {
    await listLater();
    const [path = ''] = remembered();
    const known = readKnown(path);
    // A mark that no record has: where it shows, the record was not read.
    for (const [name, folder] of known.folders)
      known.folders.set(name, { ...folder, numbers: Array.from(folder.numbers, (each) => (each === 1 ? 2 : each)) });
    writeKnown(path, known);
    expect((await listLater()).seconds).to.be.above(PLAIN + CALLS);
  });

  it('is not trusted over a record that was edited in place, its length and modification time kept', async () => {
    await listLater();
    editInPlace(first, (text) => text.replace('"seconds": 1,', '"seconds": 9,'));
    expect((await listLater()).damaged).to.equal(1);
  });

  it('is not trusted over a call that was edited in place', async () => {
    await listLater();
    const path = write(recordOf('called', callKey(0)));
    editInPlace(path, () => formatRecord({ ...recordOf('called', callKey(0)), seconds: 9 }));
    expect((await listLater()).seconds).to.equal(PLAIN + CALLS + 8);
  });

  it('is not trusted over a record that was replaced', async () => {
    await listLater();
    const record = parseRecord(fs.readFileSync(first, 'utf8')) as EntryRecord;
    fs.writeFileSync(`${first}.new`, formatRecord({ ...record, seconds: 5 }));
    fs.renameSync(`${first}.new`, first);
    expect((await listLater()).seconds).to.equal(PLAIN + CALLS + 4);
  });

  it('knows of records that are gone', async () => {
    await listLater();
    fs.rmSync(first);
    expect((await listLater()).entries).to.equal(PLAIN + CALLS - 1);
  });

  it('knows of calls that have come', async () => {
    await listLater();
    for (let i = CALLS; i < 2 * CALLS; i++) write(recordOf('called', callKey(i)));
    expect((await listLater()).entries).to.equal(PLAIN + 2 * CALLS);
  });

  it('knows that the data of a record is gone', async () => {
    const data = first.replace(/json$/, 'npy');
    fs.writeFileSync(first, formatRecord({ ...recordOf('method0'), file: basename(data), bytes: 152 }));
    fs.writeFileSync(data, '');
    const before = await listLater();
    fs.rmSync(data);
    expect((await listLater()).damaged - before.damaged).to.equal(1);
  });

  it('knows that the folder is another one', async () => {
    await listLater();
    const folder = join(tmpdir, 'cachenight');
    fs.renameSync(folder, `${folder}-away`);
    fs.cpSync(`${folder}-away`, folder, { recursive: true, preserveTimestamps: true });
    fs.rmSync(`${folder}-away`, { recursive: true });
    fs.rmSync(first);
    expect((await listLater()).entries).to.equal(PLAIN + CALLS - 1);
  });

  const spoiled: Record<string, (path: string) => void> = {
    'is cut short': (path) => {
      fs.truncateSync(path, 1000);
    },
    'is empty': (path) => {
      fs.truncateSync(path, 0);
    },
    'has another byte in it': (path) => {
      const bytes = fs.readFileSync(path);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
      fs.writeFileSync(path, bytes);
    },
    'is something else': (path) => {
      fs.writeFileSync(path, 'nothing of ours');
    },
    'is a folder': (path) => {
      fs.rmSync(path);
      fs.mkdirSync(path);
    },
  };
  for (const [what, spoil] of Object.entries(spoiled)) {
    it(`is made again where its file ${what}`, async () => {
      const read = await listLater();
      spoil(remembered()[0] as string);
      expect(await listLater()).to.deep.equal(read);
    });
  }

  it('is done without where it cannot be written', async () => {
    fs.writeFileSync(join(cache, 'stowage'), '');
    expect((await listLater()).entries).to.equal(PLAIN + CALLS);
  });

  it('is not changed by a list of some', async () => {
    await listLater();
    const before = fs.readFileSync(remembered()[0] as string);
    fs.rmSync(first);
    await stowageJson<Row[]>(['ls', 'nigh*'], { env: { STOWAGE_TMPDIR: tmpdir, XDG_CACHE_HOME: cache } });
    expect(fs.readFileSync(remembered()[0] as string).equals(before)).to.equal(true);
  });

  it('leaves nothing in the folder of the tag', async () => {
    const before = fs.readdirSync(join(tmpdir, 'cachenight'));
    await listLater();
    expect(fs.readdirSync(join(tmpdir, 'cachenight'))).to.deep.equal(before);
  });
});
