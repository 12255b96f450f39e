import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromArrays } from 'apache-arrow';
import { expect } from 'chai';
import ndarray from 'ndarray';
import { cacheOnDisk, getDiskCacher, registerClass } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { ended, startStowage, stowage, stowageJson } from '../../support/output/command-line.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Mask {
  constructor(readonly radius: number) {}
}

class Lab {
  @cacheOnDisk
  signal(): Float64Array {
    return Float64Array.from({ length: 400 }, (_, i) => (i === 7 ? NaN : Math.sin(i / 20)));
  }

  @cacheOnDisk
  image(): ndarray.NdArray<Float32Array> {
    return ndarray(
      Float32Array.from({ length: 600 }, (_, i) => i),
      [20, 30],
    );
  }

  @cacheOnDisk
  cube(): ndarray.NdArray<Int16Array> {
    return ndarray(new Int16Array(24), [2, 3, 4]);
  }

  @cacheOnDisk
  nothing(): Uint8Array {
    return new Uint8Array(0);
  }

  @cacheOnDisk
  table(): unknown {
    return tableFromArrays({
      x: Float64Array.from({ length: 30 }, (_, i) => i * i),
      name: Array.from({ length: 30 }, (_, i) => `star ${String(i)}`),
    });
  }

  @cacheOnDisk
  model(): Map<string, unknown> {
    return new Map([['seeing', { arcsec: 0.8 }]]);
  }

  @cacheOnDisk
  strehl(threshold: number): number {
    return threshold / 2;
  }

  @cacheOnDisk
  mask(): Mask {
    return new Mask(3);
  }
}

