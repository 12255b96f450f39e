import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { UnsafeFolderError } from '#lib/base/errors.js';
import { clearEntries, storedEntries } from '#lib/store/maintain/clear.js';
import { checkFolder, entryFolder, makeFolder, wasTrusted } from '#lib/store/disk/folder.js';
import { placeOf } from '#lib/store/disk/place.js';
import type { Identity } from '#lib/store/record/identity.js';
import { formatRecord, type EntryRecord } from '#lib/store/record/record.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('the folder of a tag', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(temporaryFolder(), 'cachet');
  });

  it('is made with its parents, and marked so that backup programs skip it', () => {
    const shard = join(folder, 'root.A.m', '3f');
    makeFolder(folder, shard);
    expect(statSync(shard).mode & 0o777).to.equal(0o700);
    // The signature that the specification of cache folders asks for.
    expect(readFileSync(join(folder, 'CACHEDIR.TAG'), 'utf8').split('\n')[0]).to.equal(
      'Signature: 8a477f597d28d172789f06886806bc55',
    );
    makeFolder(folder, shard);
  });

  it('that is there stays as it is', () => {
    mkdirSync(folder, { mode: 0o755 });
    chmodSync(folder, 0o755);
    makeFolder(folder, folder);
    expect(statSync(folder).mode & 0o777).to.equal(0o755);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('is refused under the temporary folder where it is a link, even one that leads nowhere', () => {
    expect(folder.startsWith(tmpdir())).to.equal(true);
    symlinkSync(join(folder, '..', 'nowhere'), folder);
    expect(() => checkFolder(folder)).to.throw(UnsafeFolderError, 'symbolic link');
    expect(() => {
      makeFolder(folder, folder);
    }).to.throw(UnsafeFolderError);
    expect(existsSync(join(folder, '..', 'nowhere'))).to.equal(false);
  });

  it('is looked at anew once another folder, or a link, has taken its place', () => {
    const shard = join(folder, 'root.A.m', '3f');
    const elsewhere = join(folder, '..', 'elsewhere');
    const made = makeFolder(folder, shard);
    expect(entryFolder(folder, shard)?.ino).to.equal(made.ino);
    renameSync(shard, elsewhere);
    expect(entryFolder(folder, shard)).to.equal(undefined);
    symlinkSync(elsewhere, shard);
    expect(() => entryFolder(folder, shard)).to.throw(UnsafeFolderError, 'symbolic link');
    expect(() => makeFolder(folder, shard)).to.throw(UnsafeFolderError, 'symbolic link');
  });

  it("is taken on trust where it has been looked at, save for files that are not its owner's", () => {
    const file = join(folder, 'CACHEDIR.TAG');
    expect(wasTrusted(folder)).to.equal(false);
    makeFolder(folder, folder);
    const stat = statSync(file, { bigint: true });
    expect(wasTrusted(folder)).to.equal(true);
    expect(wasTrusted(folder, stat)).to.equal(true);
    expect(wasTrusted(folder, Object.assign(stat, { uid: stat.uid + 1n }))).to.equal(false);
  });

  it('is absent where nothing is, or where its parent is a file', () => {
    expect(checkFolder(folder)).to.equal(false);
    writeFileSync(folder, '');
    expect(checkFolder(join(folder, 'below'))).to.equal(false);
  });
});

/** Says no more of an entry than a record must. */
function recordOf(identity: Identity, file?: string): EntryRecord {
  const facts = { codec: 'npy', type: 'Float64Array', bytes: 0, checksum: '', digest: '', generation: 0 };
  const run = { computedAt: 1, seconds: 0, code: '', trace: [], host: '', pid: 1, user: '', node: '', stowage: '' };
  return { format: 1, identity, ...facts, ...run, ...(file !== undefined && { file }) } as unknown as EntryRecord;
}

describe('clearing a folder', () => {
  const identity: Identity = { prefix: 'cache', tag: 't', instance: 'root', rootClass: 'A', class: 'A', method: 'A.m' };
  const key = '3f'.padEnd(64, '0');
  let tmpdirOfTest: string;
  let folder: string;
  beforeEach(() => {
    tmpdirOfTest = temporaryFolder();
    folder = join(tmpdirOfTest, 'cachet');
  });
  const put = (each: Identity, file?: string): string => {
    const { plain } = placeOf(tmpdirOfTest, each);
    makeFolder(folder, join(plain, '..'));
    writeFileSync(`${plain}.json`, formatRecord(recordOf(each, file)));
    if (file !== undefined) writeFileSync(join(plain, '..', file), '');
    return plain;
  };

  it('removes what matches, with its data, and then the folders that became empty', () => {
    put(identity, 'root.A.m.npy');
    put({ ...identity, key }, `${key.slice(2)}.npy`);
    expect([...storedEntries(folder)]).to.have.lengthOf(2);
    expect(clearEntries(folder, () => true)).to.equal(2);
    expect(existsSync(folder)).to.equal(false);
    expect(existsSync(tmpdirOfTest)).to.equal(true);
  });

  it('leaves what does not match, and the folders that it is in', () => {
    put(identity);
    const kept = put({ ...identity, key });
    expect(clearEntries(folder, (each) => each.key === undefined)).to.equal(1);
    expect(readdirSync(folder).sort()).to.deep.equal(['CACHEDIR.TAG', 'root.A.m']);
    expect(existsSync(`${kept}.json`)).to.equal(true);
  });

  it('leaves files that it does not know, of whatever name, and what links lead to', () => {
    put(identity, 'root.A.m.npy');
    const foreign = ['notes.txt', 'root.A.other.npy', 'root.A.other.json', 'x.json'];
    for (const name of foreign) writeFileSync(join(folder, name), '{}');
    const outside = join(tmpdirOfTest, 'outside');
    mkdirSync(join(outside, '3f'), { recursive: true });
    writeFileSync(join(outside, '3f', 'a.json'), formatRecord({ format: 1, identity } as EntryRecord));
    symlinkSync(outside, join(folder, 'linked'));
    expect(clearEntries(folder, () => true)).to.equal(1);
    expect(readdirSync(folder).sort()).to.deep.equal(['CACHEDIR.TAG', 'linked', ...foreign].sort());
    expect(existsSync(join(outside, '3f', 'a.json'))).to.equal(true);
  });

  it('finds nothing where no folder is', () => {
    expect(clearEntries(folder, () => true)).to.equal(0);
  });
});

describe('the place of an entry', () => {
  it('is sharded by the first two digits of its key, and its other name tells identities apart that share the first', () => {
    const identity: Identity = {
      prefix: 'cache',
      tag: '2024',
      instance: 'root',
      rootClass: 'A',
      class: 'A',
      method: 'A.m',
    };
    const { plain, alternative } = placeOf('/tmp/x', { ...identity, key: 'abcdef' });
    expect(plain).to.equal('/tmp/x/cache2024/root.A.m/ab/cdef');
    expect(alternative).to.match(/^\/tmp\/x\/cache2024\/root\.A\.m\/ab\/cdef~[0-9a-f]{16}$/);
    const one = placeOf('/tmp/x', identity);
    const other = placeOf('/tmp/x', { ...identity, prefix: 'cache2', tag: '024' });
    expect(one.plain).to.equal(other.plain);
    expect(one.alternative).not.to.equal(other.alternative);
  });
});
