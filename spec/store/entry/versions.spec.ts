import fs, { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { verify } from 'stowage';
import { flowOf, runNow } from '#lib/base/run/flow.js';
import { codecFor } from '#lib/codec/registry.js';
import { entryStem } from '#lib/key/names/path-name.js';
import { digestOf } from '#lib/store/entry/digest.js';
import { findEntry } from '#lib/store/entry/find.js';
import { loadEntry } from '#lib/store/entry/load.js';
import { placeOf } from '#lib/store/disk/place.js';
import { rewriteRecord } from '#lib/store/entry/rewrite.js';
import { stageEntry, type Draft, type Staged } from '#lib/store/entry/stage.js';
import { isVersionStem, versionAt, versionStem } from '#lib/store/entry/versions.js';
import type { Identity } from '#lib/store/record/identity.js';
import type { EntryRecord } from '#lib/store/record/record.js';
import { filesIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const identity: Identity = {
  prefix: 'cache',
  tag: 'night',
  instance: 'root',
  rootClass: 'Night',
  class: 'Night',
  method: 'Night.psf',
};

/** A result of some code: three times its number. */
const valueOf = (number: number): Float64Array => new Float64Array(3).fill(number);

/** Writes over the last number of an array. */
function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0xff, bytes.length - 8);
  writeFileSync(path, bytes);
}