describe('stowage show', () => {
  let tmpdir: string;
  let env: NodeJS.ProcessEnv;
  let lab: Lab;
  const show = async (...argv: string[]): ReturnType<typeof stowage> => stowage(['show', ...argv], { env });

  beforeEach(() => {
    tmpdir = temporaryFolder();
    env = { STOWAGE_TMPDIR: tmpdir };
    lab = tagIn(tmpdir, new Lab());
  });

  it('shows of an array its record, its range and a line of bars', async () => {
    lab.signal();
    const { code, stdout } = await show('night/root.Lab.signal');
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^value +Float64Array 400$/m)
      .and.match(/^dtype +<f8$/m)
      .and.match(/^size +3\.33 kB in root\.Lab\.signal\.npy$/m);
    expect(stdout).to.match(/^minimum -0\.99\d+, maximum 0\.99\d+, mean 0\.0\d+, 1 NaN\n[▁▂▃▄▅▆▇█]{80}$/m);
  });

  it('tells a script the same', async () => {
    lab.image();
    const shown = await stowageJson<Record<string, unknown>>(['show', 'night/root.Lab.image'], { env });
    expect(shown).to.deep.include({ tag: 'night', state: 'stored', type: 'ndarray<Float32Array>', shape: [20, 30] });
    expect(shown.preview).to.deep.equal({ shape: [20, 30], count: 600, minimum: 0, maximum: 599, mean: 299.5, nan: 0 });
    expect(shown.detail).to.deep.include({ format: 1, codec: 'npy' });
  });

  it('shows planes as shades, of a cube the first one', async () => {
    lab.image();
    lab.cube();
    expect((await show('root.Lab.image')).stdout).to.match(/\n( {2}|░░|▒▒|▓▓|██){30}\n/);
    expect((await show('root.Lab.cube')).stdout).to.include('\n[0, :, :]\n');
    lab.nothing();
    expect((await show('root.Lab.nothing')).stdout).to.include('\nno elements\n');
  });

  it('shows the first rows of a table, and a glimpse of anything else', async () => {
    lab.table();
    lab.model();
    lab.strehl(4);
    const { stdout } = await show('root.Lab.table');
    expect(stdout)
      .to.match(/^x: Float64 +name: Dictionary<Int32, Utf8>\n0 +star 0\n1 +star 1\n4 +star 2\n/m)
      .and.include('… 30 rows in all');
    expect((await show('root.Lab.model')).stdout).to.include("Map(1) { 'seeing' => { arcsec: 0.8 } }");
    expect((await show('root.Lab.strehl')).stdout)
      .to.match(/^arguments +4$/m)
      .and.match(/\n\n2\n$/);
  });

  it('finds an entry by the beginning of its key, and by its files', async () => {
    lab.strehl(1);
    lab.strehl(2);
    const several = await show('root.Lab.strehl');
    expect(several.code).to.equal(1);
    expect(several.stdout).to.equal('');
    expect(several.stderr).to.match(/fits 2 entries: say which of night\/root\.Lab\.strehl\/[0-9a-f]{12}, night/);
    const path = getDiskCacher(lab, 'strehl').fullpath(2);
    const key = path.slice(-65).replace('/', '');
    for (const text of [`night/root.Lab.strehl/${key.slice(0, 8)}`, `root.Lab.strehl/${key}`, `${path}.json`]) {
      expect((await show(text)).stdout, text).to.match(/^arguments +2$/m);
    }
    const nowhere = await stowage(['show', `${path}.json`], { env: { STOWAGE_TMPDIR: temporaryFolder() } });
    expect(nowhere.stdout).to.match(/^arguments +2$/m);
    expect((await show('root.Lab.none')).stderr).to.match(/there is no entry 'root\.Lab\.none' in [^ ]*: /);
    for (const text of ['root.Lab.strelh', 'night/root.Lab.strelh'])
      expect((await show(text)).stderr).to.include("(did you mean 'root.Lab.strehl'?)");
    expect((await show('nihgt/root.Lab.strehl')).stderr).to.include("(did you mean 'night'?)");
    for (const text of ['night', 'cachenight'])
      expect((await show(text)).stderr).to.include(
        "is a tag, and no entry of one: stowage ls 'night/*' shows its entries",
      );
    expect((await show(join(tmpdir, 'cachenight', 'CACHEDIR.TAG'))).stderr).to.include('is no entry');
  });

  it('shows damage as such, with what of the record is left', async () => {
    lab.signal();
    lab.model();
    const path = getDiskCacher(lab, 'signal').fullpath();
    truncateSync(`${path}.npy`, 200);
    const data = await show('root.Lab.signal');
    expect(data.code).to.equal(1);
    expect(data.stdout)
      .to.match(/^value +Float64Array 400$/m)
      .and.match(/^damaged: .*has 200 bytes instead of/m);
    writeFileSync(`${path}.json`, readFileSync(`${path}.json`, 'utf8').replace('"seconds"', '"Seconds"'));
    const record = await show('root.Lab.signal');
    expect(record.code).to.equal(1);
    expect(record.stdout).to.deep.equal(record.stdout);
    expect(record.stdout)
      .to.match(/^state +damaged$/m)
      .and.include('the record is not what was written');
  });

  it('says of a value of a class that it does not know why it cannot show it', async () => {
    registerClass(Mask);
    lab.mask();
    // In a process that has not registered it.
    const { code, stdout } = await ended(startStowage(['show', 'root.Lab.mask', '--tmpdir', tmpdir]));
    expect(code).to.equal(0);
    expect(stdout).to.match(/cannot be read by this command: .*Mask/);
  });

  for (const [entry, drawn] of [
    ['signal', /<polyline points="0\.0,[^"]*"\/><polyline points="[^"]* 700\.0,/],
    ['image', /<path fill="#440154"/],
    ['cube', /<path fill="#\w+" d="M0 0h4v1h-4zM0 1h4/],
    ['table', /<polyline .*>row</],
  ] as const) {
    it(`draws the ${entry} as a picture`, async () => {
      lab[entry]();
      for (const kind of ['svg', 'png']) {
        const file = join(tmpdir, `picture.${kind}`);
        expect((await show(`root.Lab.${entry}`, '--plot', file)).code).to.equal(0);
        if (kind === 'svg')
          expect(readFileSync(file, 'utf8'))
            .to.match(/^<svg .*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
            .and.match(drawn);
        else expect(readFileSync(file).subarray(1, 4).toString()).to.equal('PNG');
      }
    });
  }

  it('says where there is nothing to draw', async () => {
    lab.model();
    const file = join(tmpdir, 'picture.svg');
    const { code, stderr } = await show('root.Lab.model', '--plot', file);
    expect(code).to.equal(1);
    expect(existsSync(file)).to.equal(false);
    expect(stderr).to.include('there is nothing to draw');
  });
});
