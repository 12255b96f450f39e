import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Float64, Table, tableFromArrays, Utf8, vectorFromArray } from 'apache-arrow';
import { expect } from 'chai';
import createNdArray from 'ndarray';
import { Analyzer, AnalyzerSet, AnalyzerSetError, cacheOnDisk, record, type SetResults } from 'stowage';
import { codeThrownBy, collected, filesIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let tmpdir = '';
let made: string[] = [];

class Slopes {
  readonly gain: number;

  constructor(private readonly tag: string) {
    this.gain = tag.length;
  }

  @cacheOnDisk
  rms(factor = 1): number {
    if (this.tag.endsWith('bad')) throw new RangeError(`no slopes in ${this.tag}`);
    return this.tag.length * factor;
  }

  @cacheOnDisk
  get spectrum(): Float32Array {
    return new Float32Array([this.tag.length, NaN, 3]);
  }
}

class Night extends Analyzer {
  readonly slopes: Slopes;
  readonly extra?: Slopes;

  constructor(tag: string) {
    super(tag);
    made.push(tag);
    this.slopes = new Slopes(tag);
    if (tag === 'ccc') this.extra = new Slopes(tag);
  }

  @cacheOnDisk
  async seeing(): Promise<number> {
    await Promise.resolve();
    return this.slopes.rms() / 10;
  }
}

/** The errors of what `action` throws, by tag. */
function errorsOf(action: () => unknown): Record<string, string> {
  try {
    action();
  } catch (error) {
    if (error instanceof AnalyzerSetError)
      return Object.fromEntries([...error.errors].map(([tag, each]) => [tag, String(each)]));
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('AnalyzerSet', () => {
  beforeEach(() => {
    tmpdir = temporaryFolder();
    made = [];
  });

  const nights = (...tags: string[]): AnalyzerSet<Night, []> => new AnalyzerSet(Night, tags, { tmpdir });

  describe('its tags', () => {
    it('are those of a list, in its order and each once, and nobody is made for them', () => {
      const set = nights('c', 'a', 'b', 'a');
      expect(set.tags).to.deep.equal(['c', 'a', 'b']);
      expect(set.length).to.equal(3);
      expect(made).to.deep.equal([]);
      expect(set.at(-1)?.tag).to.equal('b');
      expect(set.at(3)).to.equal(undefined);
      expect(made).to.deep.equal(['b']);
      expect(codeThrownBy(() => set.get('d'))).to.equal('STOWAGE_INVALID_OPTION');
    });

    it('are those of a pattern of which something is stored under the prefix', () => {
      nights('LBT20240410', 'LBT20240411', 'LBT2025', 'other', 'L+T').map((night) => night.slopes.rms());
      new AnalyzerSet(Night, ['2LBT2024'], { tmpdir, prefix: 'cache' }).map((night) => night.slopes.rms());
      new AnalyzerSet(Night, ['LBT2024'], { tmpdir, prefix: 'cache2' }).map((night) => night.slopes.rms());
      mkdirSync(join(tmpdir, 'cacheLBT2024-empty'));
      writeFileSync(join(tmpdir, 'cacheLBT2024-file'), '');
      const tagsOf = (pattern: string, prefix?: string): readonly string[] =>
        new AnalyzerSet(Night, pattern, { tmpdir, ...(prefix !== undefined && { prefix }) }).tags;
      expect(tagsOf('LBT2024*')).to.deep.equal(['LBT20240410', 'LBT20240411']);
      expect(tagsOf('LBT2024041?')).to.deep.equal(['LBT20240410', 'LBT20240411']);
      expect(tagsOf('L+*')).to.deep.equal(['L+T']);
      expect(tagsOf('*', 'cache2')).to.deep.equal(['LBT2024']);
      expect(tagsOf('LBT1999*')).to.deep.equal([]);
      expect(tagsOf('not stored yet')).to.deep.equal(['not stored yet']);
      expect(new AnalyzerSet(Night, '*', { tmpdir: join(tmpdir, 'nowhere') }).tags).to.deep.equal([]);
    });

    it('are those of a range of dates, in their order, both ends included', () => {
      const tags = ['z20240409_235959', 'y20240410_000000', 'x20240411_235959', 'w20240412', 'no date'];
      nights(...tags).map((night) => night.slopes.rms());
      const tagsOf = (range: object): readonly string[] => new AnalyzerSet(Night, range, { tmpdir }).tags;
      expect(tagsOf({ from: '20240410', to: '20240411' })).to.deep.equal(['y20240410_000000', 'x20240411_235959']);
      expect(tagsOf({ from: new Date('2024-04-11T23:59:59Z') })).to.deep.equal(['x20240411_235959', 'w20240412']);
      expect(tagsOf({ to: '2024-04-09T23:59:59' })).to.deep.equal(['z20240409_235959']);
      expect(tagsOf({ to: '2024-04-09T23:59:58' })).to.deep.equal([]);
      expect(tagsOf({ like: 'w*' })).to.deep.equal(['w20240412']);
    });

    it('are refused at once where they are none', () => {
      for (const selection of [
        undefined,
        null,
        3,
        [3],
        { from: 'yesterday' },
        { from: '20240411', to: '20240410' },
        { to: new Date(NaN) },
      ]) {
        expect(
          codeThrownBy(() => new AnalyzerSet(Night, selection as never, { tmpdir })),
          JSON.stringify(selection),
        ).to.equal('STOWAGE_INVALID_OPTION');
      }
      expect(codeThrownBy(() => new AnalyzerSet(Slopes as never, ['a']))).to.equal('STOWAGE_INVALID_OPTION');
    });

    it('are filtered by name and date, and selected, without making anybody', () => {
      const set = nights('a20240410', 'b20240411', 'c');
      expect(set.filter((_, date) => date !== undefined).tags).to.deep.equal(['a20240410', 'b20240411']);
      expect(set.filter((tag) => tag === 'c').tags).to.deep.equal(['c']);
      expect(set.select('b*').tags).to.deep.equal(['b20240411']);
      expect(set.select({ from: '20240411' }).tags).to.deep.equal(['b20240411']);
      expect(set.select(['c', 'a20240410']).tags).to.deep.equal(['c', 'a20240410']);
      expect(codeThrownBy(() => set.select(['d']))).to.equal('STOWAGE_INVALID_OPTION');
      expect(made).to.deep.equal([]);
      expect(set.select('c').get('c').info().tmpdir).to.equal(tmpdir);
    });
  });

  describe('its members', () => {
    it('are the instances that get returns', () => {
      const set = nights('a');
      const night = set.get('a');
      expect(Night.get('a', { tmpdir })).to.equal(night);
      expect([...set]).to.deep.equal([night]);
    });

    it('get the further arguments of their constructors', () => {
      class Site extends Night {
        constructor(
          tag: string,
          readonly site: string,
        ) {
          super(tag);
        }
      }
      const set = new AnalyzerSet(Site, ['a', 'b'], { tmpdir, args: ['Paranal'] });
      expect(set.map((each) => each.site)).to.deep.equal(['Paranal', 'Paranal']);
      // @ts-expect-error -- the site is missing
      expect(new AnalyzerSet(Site, ['a'], { tmpdir }).length).to.equal(1);
    });

    it('are not kept', async () => {
      const set = nights('a', 'b');
      const refs: WeakRef<Night>[] = [];
      set.each((night) => void refs.push(new WeakRef(night)));
      expect(await collected(() => refs.every((ref) => ref.deref() === undefined))).to.equal(true);
    });

    it('are cleared once, when they are first used, where that is said', () => {
      nights('a', 'b').map((night) => night.slopes.rms());
      const set = new AnalyzerSet(Night, ['a', 'b'], { tmpdir, recalc: true });
      expect(filesIn(tmpdir)).to.have.length(2);
      set.get('a');
      expect(filesIn(tmpdir)).to.have.length(1);
      set.get('a').slopes.rms();
      set.select('*').get('a');
      expect(filesIn(tmpdir)).to.have.length(2);
    });
  });

  describe('each', () => {
    it('gives the results by tag', () => {
      const results: SetResults<number> = nights('aaa', 'b').each((night) => night.slopes.rms(2));
      expect(results.values).to.deep.equal([6, 2]);
      expect([...results]).to.deep.equal([
        ['aaa', 6],
        ['b', 2],
      ]);
      expect(results.get('b')).to.equal(2);
      expect(codeThrownBy(() => results.get('c'))).to.equal('STOWAGE_INVALID_OPTION');
      expect(nights().each((night) => night.slopes.rms()).values).to.deep.equal([]);
    });

    it('goes on after a tag that fails, and does not let it be overlooked', () => {
      const results = nights('a', 'bad', 'ccc', 'verybad').each((night) => night.slopes.rms());
      const errors = { bad: 'RangeError: no slopes in bad', verybad: 'RangeError: no slopes in verybad' };
      expect(errorsOf(() => results.values)).to.deep.equal(errors);
      expect(errorsOf(() => [...results])).to.deep.equal(errors);
      expect(errorsOf(() => results.stack())).to.deep.equal(errors);
      expect(errorsOf(() => results.table())).to.deep.equal(errors);
      expect(errorsOf(() => nights('a', 'bad').map((night) => night.slopes.rms()))).to.deep.equal({ bad: errors.bad });
      expect(() => results.get('bad')).to.throw(RangeError);
      expect(results.succeeded.values).to.deep.equal([1, 3]);
      expect(results.tags).to.deep.equal(['a', 'ccc']);
      expect([...results.errors.keys()]).to.deep.equal(['bad', 'verybad']);
    });

    it('has the results of the others in its error', () => {
      try {
        nights('a', 'bad').map((night) => night.slopes.rms());
        expect.fail('nothing was thrown');
      } catch (error) {
        expect(error).to.be.instanceOf(AnalyzerSetError);
        const { code, message, results, cause } = error as AnalyzerSetError;
        expect(code).to.equal('STOWAGE_ANALYZER_SET');
        expect(message).to.contain("1 of 2 tags failed: 'bad' with RangeError: no slopes in bad");
        expect(results.values).to.deep.equal([1]);
        expect(cause).to.be.instanceOf(RangeError);
      }
    });

    it('keeps by its tag what is thrown and is no error, and what a constructor throws', () => {
      class Closed extends Analyzer {
        constructor(tag: string) {
          super(tag);
          if (tag === 'b') throw new TypeError('the dome is closed');
        }
      }
      const { errors } = new AnalyzerSet(Closed, ['a', 'b'], { tmpdir }).each((): number => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- what users do
        throw 'clouds';
      });
      expect([...errors].map(([tag, error]) => [tag, String(error)])).to.deep.equal([
        ['a', 'Error: clouds'],
        ['b', 'TypeError: the dome is closed'],
      ]);
    });

    it('awaits asynchronous methods, some at a time, and keeps the order of the tags', async () => {
      let running = 0;
      let most = 0;
      const set = nights('aaaa', 'aaa', 'aa', 'bad', 'a');
      const results = await set.each(
        async (night) => {
          most = Math.max(most, ++running);
          for (const _ of night.tag) await Promise.resolve();
          running--;
          return night.seeing();
        },
        { jobs: 2 },
      );
      expect(most).to.equal(2);
      expect(results.succeeded.values).to.deep.equal([0.4, 0.3, 0.2, 0.1]);
      expect([...results.errors.keys()]).to.deep.equal(['bad']);
      expect(await nights('a', 'aa').map((night) => night.seeing())).to.deep.equal([0.1, 0.2]);
      expect(codeThrownBy(() => set.each((night) => night.seeing(), { jobs: 0 }))).to.equal('STOWAGE_INVALID_OPTION');
    });
  });

  describe('all', () => {
    it('calls a method of all members, and reads a value of all, through their parts', async () => {
      const set = nights('aaa', 'b');
      const rms: SetResults<number> = set.all.slopes.rms(2);
      expect(rms.values).to.deep.equal([6, 2]);
      const gains: SetResults<number> = set.all.slopes.gain;
      expect(gains.values).to.deep.equal([3, 1]);
      expect(set.all.slopes.spectrum.values.map(([first]) => first)).to.deep.equal([3, 1]);
      expect(set.all.tag.values).to.deep.equal(['aaa', 'b']);
      const seeing: SetResults<number> = await set.all.seeing();
      expect(seeing.values).to.deep.equal([0.3, 0.1]);
      expect(record(set.get('b').slopes, 'rms', 2)?.value).to.equal(2);
      // @ts-expect-error -- rms takes a number
      expect(set.all.slopes.rms('2').values).to.deep.equal([6, 2]);
    });

    it('collects the errors of those who fail or lack a part', () => {
      const all = nights('a', 'bad', 'ccc').all;
      expect([...all.slopes.rms().errors.keys()]).to.deep.equal(['bad']);
      const { extra } = all as unknown as { extra: { rms(): SetResults<number> } };
      expect([...extra.rms().succeeded]).to.deep.equal([['ccc', 3]]);
    });

    it('collects the errors where nobody can be made, however far it is led', () => {
      class Closed extends Night {
        constructor(tag: string) {
          super(tag);
          throw new TypeError('the dome is closed');
        }
      }
      const { all } = new AnalyzerSet(Closed, ['a', 'b'], { tmpdir });
      expect([...all.slopes.rms(2).errors.keys()]).to.deep.equal(['a', 'b']);
      expect([...all.slopes.gain.errors.keys()]).to.deep.equal(['a', 'b']);
      expect(() => all.slopes.gain.values).to.throw(AnalyzerSetError);
    });

    it('is empty for no tags', async () => {
      const { all } = nights();
      expect(all.slopes.rms().values).to.deep.equal([]);
      expect(all.slopes.gain.values).to.deep.equal([]);
      expect((await all.seeing()).values).to.deep.equal([]);
    });

    it('refuses a property that nobody has', () => {
      const all = nights('a', 'b').all as unknown as Record<string, Record<string, unknown>>;
      expect(() => all.slopse).to.throw(/analyzer has no property 'slopse'/);
      expect(() => all.slopes?.gian).to.throw(/analyzer\.slopes has no property 'gian'/);
    });

    it('can be awaited and shown without harm', async () => {
      const { all } = nights('a');
      expect(await Promise.resolve(all)).to.equal(all);
      expect(Object.prototype.toString.call(all)).to.equal('[object Object]');
    });
  });

  describe('stack', () => {
    const stacked = (...values: unknown[]): ReturnType<SetResults<unknown>['stack']> =>
      nights(...values.map((_, place) => `tag${place}`))
        .each((_, tag) => values[Number(tag.slice(3))])
        .stack();

    it('makes one ndarray of typed arrays of one length, of their dtype', () => {
      const rows = nights('aaa', 'b').all.slopes.spectrum.stack();
      expect(rows.shape).to.deep.equal([2, 3]);
      expect(rows.dtype).to.equal('float32');
      expect(rows.get(1, 0)).to.equal(1);
      expect(rows.get(0, 1)).to.be.NaN;
      expect(rows.data).to.be.instanceOf(Float32Array);
      expect(stacked(new BigInt64Array([1n]), new BigInt64Array([2n])).dtype).to.equal('bigint64');
    });

    it('makes one of ndarrays, whatever their strides, and of numbers', () => {
      const transposed = createNdArray(new Int16Array([1, 2, 3, 4, 5, 6]), [2, 3]).transpose(1, 0);
      const both = stacked(transposed, createNdArray(new Int16Array([7, 8, 9, 10, 11, 12]), [3, 2]));
      expect(both.shape).to.deep.equal([2, 3, 2]);
      expect(both.dtype).to.equal('int16');
      expect([...(both.data as Int16Array)]).to.deep.equal([1, 4, 2, 5, 3, 6, 7, 8, 9, 10, 11, 12]);
      expect([...(stacked(1, NaN, -0).data as Float64Array)]).to.deep.equal([1, NaN, -0]);
      expect(stacked([1, 2], [3, 4]).shape).to.deep.equal([2, 2]);
    });

    it('refuses what has different shapes or types, or no elements to stack', () => {
      expect(() => stacked(new Float32Array(2), new Float32Array(3))).to.throw(
        "the result of 'tag0' is a Float32Array of shape 2 and that of 'tag1' a Float32Array of shape 3",
      );
      expect(() => stacked(new Float32Array(2), new Float64Array(2))).to.throw(/Float64Array/);
      expect(() => stacked(1, 'two')).to.throw(
        /the result of 'tag0' cannot be stacked.* All must be numbers, or all arrays of one type and shape/,
      );
      expect(() => stacked(new Float32Array(1), 'two')).to.throw("the result of 'tag1' cannot be stacked");
      expect(() => stacked()).to.throw(/nothing to stack/);
    });
  });

  describe('table', () => {
    const tabled = (...values: unknown[]): Table =>
      nights(...values.map((_, place) => `tag${place}`))
        .each((_, tag) => values[Number(tag.slice(3))])
        .table();
    const rows = (table: Table): unknown[] => table.toArray().map((row: { toJSON(): unknown }) => row.toJSON());

    it('has the tag as a column beside the results', () => {
      const table = nights('aaa', 'b').all.slopes.rms().table({ value: 'rms' });
      expect(String(table.schema)).to.equal('Schema<{ 0: tag: Utf8, 1: rms: Float64 }>');
      expect(rows(table)).to.deep.equal([
        { tag: 'aaa', rms: 3 },
        { tag: 'b', rms: 1 },
      ]);
    });

    it('has a column for each key of plain objects, with null for what is absent', () => {
      const date = new Date('2024-04-10T11:22:33Z');
      const table = tabled({ n: 1, ok: true, name: 'x', when: date, big: 5n }, { n: NaN, name: null, more: undefined });
      expect(table.schema.fields.map((field) => String(field.type))).to.deep.equal([
        'Utf8',
        'Float64',
        'Bool',
        'Utf8',
        'Timestamp<MILLISECOND>',
        'Int64',
        'Null',
      ]);
      expect(table.getChild('n')?.toArray()).to.deep.equal(new Float64Array([1, NaN]));
      expect(table.getChild('when')?.get(0)).to.equal(date.getTime());
      expect(table.getChild('big')?.get(0)).to.equal(5n);
      expect(table.getChild('ok')?.get(1)).to.equal(null);
      expect(table.getChild('name')?.get(1)).to.equal(null);
    });

    it('has lists for typed arrays', () => {
      const table = nights('aaa', 'b').all.slopes.spectrum.table();
      expect(String(table.schema.fields[1]?.type)).to.equal('FixedSizeList[3]<Float32>');
      expect([...(table.getChild('value')?.get(1) as Iterable<number>)]).to.deep.equal([1, NaN, 3]);
      const uneven = tabled(new Int8Array([1]), new Int8Array([2, 3]));
      expect(String(uneven.schema.fields[1]?.type)).to.equal('List<Int8>');
      expect([...(uneven.getChild('value')?.get(1) as Iterable<number>)]).to.deep.equal([2, 3]);
    });

    it('puts tables below each other', () => {
      const first = tableFromArrays({ x: Float64Array.of(1, 2) });
      const empty = new Table({ x: vectorFromArray([], new Float64()) });
      const table = tabled(first, empty, tableFromArrays({ x: Float64Array.of(3) }));
      expect(rows(table)).to.deep.equal([
        { tag: 'tag0', x: 1 },
        { tag: 'tag0', x: 2 },
        { tag: 'tag2', x: 3 },
      ]);
      expect(() => tabled(first, tableFromArrays({ y: Float64Array.of(3) }))).to.throw(/different columns/);
      expect(() => tabled(new Table({ tag: vectorFromArray(['x'], new Utf8()) }))).to.throw(
        /a column 'tag' of their own/,
      );
    });

    it('refuses what does not go together, or into a column', () => {
      expect(() => tabled({ n: 1 }, { n: 'one' })).to.throw("'tag0' has a number and 'tag1' a string");
      expect(() => tabled(new Map())).to.throw(
        "the column 'value' cannot be made: 'tag0' has a Map, which no column takes",
      );
      expect(() => tabled(1n, 2n ** 63n)).to.throw("'tag1' has a bigint of more than 64 bits, which no column takes");
    });
  });
});
