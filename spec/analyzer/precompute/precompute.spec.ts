import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  AnalyzerSet,
  configure,
  precompute,
  precomputeTags,
  StowageError,
  type PrecomputeOptions,
  type PrecomputeProgress,
  type PrecomputeReport,
  type PrecomputeSelection,
} from 'stowage';
import { filesIn } from '../../support/analyses/analysis.js';
import { computedIn, Night } from '../../support/analyses/precompute-night.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const module = new URL('../../support/analyses/precompute-night.js', import.meta.url);

let tmpdir = '';
let folder = '';

const nights = (...tags: string[]): AnalyzerSet<Night, [string]> =>
  new AnalyzerSet(Night, tags, { tmpdir, args: [folder] });

const run = (
  tags: string[],
  selection: Partial<PrecomputeSelection> = {},
  options: PrecomputeOptions = {},
): Promise<PrecomputeReport> => precompute(nights(...tags), { module, ...selection }, { jobs: 2, ...options });

/** What went wrong, by tag and method. */
const failuresOf = ({ failures }: PrecomputeReport): string[] =>
  failures.map(({ tag, method = '(making it)', error }) => `${tag} ${method}: ${String(error)}`).sort();

async function codeRejectedBy(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof StowageError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('it was not rejected');
}

describe('precompute', () => {
  beforeEach(() => {
    tmpdir = temporaryFolder();
    folder = temporaryFolder();
  });

  it('computes what is named of every tag, once, in threads, and what it needs with it', async () => {
    const report = await run(['a', 'bb', 'ccc', 'dddd'], {
      methods: ['strehl', 'slopes.rms', { method: 'modes[0].spectrum', args: [4] }],
    });
    expect(report).to.include({ computed: 8, found: 4 });
    expect(report.failures).to.deep.equal([]);
    const { what, threads } = computedIn(folder);
    expect(what).to.have.length(12);
    expect(new Set(what).size).to.equal(12);
    expect(threads).to.equal(2);
    expect(nights('bb').map((night) => [night.strehl(), night.modes[0]?.spectrum(4)])).to.deep.equal([
      [0.2, new Float64Array(4)],
    ]);
    expect(computedIn(folder).what).to.have.length(12);
  });

  it('computes all that needs no arguments where nothing is named', async () => {
    // One of them is there when its turn comes, since another has used it.
    expect(await run(['a'])).to.include({ computed: 3, found: 1 });
    expect(filesIn(join(tmpdir, 'cachea')).filter((file) => file.endsWith('.json'))).to.deep.equal([
      'root.Night.seeing.json',
      'root.Night.strehl.json',
      'root.modes[0].Slopes.rms.json',
      'root.slopes.Slopes.rms.json',
    ]);
  });

  it('computes nothing that is stored already', async () => {
    nights('a').map((night) => night.slopes.rms());
    const computed = computedIn(folder).what.length;
    expect(await run(['a', 'b'], { methods: ['slopes.rms'] })).to.include({ computed: 1, found: 1 });
    expect(await run(['a', 'b'], { methods: ['slopes.rms'] })).to.include({ computed: 0, found: 2 });
    expect(computedIn(folder).what).to.have.length(computed + 1);
  });

  it('goes on after a tag that fails, and says which and why', async () => {
    const report = await run(['closed', 'cloudy', 'a'], {
      methods: ['strehl', 'seeing', { method: 'unstorable', args: [1] }],
    });
    expect(report).to.include({ computed: 3, found: 0 });
    expect(failuresOf(report)).to.deep.equal([
      'a unstorable(1): StowageError: unstorable(1) was computed, but could not be stored: result is a function, which cannot be stored exactly: return plain data, or register its class',
      'closed (making it): RangeError: the dome is closed',
      'cloudy strehl: TypeError: no stars in cloudy',
      'cloudy unstorable(1): StowageError: unstorable(1) was computed, but could not be stored: result is a function, which cannot be stored exactly: return plain data, or register its class',
    ]);
    expect(report.failures.find(({ method }) => method === 'strehl')?.error.stack).to.contain('precompute-night');
  });

  it('says in words why a result could not be stored', async () => {
    const elsewhere = join(tmpdir, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(join(tmpdir, 'cachelinked'));
    symlinkSync(elsewhere, join(tmpdir, 'cachelinked', 'root.slopes.Slopes.spectrum'));
    const [failure] = failuresOf(await run(['linked'], { methods: [{ method: 'slopes.spectrum', args: [2] }] }));
    expect(failure)
      .to.contain('slopes.spectrum(2) was computed, but could not be stored')
      .and.to.contain('is a symbolic link');
  });

  it('loses one call to a thread that exits or runs out of memory', async () => {
    const tags = ['fatal1', 'a', 'fatal2', 'greedy', 'b', 'killing'];
    const report = await run(tags, { methods: ['seeing', 'strehl', 'slopes.rms'] }, { jobs: 1, heapLimit: 50e6 });
    expect(failuresOf(report)).to.deep.equal([
      "fatal1 strehl: StowageError: the thread that computed strehl of 'fatal1' ended: worker exited with code: 3",
      "fatal2 strehl: StowageError: the thread that computed strehl of 'fatal2' ended: worker exited with code: 3",
      "greedy strehl: StowageError: the thread that computed strehl of 'greedy' ended: Worker terminated due to reaching memory limit: JS heap out of memory",
      "killing (making it): StowageError: the thread that made the analyzer of 'killing' ended: worker exited with code: 4",
    ]);
    expect(report).to.include({ computed: 10, found: 2 });
    // None is computed twice, whoever died.
    const { what } = computedIn(folder);
    expect(new Set(what).size).to.equal(what.length);
    // What was lost is computed by whoever asks next.
    expect(await run(['greedy2', 'a'], { methods: ['slopes.rms'] })).to.include({ computed: 1, found: 1 });
  });

  it('tells its progress, to the last call', async () => {
    const told: PrecomputeProgress[] = [];
    await run(
      ['a', 'closed', 'cloudy'],
      { methods: ['strehl', 'seeing'] },
      { onProgress: (progress) => told.push(progress), jobs: 1 },
    );
    expect(told.map(({ tag, method, state, done, total }) => [tag, method, state, done, total])).to.deep.equal([
      ['a', 'strehl', 'computed', 1, 6],
      ['a', 'seeing', 'computed', 2, 6],
      ['closed', undefined, 'failed', 2, 4],
      ['cloudy', 'strehl', 'failed', 3, 4],
      ['cloudy', 'seeing', 'computed', 4, 4],
    ]);
    expect(told.at(-1)?.secondsLeft).to.equal(0);
    expect(told[0]?.secondsLeft).to.be.greaterThan(0);
    expect(told.map(({ seconds }) => seconds)).to.deep.equal(
      told.map(({ seconds }) => seconds).sort((one, other) => one - other),
    );
  });

  it('goes on where onProgress throws', async () => {
    const report = await run(
      ['a', 'b'],
      { methods: ['seeing'] },
      {
        onProgress() {
          throw new Error('no bar');
        },
      },
    );
    expect(report.computed).to.equal(2);
  });

  it('ends at once when it is called off, and goes on from there when it is run again', async () => {
    const controller = new AbortController();
    const begun: string[] = [];
    const methods = ['slopes.rms', { method: 'waits', args: ['gate'] }] as const;
    const options = {
      jobs: 1,
      signal: controller.signal,
      onProgress: ({ tag, method = '' }: PrecomputeProgress) => {
        begun.push(`${tag} ${method}`);
        // The thread is at the call that waits, or about to be.
        controller.abort(new Error('enough'));
      },
    };
    const reason = await run(['a', 'b'], { methods }, options).then(
      () => 'nothing',
      (error: unknown) => String(error),
    );
    expect(reason).to.equal('Error: enough');
    expect(begun).to.deep.equal(['a slopes.rms']);
    writeFileSync(join(folder, 'gate'), '');
    expect(await run(['a', 'b'], { methods })).to.include({ computed: 3, found: 1 });
    const aborted = run(['a'], { methods }, { signal: AbortSignal.abort(new Error('before it began')) });
    expect(await aborted.catch((error: unknown) => String(error))).to.equal('Error: before it began');
  });

  it('refuses at once what is not there, and computes nothing', async () => {
    const refused = (selection: Partial<PrecomputeSelection>): Promise<string> => codeRejectedBy(run(['a'], selection));
    expect(await refused({ module: join(folder, 'no-such.js') })).to.match(
      /^STOWAGE_INVALID_OPTION: there is no module .*no-such\.js/,
    );
    expect(await refused({ analyzer: 'Nigth' })).to.match(
      /has no export 'Nigth' \(did you mean 'Night'\?\); it exports Night, .*openPlain/,
    );
    expect(await refused({ analyzer: 'aNumber' })).to.match(/the export 'aNumber' of .* is a number/);
    expect(await refused({ methods: ['strelh'] })).to.match(
      /^STOWAGE_NOT_CACHED: 'strelh' names no cached method of root \(did you mean 'strehl'\?\); it has strehl, seeing/,
    );
    expect(await refused({ methods: ['plain'] })).to.match(/^STOWAGE_NOT_CACHED/);
    expect(await refused({ methods: ['slope.rms'] })).to.match(
      /no analyzer \(did you mean .root\.slopes.\?\); it has root, root\.slopes, root\.modes\[0\]/,
    );
    expect(await refused({ methods: [] })).to.match(/methods is empty/);
    expect(await refused({ methods: [3 as never] })).to.match(/each of methods/);
    expect(await refused({ methods: [{ method: 'waits', args: [() => 1] }] })).to.match(/^STOWAGE_UNCACHEABLE_VALUE/);
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, 'export class Night { @');
    expect(await refused({ module: broken })).to.match(
      /^STOWAGE_INVALID_OPTION: .*broken\.mjs cannot be loaded: SyntaxError/,
    );
    expect(await codeRejectedBy(run(['a'], {}, { jobs: 0 }))).to.match(/jobs must be/);
    expect(await codeRejectedBy(run(['a'], {}, { heapLimit: 1 }))).to.match(/heapLimit must be/);
    expect(await codeRejectedBy(precomputeTags({ module, tags: ['a/b'] }))).to.match(/^STOWAGE_INVALID_TAG/);
    expect(computedIn(folder).what).to.deep.equal([]);
  });

  it('refuses where nothing may be written', async () => {
    configure({ readonly: true });
    try {
      expect(await codeRejectedBy(run(['a']))).to.match(/^STOWAGE_READONLY/);
    } finally {
      configure({ readonly: false });
    }
  });

  it('refuses a module that precomputes as soon as it is imported', async () => {
    const script = new URL('../../support/analyses/precomputes-itself.js', import.meta.url);
    const refusal = await codeRejectedBy(precomputeTags({ module: script, analyzer: 'Hasty', tags: ['a'], tmpdir }));
    expect(refusal).to.match(
      /^STOWAGE_INVALID_OPTION: .* precomputes as soon as it is imported, and each thread imports it/,
    );
    expect(filesIn(tmpdir)).to.deep.equal([]);
  });

  it('computes each result once, though two runs are at it', async () => {
    const selection = { methods: ['slopes.rms', 'seeing'] };
    const tags = ['a', 'b', 'c'];
    const reports = await Promise.all([
      run(tags, selection, { jobs: 1 }),
      run([...tags].reverse(), selection, { jobs: 1 }),
    ]);
    expect(reports.reduce((sum, { computed }) => sum + computed, 0)).to.equal(6);
    expect(reports.reduce((sum, { found }) => sum + found, 0)).to.equal(6);
    expect(computedIn(folder).what).to.have.length(6);
  });

  it('takes tags as they come, and what a function or another class makes of them', async () => {
    expect(await precomputeTags({ module, analyzer: 'openPlain', tags: ['a', 'b', 'a'], tmpdir })).to.include({
      computed: 2,
    });
    expect(await precomputeTags({ module: module.href, analyzer: 'Plain', tags: ['a'], tmpdir })).to.include({
      found: 1,
    });
    expect(filesIn(tmpdir)).to.deep.equal(['cachea/root.Plain.twice.json', 'cacheb/root.Plain.twice.json']);
    expect(await precomputeTags({ module, analyzer: 'Plain', tags: [] })).to.include({ computed: 0, found: 0 });
  });
});
