import { requireNumPy, runPython } from '../support/peers/numpy.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { tableFromIPC } from 'apache-arrow';
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../notebooks/main.js', import.meta.url));
const resamples = 60;

type CrossCheck = Record<'slope' | 'parabola' | 'power' | 'mass' | 'mode' | 'b', number>;

/** `name   first   second   unit` of the table of findings, as numbers; intervals are in brackets. */
function findingIn(output: string, name: string): { early: number; late: number } {
  const line = output.split('\n').find((candidate) => candidate.startsWith(name)) ?? '';
  const estimates = line.slice(name.length).replace(/\[[^\]]*\]/g, '');
  const [early = NaN, late = NaN] = Array.from(estimates.matchAll(/-?\d+\.\d+/g), Number);
  return { early, late };
}

/** The counts of a line such as `warm   0 computed   40 loaded`. */
function countsOf(output: string, run: string): { computed: number; loaded: number } {
  const [, computed, loaded] = new RegExp(`^${run} +(\\d+) computed +(\\d+) loaded`, 'm').exec(output) ?? [];
  return { computed: Number(computed), loaded: Number(loaded) };
}

describe('the main job', () => {
  let folder: string;
  let output: string;

  before(() => {
    folder = temporaryFolder();
    const { STOWAGE: _, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--resamples', String(resamples)], {
      encoding: 'utf8',
      env: { ...env, NO_COLOR: '1', STOWAGE_TMPDIR: folder },
    });
    expect(stderr).to.not.match(/FAULT|Stowage|Error/);
    expect(status, stderr).to.equal(0);
    output = stdout;
  });

  /** The only file of a method with this extension, in a tag's folder. */
  function fileOf(tag: string, method: string, extension: string): string {
    const names = readdirSync(join(folder, `cache${tag}`), { recursive: true, encoding: 'utf8' });
    const found = names.filter((name) => name.startsWith(method) && name.endsWith(`.${extension}`));
    expect(found, `${method} as .${extension}`).to.have.lengthOf(1);
    return join(folder, `cache${tag}`, found[0] ?? '');
  }

  it('lists results of every format, under both tags, with type, shape, file, size and seconds', () => {
    const [, early = '', late = ''] = output.split(/^tag (?:EARLY|LATE)/m);
    for (const rows of [early, late]) {
      for (const extension of ['npy', 'arrow', 'v8', 'json']) {
        const row = `^root\\.\\S+.* …\\S*\\.${extension} +[\\d.]+ (B|KiB) +\\d+\\.\\d{4} +\\d+\\.\\d{4}`;
        expect(rows).to.match(new RegExp(row, 'm'));
      }
      expect(rows).to.match(/FlightDelays\.density\('time', 'delay', 128\) +ndarray<Float64Array> \(128, 128\)/);
    }
    expect(early).to.include('root.flights.hours["morning"].DelaySample.confidence');
    expect(late).to.include('root.flights.distances[0].DelaySample.confidence');
  });

  it('computes everything in the cold process and nothing in the warm one', () => {
    const cold = countsOf(output, 'cold');
    expect(cold.computed).to.be.greaterThan(40);
    expect(cold.loaded).to.equal(0);
    const warm = countsOf(output, 'warm');
    expect(warm.computed).to.equal(0);
    expect(warm.loaded).to.be.greaterThan(30);
    expect(output).to.match(/^All \d+ answers are equal to the bit, cold, warm and after clearing\.$/m);
  });

  it('computes one analyzer again after it was cleared, and loads the others', () => {
    const { computed, loaded } = countsOf(output, 'one analyzer cleared');
    const [, afterwards = ''] = output.split('computed again after clearCache(survey.carbonDioxide) of LATE:\n');
    const again = afterwards.split('\n').filter((line) => line.startsWith('  root'));
    expect(again).to.have.lengthOf(computed);
    for (const line of again) expect(line).to.match(/^ {2}root\.carbonDioxide\.(Series|CarbonDioxide)\.\w+ /);
    expect(computed).to.equal(8);
    expect(computed + loaded).to.be.greaterThan(countsOf(output, 'warm').loaded);
  });

  it('finds what is known: the year in CO2, its faster growth, delays that build up, b near 1', () => {
    const growth = findingIn(output, 'growth of CO2');
    expect(growth.early).to.be.within(1.2, 1.4);
    expect(growth.late).to.be.within(1.8, 2.2);
    const period = findingIn(output, 'main period of CO2');
    for (const months of Object.values(period)) expect(months).to.be.closeTo(12, 0.1);
    const power = findingIn(output, 'power at that period');
    const noise = findingIn(output, 'reached by 1 noise in 100');
    expect(power.early).to.be.greaterThan(5 * noise.early);
    expect(power.late).to.be.greaterThan(5 * noise.late);
    // The air over Mauna Loa has most of it in May, 5 to 7 ppm more than in autumn.
    for (const months of Object.values(findingIn(output, 'crest of the seasons'))) expect(months).to.be.within(4, 5);
    for (const ppm of Object.values(findingIn(output, 'seasonal swing of CO2'))) expect(ppm).to.be.within(5, 7);
    const delay = findingIn(output, 'mean delay');
    expect(delay.late).to.be.greaterThan(delay.early + 5);
    for (const b of Object.values(findingIn(output, 'b-value of California'))) expect(b).to.be.within(0.7, 1.3);
  });

  it('keeps flights as Arrow files whose rows are those of the raw data', () => {
    const raw = tableFromIPC(readFileSync(new URL('../../../notebooks/data/flights-200k.arrow', import.meta.url)));
    const tables = ['EARLY', 'LATE'].map((tag) =>
      tableFromIPC(readFileSync(fileOf(tag, 'root.flights.table.FlightTable.departures', 'arrow'))),
    );
    expect(tables.reduce((rows, table) => rows + table.numRows, 0)).to.equal(raw.numRows);
    for (const [index, table] of tables.entries()) {
      const delays = Array.from(table.getChild('delay')?.toArray() as Int16Array);
      const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
      const found = findingIn(output, 'mean delay');
      expect(index === 0 ? found.early : found.late).to.be.closeTo(mean, 0.005);
    }
  });

  it('prints a command that opens a result in NumPy', function () {
    const python = requireNumPy(this, 'the NumPy command of the main job');
    const [, code = ''] = /python3 -c "(import numpy; .*)"$/m.exec(output) ?? [];
    const { status, stdout, stderr } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    expect(stdout).to.match(/^\[\[1958\.20\d* +315\.7 *\]/);
  });

  it('agrees with NumPy on trend, parabola, periodogram, density and b-value', function () {
    const python = requireNumPy(this, 'statistics of the main job beside those of NumPy');
    const files = {
      samples: fileOf('LATE', 'root.carbonDioxide.Series.samples', 'npy'),
      detrended: fileOf('LATE', 'root.carbonDioxide.CarbonDioxide.detrended', 'npy'),
      periodogram: fileOf('LATE', 'root.carbonDioxide.CarbonDioxide.periodogram', 'npy'),
      density: fileOf('LATE', 'root.flights.FlightDelays.density', 'npy'),
      catalogue: californiaCatalogue(),
    };
    const result = runPython(python, crossCheck, files) as CrossCheck;
    expect(findingIn(output, 'growth of CO2').late).to.be.closeTo(result.slope, 0.005);
    expect(result.parabola, 'difference from numpy.polyfit of degree 2, ppm').to.be.lessThan(1e-6);
    expect(result.power, "relative difference from a least-squares fit of each frequency's wave").to.be.lessThan(1e-6);
    expect(result.mass).to.be.closeTo(1, 1e-9);
    expect(result.mode, 'row with the most flights, hours after noon').to.be.within(0, 10);
    expect(findingIn(output, 'b-value of California').late).to.be.closeTo(result.b, 0.005);
  });

  function californiaCatalogue(): string {
    const cache = join(folder, 'cacheLATE');
    const files = readdirSync(cache, { recursive: true, encoding: 'utf8' });
    return join(cache, files.find((name) => /California.*catalogue.*\.npy$/.test(name)) ?? '');
  }

  it('removes its own temporary folder, and only says where a kept one is', () => {
    const parent = temporaryFolder();
    const { STOWAGE: _, STOWAGE_TMPDIR: __, ...env } = process.env;
    const { status, stdout } = spawnSync(process.execPath, [program, '--resamples', '1'], {
      encoding: 'utf8',
      env: { ...env, NO_COLOR: '1', TMPDIR: parent },
    });
    expect(status).to.equal(0);
    const [, used = ''] = /^Results in (.*)$/m.exec(stdout) ?? [];
    expect(basename(used)).to.match(/^stowage-main-/);
    expect(existsSync(used)).to.equal(false);
    expect(readdirSync(parent)).to.deep.equal([]);
    expect(existsSync(join(folder, 'cacheEARLY'))).to.equal(true);
  });

  it('ends with 1 and names the entry where a stored result was damaged, and computes it again', () => {
    const file = fileOf('LATE', 'root.carbonDioxide.CarbonDioxide.periodogram', 'npy');
    const whole = readFileSync(file);
    const damaged = Buffer.from(whole);
    damaged[1000] = (damaged[1000] ?? 0) ^ 1;
    writeFileSync(file, damaged);
    const { STOWAGE: _, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--resamples', String(resamples)], {
      encoding: 'utf8',
      env: { ...env, NO_COLOR: '1', STOWAGE_TMPDIR: folder },
    });
    expect(status).to.equal(1);
    expect(stderr).to.match(/^FAULT cold: corrupt event of root\.carbonDioxide\.CarbonDioxide\.periodogram/m);
    expect(countsOf(stdout, 'cold').computed).to.equal(1);
    expect(readFileSync(file).equals(whole)).to.equal(true);
  });

  it('refuses to run where nothing may be stored, or with a count that is none', () => {
    for (const [env, args, message] of [
      [{ STOWAGE: 'readonly' }, [], 'STOWAGE=readonly lets nothing be stored'],
      [{}, ['--resamples=-3'], '--resamples must be a whole number'],
    ] as const) {
      const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
      expect(status).to.equal(1);
      expect(stderr).to.include(message);
    }
  });
});

