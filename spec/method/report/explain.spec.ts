import { readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import {
  cacheOnDisk,
  clearCache,
  configure,
  explain,
  getDiskCacher,
  invalidate,
  parameter,
  peek,
  record,
  setTmpdir,
  type EntryRecord,
} from 'stowage';
import { settings } from '#lib/method/state/options.js';
import { formatRecord } from '#lib/store/record/record.js';
import { codeThrownBy, filesIn, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran: string[] = [];
const pick = (_options: unknown): string => 'one';

class Star {
  @parameter band = 'K';

  @cacheOnDisk
  flux(_aperture: number, _options?: unknown): number {
    ran.push('flux');
    return 1;
  }

  @cacheOnDisk({ key: pick })
  keyed(_options: unknown): number {
    ran.push('keyed');
    return 2;
  }

  @cacheOnDisk({ lifetime: 100 })
  brief(): Float64Array {
    ran.push('brief');
    return Float64Array.of(1);
  }
}

class Keyless {
  @cacheOnDisk({ ignore: 'arguments' })
  ignoring(_callback: unknown): number {
    return 1;
  }

  @cacheOnDisk
  flux(_aperture: number, _options?: unknown): number {
    return 1;
  }
}

describe('explain', () => {
  let folder: string;
  const star = (): Star => tagIn(folder, new Star());
  const keyless = (): Keyless => tagIn(folder, new Keyless());
  beforeEach(() => {
    folder = temporaryFolder();
    ran = [];
  });
  afterEach(() => {
    expect(ran.length, 'calls of the test itself').to.be.lessThan(4);
  });

  it('names the nearest of the stored calls, and the place inside an argument where it differs', () => {
    const first = keyless();
    first.flux(1, { threshold: 3, deep: { er: 'a' } });
    first.flux(2, { threshold: 4, deep: { er: 'b' } });
    const why = (...args: unknown[]): string[] => explain(keyless(), 'flux' as string, ...args).reasons;
    expect(why(1, { threshold: 3, deep: { er: 'c' } })).to.deep.equal(["argument 2: _options.deep.er 'a' → 'c'"]);
    expect(why(2, { threshold: 4, deep: 1 })).to.deep.equal(["argument 2: _options.deep { er: 'b' } → 1"]);
    expect(why(2)).to.deep.equal(["argument 2: _options { threshold: 4, deep: { er: 'b' } } → undefined"]);
    expect(why(7, [])).to.have.lengthOf(2);
    expect(why(2, { threshold: 4, deep: { er: 'b' } }, 5)).to.deep.equal(['argument 3: undefined → 5']);
  });

  it('compares arguments that contain themselves', () => {
    interface Loop {
      self?: Loop;
      last: number;
    }
    const loop = (last: number): Loop => {
      const object: Loop = { last };
      object.self = object;
      return Object.assign({ self: object }, object);
    };
    keyless().flux(1, loop(1));
    expect(explain(keyless(), 'flux', 1, loop(2)).reasons.join()).to.match(
      /^argument 2: _options(\.self)*(\.last)? .* → /,
    );
  });

  it('compares arguments that hide their state, where something else tells the calls apart', () => {
    star().keyed(() => 1);
    const other = star();
    other.band = 'H';
    const found = explain(other, 'keyed', () => 1);
    expect(found.state).to.equal('missing');
    expect(found.reasons.join()).not.to.match(/disk/);
    keyless().ignoring(() => 1);
    expect(explain(keyless(), 'ignoring', () => 2).state).to.equal('disk');
  });

  it('of arguments too large to be stored shows what they were like', () => {
    keyless().flux(1, new Float64Array(1000));
    const [reason] = explain(keyless(), 'flux', 1, new Float64Array(1001)).reasons;
    expect(reason).to.match(/^the arguments were 1, Float64Array\(1000\)/);
  });

  it('says that the parameters, or the version, are others where the arguments are the same', () => {
    star().flux(1);
    const other = star();
    other.band = 'H';
    expect(explain(other, 'flux', 1).reasons).to.deep.equal([
      'the same arguments are stored under other parameters of the analyzer, or another class',
    ]);
    const versions = (['1', 2] as const).map((version) => {
      class Model {
        @cacheOnDisk({ version, name: 'model' })
        value(): number {
          return 1;
        }
      }
      return new Model();
    });
    const [one, two] = versions.map((model) => tagIn(folder, { model }).model);
    one?.value();
    expect(explain(two as object, 'value').reasons).to.deep.equal(['version string 1 → number 2']);
  });

  it('says that a result has expired, in memory and on disk', () => {
    const first = star();
    first.brief();
    expect(explain(first, 'brief').state).to.equal('memory');
    const { now } = Date;
    const later = now() + 101_000;
    Date.now = () => later;
    try {
      for (const each of [first, star()])
        expect(explain(each, 'brief')).to.deep.include({ state: 'expired', reasons: ['expired'] });
      expect(peek(first, 'brief')).to.equal(undefined);
    } finally {
      Date.now = now;
    }
  });

  it('says what is damaged: the data, or the record', () => {
    star().brief();
    const again = star();
    const data = String(getDiskCacher(again, 'brief').dataFile());
    writeFileSync(data, 'nothing of the kind');
    expect(explain(again, 'brief')).to.deep.include({ state: 'corrupt', file: data });
    expect(peek(again, 'brief')).to.equal(undefined);
    const path = data.replace(/npy$/, 'json');
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -20));
    expect(explain(again, 'brief')).to.deep.include({ state: 'corrupt', file: path });
    expect(explain(again, 'brief').reasons[0]).to.match(/the record .* is damaged/);
  });

  it('of a value that no codec here reads says so, and that it is kept', () => {
    const first = star();
    first.brief();
    const path = String(getDiskCacher(first, 'brief').dataFile()).replace(/npy$/, 'json');
    const stored = record(first, 'brief') as EntryRecord;
    writeFileSync(path, formatRecord({ ...stored, codec: 'zarr' }));
    const found = explain(star(), 'brief');
    expect(found.state).to.equal('corrupt');
    expect(found.reasons[0]).to.match(/^unreadable here: .*zarr/);
    expect(found.file).to.equal(path);
    expect(filesIn(folder)).to.have.lengthOf(2);
  });

  it('neither trusts nor shows what lies behind a link that anybody could have planted', () => {
    star().brief();
    const link = `stowage-planted-${basename(folder)}`;
    symlinkSync(join(folder, 'cachenight'), join(tmpdir(), `cache${link}`));
    try {
      const victim = tagIn(tmpdir(), new Star(), link);
      const found = explain(victim, 'brief');
      expect(found).to.deep.include({ state: 'missing' });
      expect(found.reasons[0]).to.match(/symbolic link/);
      expect(peek(victim, 'brief')).to.equal(undefined);
      expect(codeThrownBy(() => record(victim, 'brief'))).to.equal('STOWAGE_UNSAFE_FOLDER');
    } finally {
      unlinkSync(join(tmpdir(), `cache${link}`));
    }
  });

  it('says that everything is off', () => {
    settings.off = true;
    try {
      expect(explain(star(), 'brief')).to.deep.equal({
        state: 'untagged',
        reasons: ['STOWAGE=off: everything runs uncached'],
      });
    } finally {
      settings.off = false;
    }
  });

  it('follows a tmpdir that is no folder without a complaint', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const lost = star();
    setTmpdir(lost, join(file, 'below'));
    expect(explain(lost, 'flux', 1)).to.deep.equal({ state: 'missing', reasons: ['no call of this method is stored'] });
  });
});

