import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidOptionError, precomputeTags, type PrecomputeReport } from 'stowage';
import { partMeant, partOf } from '#lib/analyzer/precompute/part.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const module = new URL('../../support/analyses/precompute-night.js', import.meta.url);

const shareOf = (tags: readonly string[], index: number, count: number): string[] =>
  partOf(tags, { index, count }).tags;

describe('parts of a list of tags', () => {
  it('are disjoint, cover everything, and differ by one tag at most in size', () => {
    const lists = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 60 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 20 }), (tags, count) => {
        const parts = Array.from({ length: count }, (_, place) => shareOf(tags, place + 1, count));
        expect(parts.flat().sort()).to.deep.equal([...tags].sort());
        const sizes = parts.map((part) => part.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).to.be.at.most(1);
      }),
    );
  });

  it('are the same in whatever order a host lists the tags', () => {
    const lists = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 60 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 9 }), (tags, count) => {
        expect(partOf(tags, { index: 1, count })).to.deep.equal(partOf(tags.toReversed(), { index: 1, count }));
      }),
    );
  });

  it('are pinned: what was begun with one version goes on with the next', () => {
    const tags = ['night10', 'night2', 'Éclair', 'night1', 'LBTISX20240410', 'a b'];
    expect(partOf(tags, { index: 2, count: 4 })).to.deep.equal({
      tags: ['a b', 'Éclair'],
      report: { index: 2, count: 4, tags: 2, total: 6, list: '6d45b21e' },
    });
  });

  it('of other lists have other digits', () => {
    const list = (...tags: string[]): string => partOf(tags, { index: 1, count: 1 }).report.list;
    expect(list('ab', 'c')).to.not.equal(list('a', 'bc'));
    expect(list('a', 'b')).to.not.equal(list('a', 'b', 'c'));
  });

  const nonsense: [option: unknown, what: RegExp][] = [
    [{ index: 0, count: 8 }, /not number 0 of 8/],
    [{ index: 9, count: 8 }, /not number 9 of 8/],
    [{ index: 1.5, count: 8 }, /not number 1.5 of 8/],
    [{ index: -1, count: 8 }, /not number -1 of 8/],
    [{ index: '1', count: 8 }, /not number '1' of 8/],
    [{ index: 1, count: 0 }, /not a count of 0/],
    [{ index: 1, count: NaN }, /not a count of NaN/],
    [{ index: 1 }, /not an index without a count/],
    [{ index: 1, count: 8, of: 8 }, /not one with 'of'/],
    ['1/8', /must be \{ index, count \}.* not '1\/8'/],
    [null, /not null/],
  ];
  for (const [option, message] of nonsense) {
    it(`${JSON.stringify(option)} is refused`, () => {
      expect(() => partMeant(option, {})).to.throw(InvalidOptionError, message);
    });
  }

  it('without an index are the task of an array job', () => {
    expect(partMeant({ count: 8 }, { PBS_ARRAY_INDEX: '3' })).to.deep.equal({ index: 3, count: 8 });
    expect(partMeant({}, { AWS_BATCH_JOB_ARRAY_INDEX: '0', AWS_BATCH_JOB_ARRAY_SIZE: '2' })).to.deep.equal({
      index: 1,
      count: 2,
    });
  });
});

describe('precompute of a part', () => {
  const tags = ['a', 'b', 'c', 'd', 'e'];
  const compute = (tmpdir: string, part: object): Promise<PrecomputeReport> =>
    precomputeTags({ module, analyzer: 'Plain', tags, tmpdir }, { jobs: 1, part });

  it('computes its own tags, and the parts together all', async () => {
    const tmpdir = temporaryFolder();
    const first = await compute(tmpdir, { index: 1, count: 2 });
    expect(first).to.include({ computed: 3, found: 0 });
    expect(first.part).to.deep.include({ index: 1, count: 2, tags: 3, total: 5 });
    const second = await compute(tmpdir, { index: 2, count: 2 });
    expect(second).to.include({ computed: 2, found: 0 });
    expect(second.part?.list).to.equal(first.part?.list);
    expect(await precomputeTags({ module, analyzer: 'Plain', tags, tmpdir })).to.include({ computed: 0, found: 5 });
  });

  it('that has no tag computes nothing', async () => {
    const report = await compute(temporaryFolder(), { index: 6, count: 6 });
    expect(report).to.deep.include({ computed: 0, found: 0, failures: [] });
    expect(report.part).to.deep.include({ tags: 0, total: 5 });
  });

  it('is refused before anything is computed where there is no such part', async () => {
    const tmpdir = temporaryFolder();
    const error: unknown = await compute(tmpdir, { index: 3, count: 2 }).catch((each: unknown) => each);
    expect(error).to.be.instanceOf(InvalidOptionError);
    expect(await precomputeTags({ module, analyzer: 'Plain', tags, tmpdir })).to.include({ computed: 5 });
  });
});