describe('results of other code', () => {
  let tmpdir: string;
  let folder: string;
  let failures: unknown[];
  let time: number;

  beforeEach(() => {
    tmpdir = temporaryFolder();
    folder = join(tmpdir, 'cachenight');
    failures = [];
    time = 1;
  });

  const place = (): ReturnType<typeof placeOf> => placeOf(tmpdir, identity);

  function staged(line: string, value: unknown, more: { most?: number; draft?: Partial<Draft> } = {}): Staged {
    const codec = codecFor(value);
    const draft: Draft = {
      type: '',
      digest: digestOf(value, codec),
      generation: 0,
      computedAt: time++,
      seconds: 1,
      code: 'text',
      codeSeen: { digest: `own of ${line}`, own: '', depth: 'all', line, parts: [] },
      trace: [],
      host: '',
      pid: 0,
      user: '',
      node: '',
      stowage: '',
      ...more.draft,
    };
    return runNow(
      stageEntry(place(), identity, codec, codec.encode(value), draft, {
        durable: true,
        versions: {
          most: more.most ?? 3,
          isOver: ({ expiresAt = Infinity }) => expiresAt < time,
          onFailure: (error) => void failures.push(error),
        },
      }),
    );
  }

  function store(line: string, value: unknown, more: { most?: number; draft?: Partial<Draft> } = {}): void {
    staged(line, value, more).commit();
  }

  function present(): EntryRecord {
    const found = findEntry(place(), identity);
    if (found.kind !== 'entry') throw new Error(found.kind);
    return found.record;
  }

  const linesKept = (): string[] => (present().versions ?? []).map(({ line }) => line);

  /** What code finds: its own result, and no other's. */
  function load(line: string): unknown {
    const refuse = (record: EntryRecord): ReturnType<typeof flowOf<string | undefined>> =>
      flowOf(() => (record.codeSeen?.line === line ? undefined : 'other code'));
    const loaded = runNow(
      loadEntry(place(), identity, {
        refuse,
        versions: { refuse, own: () => `own of ${line}`, nearest: ([first]) => first },
        writable: true,
      }),
    );
    return loaded.kind === 'value' ? loaded.value : loaded.kind;
  }

  it('are kept beside the present one, found by their code, and sound', async () => {
    store('a', valueOf(1));
    store('b', valueOf(2));
    store('c', { number: 3 });
    expect(linesKept()).to.eql(['b', 'a']);
    expect(present().versions?.[0]).to.eql({ line: 'b', own: 'own of b', computedAt: 2 });
    for (const [line, value] of [
      ['a', valueOf(1)],
      ['b', valueOf(2)],
      ['c', { number: 3 }],
    ] as const)
      expect(load(line), line).to.eql(value);
    expect(load('d')).to.equal('refused');
    expect(await verify(folder)).to.deep.include({ entries: 3, sound: 3, versions: 2, findings: [] });
  });

  it('are found where they lie: a look changes nothing', () => {
    store('a', valueOf(1));
    store('b', valueOf(2));
    const before = filesIn(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
    expect(load('a')).to.eql(valueOf(1));
    expect(filesIn(folder).map((file) => readFileSync(join(folder, file), 'latin1'))).to.eql(before);
  });

  it('push the one out that was kept first', () => {
    for (const [number, line] of ['a', 'b', 'c', 'd'].entries()) store(line, valueOf(number), { most: 2 });
    expect(linesKept()).to.eql(['c', 'b']);
    expect(load('a')).to.equal('refused');
    expect(load('b')).to.deep.equal(valueOf(1));
    expect(filesIn(folder)).to.have.length(6);
  });

  it('go where none is to be kept', () => {
    store('a', valueOf(1));
    store('b', valueOf(2));
    store('c', valueOf(3), { most: 0 });
    expect(present()).not.to.have.property('versions');
    expect(filesIn(folder)).to.eql(['root.Night.psf.json', 'root.Night.psf.npy']);
  });

  it('are superseded by a new result of their own code', () => {
    store('a', valueOf(1));
    store('b', valueOf(2));
    store('a', valueOf(3));
    expect(linesKept()).to.eql(['b']);
    expect(load('a')).to.deep.equal(valueOf(3));
    expect(load('b')).to.deep.equal(valueOf(2));
    store('a', valueOf(4));
    expect(linesKept()).to.eql(['b']);
    expect(filesIn(folder)).to.have.length(4);
  });

  for (const [what, draft] of [
    ['was adopted', { adopted: true }],
    ['is over', { expiresAt: 1 }],
    ['has no code', { code: '', codeSeen: { digest: '', own: '', depth: 'all', line: '', parts: [] } }],
  ] as const) {
    it(`are not kept where what is there ${what}`, () => {
      store('a', valueOf(1), { draft });
      store('b', valueOf(2));
      expect(present()).not.to.have.property('versions');
      expect(filesIn(folder)).to.eql(['root.Night.psf.json', 'root.Night.psf.npy']);
    });
  }

  it('are not kept where what is there was invalidated, nor found', () => {
    store('a', valueOf(1));
    store('b', valueOf(2));
    const record = present();
    rewriteRecord(place().plain, { ...record, generation: 5, invalidated: true });
    expect(load('a')).to.equal('refused');
    // A Stowage that does not know of versions leaves them.
    rewriteRecord(place().plain, { ...record, generation: 5 });
    expect(load('a')).to.equal('refused');
    store('c', valueOf(3), { draft: { generation: 6 } });
    expect(present().versions).to.equal(undefined);
    expect(load('a')).to.equal('refused');
    expect(load('b')).to.equal('refused');
    expect(filesIn(folder)).to.eql(['root.Night.psf.json', 'root.Night.psf.npy']);
  });

  it('are not kept where the data is not what was written', () => {
    store('a', valueOf(1));
    damage(`${place().plain}.npy`);
    store('b', valueOf(2));
    expect(linesKept()).to.deep.equal([]);
    expect(failures).to.deep.equal([]);
    expect(filesIn(folder)).to.eql(['root.Night.psf.json', 'root.Night.psf.npy']);
  });

  it('are kept from a folder that was copied', () => {
    store('a', valueOf(1));
    const data = readFileSync(`${place().plain}.npy`);
    fs.rmSync(`${place().plain}.npy`);
    writeFileSync(`${place().plain}.npy`, data);
    store('b', valueOf(2));
    expect(load('a')).to.eql(valueOf(1));
  });

  it('keep the record alone of what was pruned', async () => {
    store('a', valueOf(1));
    rewriteRecord(place().plain, { ...present(), pruned: 7 });
    fs.rmSync(`${place().plain}.npy`);
    store('b', valueOf(2));
    expect(linesKept()).to.eql(['a']);
    expect(versionAt(place(), identity, 'a')?.record.pruned).to.equal(7);
    expect(load('a')).to.equal('refused');
    expect(await verify(folder)).to.deep.include({ entries: 2, sound: 2, pruned: 1, findings: [] });
  });

  it('share no data with the present one once it stands', () => {
    store('a', valueOf(1));
    const { ino } = statSync(`${place().plain}.npy`);
    store('b', valueOf(2));
    const version = versionStem(place(), identity, 'a');
    expect(statSync(`${version}.npy`)).to.deep.include({ ino, nlink: 1 });
    expect(statSync(`${place().plain}.npy`).ino).not.to.equal(ino);
  });

  it('survive another program that stores between the staging and the commit', () => {
    store('a', valueOf(1));
    const slow = staged('b', valueOf(2));
    store('c', valueOf(3));
    slow.commit();
    expect(linesKept()).to.eql(['c', 'a']);
    expect(['a', 'b', 'c'].map(load)).to.eql([valueOf(1), valueOf(2), valueOf(3)]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).to.eql([]);
  });

  it('survive another program that stores first', () => {
    const slow = staged('a', valueOf(1));
    store('b', valueOf(2));
    slow.commit();
    expect(linesKept()).to.deep.equal(['b']);
    expect(load('b')).to.deep.equal(valueOf(2));
  });

  it('leave nothing where the new one is abandoned', () => {
    store('a', valueOf(1));
    const before = filesIn(folder);
    staged('b', valueOf(2)).abandon();
    expect(filesIn(folder)).to.eql(before);
  });

  /** Has a file operation fail while something is done. */
  function whileFailing(operation: 'linkSync' | 'copyFileSync', code: string, work: () => void): void {
    const original = fs[operation] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [operation]: (...args: unknown[]) => {
        if (String(args[1]).includes('.npy')) throw Object.assign(new Error(code), { code });
        return original(...args);
      },
    });
    syncBuiltinESMExports();
    try {
      work();
    } finally {
      Object.assign(fs, { [operation]: original });
      syncBuiltinESMExports();
    }
  }

  it('are copied where the file system takes no second names', () => {
    store('a', valueOf(1));
    whileFailing('linkSync', 'EPERM', () => {
      store('b', valueOf(2));
    });
    expect(failures).to.deep.equal([]);
    expect(load('a')).to.deep.equal(valueOf(1));
    expect(load('b')).to.deep.equal(valueOf(2));
  });

  it('are lost, and that is told, where the disk takes neither; the new one is stored', () => {
    store('a', valueOf(1));
    whileFailing('linkSync', 'EPERM', () => {
      whileFailing('copyFileSync', 'ENOSPC', () => {
        store('b', valueOf(2));
      });
    });
    expect(failures).to.have.length(1);
    expect(failures[0]).to.have.property('code', 'ENOSPC');
    expect(load('a')).to.equal('refused');
    expect(load('b')).to.deep.equal(valueOf(2));
    expect(filesIn(folder)).to.eql(['root.Night.psf.json', 'root.Night.psf.npy']);
  });

  it('which no entry speaks of are named, and removed', async () => {
    store('a', valueOf(1));
    store('b', valueOf(2));
    const { versions: _, ...older } = present();
    rewriteRecord(place().plain, older);
    const version = basename(versionStem(place(), identity, 'a'));
    const { entries, sound, findings } = await verify(folder, { repair: true });
    expect(entries).to.equal(1);
    expect(sound).to.equal(1);
    expect(findings.map(({ file, problem, removed }) => [basename(file), problem, removed])).to.eql([
      [`${version}.json`, 'leftover', true],
    ]);
    expect(existsSync(join(folder, `${version}.npy`))).to.equal(false);
  });

  it('whose data is damaged are named, and not used', async () => {
    store('a', valueOf(1));
    store('b', valueOf(2));
    damage(`${versionStem(place(), identity, 'a')}.npy`);
    expect(load('a')).to.equal('refused');
    const { findings } = await verify(folder);
    expect(findings.map(({ problem }) => problem)).to.eql(['wrong checksum']);
  });
});

describe('the name of an earlier version', () => {
  it('is that of no entry, and as long as a file name may be', () => {
    const names = ['x', 'x~0123456789ab', 'x'.repeat(400), '~'.repeat(300)].map((name) => entryStem('root', name));
    for (const name of names) {
      expect(isVersionStem(name), name).to.equal(false);
      const plain = join('/', name);
      const stem = versionStem({ plain }, identity, 'a');
      expect(isVersionStem(stem)).to.equal(true);
      expect(basename(stem).length).to.be.at.most(180 + 17);
      expect(versionStem({ plain }, { ...identity, rootClass: 'Other' }, 'a')).not.to.equal(stem);
      expect(versionStem({ plain }, identity, 'b')).not.to.equal(stem);
    }
  });
});