describe('record', () => {
  it('is typed, and a copy', () => {
    const star = tagIn(temporaryFolder(), new Star());
    star.flux(3);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it names the method
    const found: EntryRecord | undefined = record(star, star.flux, 3);
    expect(found?.identity).to.deep.include({
      instance: 'root',
      method: 'Star.flux',
      tag: 'night',
      rootClass: 'Star',
      class: 'Star',
    });
    const { format, codec, seconds, computedAt, digest, generation, trace } = found ?? ({} as EntryRecord);
    expect(format).to.equal(1);
    expect(codec).to.equal('json');
    expect(trace).to.deep.equal([]);
    expect(generation).to.equal(0);
    expect(typeof seconds).to.equal('number');
    expect(typeof computedAt).to.equal('number');
    expect(typeof digest).to.equal('string');
    if (found !== undefined) found.digest = 'changed';
    expect(record(star, 'flux', 3)?.digest).to.equal(digest);
    expect(record(star, 'flux', 4)).to.equal(undefined);
    expect(record(new Star(), 'flux', 3)).to.equal(undefined);
  });
});

describe('invalidate', () => {
  it('where nothing may be written throws, and changes nothing', () => {
    const star = tagIn(temporaryFolder(), new Star());
    star.flux(3);
    configure({ readonly: true });
    try {
      for (const act of [
        () => {
          invalidate(star);
        },
        () => {
          invalidate(star, 'flux', 3);
        },
      ]) {
        expect(codeThrownBy(act)).to.equal('STOWAGE_READONLY');
      }
      expect(
        codeThrownBy(() => {
          clearCache(star);
        }),
      ).to.equal('STOWAGE_READONLY');
    } finally {
      configure({ readonly: false });
    }
    expect(record(star, 'flux', 3)).not.to.have.property('invalidated');
  });

  it('reaches a method that has a tag of its own, with arguments and without', () => {
    const folder = temporaryFolder();
    const star = tagIn(folder, new Star());
    getDiskCacher(star, 'flux').setTag('elsewhere', 'star');
    star.flux(1);
    star.flux(2);
    invalidate(star, 'flux', 1);
    expect([1, 2].map((aperture) => record(star, 'flux', aperture)?.invalidated)).to.deep.equal([true, undefined]);
    invalidate(star, 'flux');
    expect(record(star, 'flux', 2)?.invalidated).to.equal(true);
    expect(explain(star, 'flux', 2).state).to.equal('stale');
  });

  it('of what has no tag, or is not stored, does nothing; of what is not cached throws', () => {
    invalidate(new Star());
    invalidate(new Star(), 'flux', 1);
    const star = tagIn(temporaryFolder(), new Star());
    invalidate(star, 'flux', 1);
    expect(explain(star, 'flux', 1).state).to.equal('missing');
    expect(
      codeThrownBy(() => {
        invalidate(star, 'band');
      }),
    ).to.equal('STOWAGE_NOT_CACHED');
  });
});
