import { expect } from 'chai';
import { folderShown, nameOfRecord, readRecordName, tagPrefix } from '#lib/remote/contract/layout.js';
import type { EntryRecord } from '#lib/store/record/record.js';

const FILE = { file: '$raw/a.fits', bytes: 1, mtimeNs: '1', checksum: 'one' };
const PARAMETER = { parameter: 'gain', instance: 'root', digest: 'two' };

const RECORD = {
  identity: { prefix: 'cache', tag: 'night', instance: 'root', rootClass: 'Night', method: 'Night.psf' },
  generation: 0,
  code: 'abc',
  digest: 'of the value',
  computedAt: 1,
  package: 'observatory',
  trace: [FILE, PARAMETER],
} as unknown as EntryRecord;

const nameWith = (change: object): string => nameOfRecord({ ...RECORD, ...change });

describe('names in a remote', () => {
  it('are those that every later version must find', () => {
    expect(nameOfRecord(RECORD)).to.equal(
      'records/cachenight/9d9323559f600ecf2cecf8e4601b81a58ce31e080b9c1c2dfa2d05d8d4f0b18a/0-ba7816bf8f01cfea-f118e24637349259',
    );
  });

  it('are equal for results of one call, code and input, whoever computed them, and whatever came out', () => {
    const same = {
      computedAt: 2,
      digest: 'another',
      host: 'other',
      trace: [{ ...FILE, mtimeNs: '9', inode: '7' }, PARAMETER],
    };
    expect(nameWith(same)).to.equal(nameOfRecord(RECORD));
    const here = nameWith({ package: 'script /home/a/run.js#0123456789abcdef' });
    expect(nameWith({ package: 'script /home/b/run.js#0123456789abcdef' })).to.equal(here);
  });

  it('differ by identity, generation, code, package and all that was used', () => {
    const others = [
      { identity: { ...RECORD.identity, key: 'f'.repeat(64) } },
      { generation: 7 },
      { code: 'abd' },
      { package: 'other' },
      { trace: [{ ...FILE, checksum: 'three' }, PARAMETER] },
      { trace: [PARAMETER] },
    ].map(nameWith);
    expect(new Set([nameOfRecord(RECORD), ...others])).to.have.property('size', 7);
    for (const name of others) expect(readRecordName(name), name).to.have.property('name', name);
  });

  it('show tags of any letters, and lead nowhere else', () => {
    for (const tag of ['night 1', 'größe+α', '../../etc', '.hidden', 'a=b']) {
      const prefix = tagPrefix({ prefix: '', tag });
      expect(prefix, tag).to.match(/^records\/[\w=-][\w.=-]*\/$/);
      expect(folderShown(`${prefix}rest`)).to.equal(tag);
    }
  });

  it('are of a bounded length, and still of one tag each', () => {
    const [one, other] = [240, 241].map((length) => tagPrefix({ prefix: '', tag: 'x'.repeat(length) }));
    expect(one).not.to.equal(other);
    expect(one?.length).to.be.lessThan(200);
  });

  it('are none of ours where they lack a part', () => {
    for (const name of ['records/a/b', 'data/00/x.npy', 'records/../x/0-a-b', ''])
      expect(readRecordName(name), name).to.equal(undefined);
  });
});
