import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheKey, cacheOnDisk, explainAll, getDiskCacher, invalidate, parameter, type ExplainedEntry } from 'stowage';
import { filesIn, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran = 0;

class Mode {
  constructor(readonly order: number) {}

  @cacheOnDisk
  psd(): Float32Array {
    ran++;
    return new Float32Array(4).fill(this.order);
  }

  @cacheOnDisk
  coefficient(index: number): number {
    ran++;
    return this.order + index;
  }
}

class Night {
  modes: Mode[];

  constructor(count = 2) {
    this.modes = Array.from({ length: count }, (_, i) => new Mode(i));
  }

  @cacheOnDisk
  get length(): number {
    ran++;
    return this.modes.reduce((sum, mode) => sum + mode.psd().length, 0);
  }

  @cacheOnDisk
  options(scale = 1): number {
    ran++;
    return scale;
  }
}

const brief = (rows: ExplainedEntry[]): string[] =>
  rows.map(({ instance, method, arguments: args = '', state }) => `${instance} ${method}(${args}) ${state}`);

describe('explainAll', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    ran = 0;
  });
  const night = (count?: number): Night => tagIn(folder, new Night(count));

  it('has a row for each stored entry and for each call that could be made plainly, by path, method and arguments', async () => {
    const first = night(11);
    first.modes[0]?.coefficient(10);
    first.modes[0]?.coefficient(9);
    expect(first.length).to.equal(44);
    const again = night(11);
    again.modes[10]?.psd();
    ran = 0;
    expect(brief(await explainAll(again))).to.deep.equal([
      'root Night.length() disk',
      'root Night.options() missing',
      'root.modes[0] Mode.coefficient(9) disk',
      'root.modes[0] Mode.coefficient(10) disk',
      ...Array.from({ length: 10 }, (_, i) => `root.modes[${i}] Mode.psd() disk`),
      'root.modes[10] Mode.psd() memory',
    ]);
    expect(ran, 'nothing is computed').to.equal(0);
  });

  it('says of each what it is, where it lies, and what it cost', async () => {
    const first = night();
    const psd = first.modes[1]?.psd();
    first.modes[1]?.coefficient(3);
    const rows = await explainAll(first.modes[1] as object);
    expect(brief(rows)).to.deep.equal(['root.modes[1] Mode.coefficient(3) memory', 'root.modes[1] Mode.psd() memory']);
    expect(psd).to.have.lengthOf(4);
    expect(rows[1]).to.deep.include({
      file: join(folder, 'cachenight/root.modes[1].Mode.psd.npy'),
      type: 'Float32Array',
      dtype: '<f4',
      shape: [4],
      reasons: [],
    });
    expect(rows[1]?.bytes).to.be.greaterThan(16);
    expect(rows[1]?.seconds).to.be.within(0, 10);
    expect(rows[1]?.computedAt).to.be.within(Date.now() / 1000 - 60, (Date.now() + 1) / 1000);
    expect(rows[0]?.key).to.match(/^[0-9a-f]{64}$/);
    expect(rows[0]?.file).to.match(/\.json$/);
  });

  it('shows the entries of analyzers that are not attached now, verified as far as they speak for themselves', async () => {
    const first = night(4);
    for (const mode of first.modes) mode.psd();
    invalidate(first.modes[2] as Mode);
    const data = join(folder, 'cachenight/root.modes[3].Mode.psd.npy');
    writeFileSync(data, Buffer.from(readFileSync(data).map((byte, i) => (i === 100 ? byte ^ 1 : byte))));
    const second = night(1);
    const rows = (await explainAll(second)).filter((row) => row.method === 'Mode.psd');
    expect(brief(rows)).to.deep.equal([
      'root.modes[0] Mode.psd() disk',
      'root.modes[1] Mode.psd() disk',
      'root.modes[2] Mode.psd() stale',
      'root.modes[3] Mode.psd() corrupt',
    ]);
    expect(rows.map((row) => row.reasons.at(-1))).to.deep.equal([
      undefined,
      ...Array<string>(3).fill('its analyzer is not attached'),
    ]);
    expect(rows[2]?.reasons[0]).to.equal('invalidated');
    expect(rows[3]?.file).to.equal(data);
    expect(rows[3]?.reasons[0]).to.match(/checksum/);
  });

  it('shows what lies under a name that no call looks for as missing, attached or not', async () => {
    const first = night(2);
    for (const mode of first.modes) mode.psd();
    for (const i of [0, 1]) {
      const stem = join(folder, `cachenight/root.modes[${i}].Mode.psd`);
      renameSync(`${stem}.json`, `${stem}.copy.json`);
    }
    const rows = (await explainAll(night(1))).filter((row) => row.method === 'Mode.psd');
    expect(brief(rows)).to.deep.equal(['root.modes[0] Mode.psd() missing', 'root.modes[1] Mode.psd() missing']);
    for (const row of rows) expect(row.reasons[0]).to.match(/psd\.copy\.json is not where a call would look/);
  });

  it('leaves out other roots, other tags and files that are no entries', async () => {
    class Other extends Night {}
    tagIn(folder, new Other()).options();
    tagIn(folder, new Night(), 'another').options();
    const mine = night(0);
    writeFileSync(join(folder, 'cachenight/note.json'), '{}');
    mkdirSync(join(folder, 'cachenight/root.Night.options'));
    expect(brief(await explainAll(mine))).to.deep.equal([
      'root Night.length() missing',
      'root Night.options() missing',
    ]);
  });

  it('names the nearest stored call of a missing one without looking at the disk for each', async () => {
    const first = night(0);
    first.options(5);
    const row = (await explainAll(night(0))).find(
      ({ state, method }) => state === 'missing' && method === 'Night.options',
    );
    expect(row?.reasons).to.deep.equal(['argument 1: scale 5 → undefined']);
  });

  it('follows a method that has a tag of its own to its folder', async () => {
    const first = night(1);
    const mode = first.modes[0] as Mode;
    getDiskCacher(mode, 'coefficient').setTag('elsewhere', 'tip');
    mode.coefficient(1);
    expect(filesIn(folder).every((file) => file.startsWith('cacheelsewhere/tip'))).to.equal(true);
    expect(brief(await explainAll(first))).to.include('tip Mode.coefficient(1) memory');
  });

  it('shows results that are in memory alone, with their arguments', async () => {
    const first = night(1);
    // A folder cannot be made where a file is.
    writeFileSync(join(folder, 'cachenight'), '');
    first.modes[0]?.coefficient(7);
    const row = (await explainAll(first)).find(({ method }) => method === 'Mode.coefficient');
    expect(row).to.deep.include({ state: 'memory', arguments: '7' });
    expect(row).not.to.have.property('file');
  });

  it('says of a call that cannot be located why', async () => {
    class Broken {
      @parameter callback: unknown = () => 1;

      @cacheOnDisk
      value(): number {
        return 1;
      }
    }
    class Throwing {
      [cacheKey](): string {
        throw new Error('no key today');
      }

      @cacheOnDisk
      value(): number {
        return 1;
      }
    }
    const rows = await explainAll(tagIn(folder, { broken: new Broken(), throwing: new Throwing() }));
    expect(brief(rows)).to.deep.equal(['root.broken Broken.value() missing', 'root.throwing Throwing.value() missing']);
    expect(rows[0]?.reasons[0]).to.match(/a function/);
    expect(rows[1]?.reasons[0]).to.match(/no key today/);
  });

  it('finds a stale upstream without computing, and follows each entry once', async () => {
    const first = night(2);
    expect(first.length).to.equal(8);
    invalidate(first.modes[1] as Mode, 'psd');
    ran = 0;
    const rows = await explainAll(night(2));
    expect(brief(rows)[0]).to.equal('root Night.length() stale');
    expect(rows[0]?.reasons[0]).to.equal('root.modes[1].Mode.psd is stale: invalidated');
    expect(ran).to.equal(0);
  });

  it('is empty for a root without a tag, and takes an array of analyzers', async () => {
    expect(await explainAll(new Night())).to.deep.equal([]);
    expect(brief(await explainAll(night(2).modes))).to.deep.equal([
      'root.modes[0] Mode.psd() missing',
      'root.modes[1] Mode.psd() missing',
    ]);
  });

  it('rejects what is no object', async () => {
    const error: unknown = await explainAll(3 as never).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'STOWAGE_INVALID_OPTION');
  });

  it('lets other work go on', async () => {
    const first = night(20);
    for (const mode of first.modes) mode.psd();
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await explainAll(first);
    clearInterval(timer);
    expect(turns).to.be.greaterThan(0);
  });
});