/** Each statistic again, by another way, from the files that the main job left. */
const crossCheck = `
import json, math, sys
import numpy as np
files = json.load(sys.stdin)
t, y = np.load(files['samples']).T
middle = (t[0] + t[-1]) / 2
parabola = y - np.polyval(np.polyfit(t - middle, y, 2), t - middle)
f, p = np.load(files['periodogram'])
v = np.load(files['detrended'])
v = v - v.mean()
worst = 0
for i in range(0, len(f), 50):
    design = np.column_stack([np.cos(2 * np.pi * f[i] * t), np.sin(2 * np.pi * f[i] * t)])
    model = design @ np.linalg.lstsq(design, v, rcond=None)[0]
    power = (v @ v - (v - model) @ (v - model)) / (2 * v.var(ddof=1))
    worst = max(worst, abs(power - p[i]) / max(power, 1e-3))
density = np.load(files['density'])
magnitudes = np.load(files['catalogue'])[:, 1]
print(json.dumps({
    'slope': np.polyfit(t, y, 1)[0],
    'parabola': np.abs(parabola - np.load(files['detrended'])).max(),
    'power': worst,
    'mass': density.sum(),
    'mode': float(density.sum(axis=1).argmax() * 12 / 128),
    'b': math.log10(math.e) / (magnitudes.mean() - 1.35),
}))
`;
