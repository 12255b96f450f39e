import { expect } from 'chai';
import { cacheOf, persist, Bucket } from 'stowage/memo';
import { cacheOnDisk, configure, explain, record } from 'stowage';
import { callKeyDigest } from '#lib/key/canonical/canonical.js';
import { tagIn } from '../support/analyses/analysis.js';
import { caches } from '../support/analyses/function-caches.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let ran: unknown[][] = [];

class Night {
  @cacheOnDisk
  psd(side: number, length = 1000, window = 'hann'): string {
    ran.push([side, length, window]);
    return `${side} ${length} ${window}`;
  }

  @cacheOnDisk({ onCodeChange: 'warn' })
  whateverTheCode(side: number, length = 1000): string {
    ran.push([side, length]);
    return `${side} ${length}`;
  }

  @cacheOnDisk
  counted(_side: number, _length = 1000): number {
    return arguments.length;
  }
}

describe('a default that the source says as a literal', () => {
  beforeEach(() => {
    ran = [];
  });

  for (const [name, remember] of Object.entries(caches)) {
    it(`is the same call, given or not: ${name}`, () => {
      const psd = remember(function psd(side: number, length = 1000, window = 'hann') {
        ran.push([side, length, window]);
        return `${side} ${length} ${window}`;
      }, temporaryFolder());
      expect([psd(1), psd(1, undefined), psd(1, 1000), psd(1, 1000, 'hann'), psd(1, undefined, 'hann')]).to.deep.equal(
        Array(5).fill('1 1000 hann'),
      );
      expect([psd(1, 1000, 'flat'), psd(1, undefined, 'flat')]).to.deep.equal(Array(2).fill('1 1000 flat'));
      expect(psd(1, 500)).to.equal('1 500 hann');
      expect(psd(1000)).to.equal('1000 1000 hann');
      expect(ran).to.have.lengthOf(4);
    });

    it(`is another call where the function counts its arguments: ${name}`, () => {
      const counted = remember(function counted(_side: number, _length = 1000) {
        return arguments.length;
      }, temporaryFolder());
      expect(counted(1)).to.equal(1);
      expect(counted(1, 1000)).to.equal(2);
      expect(counted(1, undefined)).to.equal(2);
    });
  }

  it('is the same call of a method, in memory and on disk', () => {
    const folder = temporaryFolder();
    const night = tagIn(folder, new Night());
    for (const each of [night, tagIn(folder, new Night())]) {
      expect([each.psd(1, 1000), each.psd(1), each.psd(1, undefined), each.psd(1, 1000, 'hann')]).to.deep.equal(
        Array(4).fill('1 1000 hann'),
      );
      expect(each.psd(1, 500)).to.equal('1 500 hann');
    }
    expect(ran).to.deep.equal([
      [1, 1000, 'hann'],
      [1, 500, 'hann'],
    ]);
    expect(night.counted(1)).to.equal(1);
    expect(night.counted(1, 1000)).to.equal(2);
    expect(night.counted(1)).to.equal(1);
  });

  it('has the key that the shorter call always had', () => {
    const night = tagIn(temporaryFolder(), new Night());
    night.psd(1, 1000, 'hann');
    expect(record(night, 'psd', 1)?.identity.key).to.equal(callKeyDigest([1]));
    expect(explain(night, 'psd', 1).state).to.equal('memory');
  });

  it('is another call where a change of the code would not be seen: what was stored may be of another default', () => {
    const night = tagIn(temporaryFolder(), new Night());
    night.whateverTheCode(1);
    night.whateverTheCode(1, 1000);
    expect(ran).to.have.lengthOf(2);

    configure({ onCodeChange: 'ignore' });
    try {
      night.psd(1);
      night.psd(1, 1000);
    } finally {
      configure({ onCodeChange: 'recompute' });
    }
    expect(ran).to.have.lengthOf(4);
    const folder = temporaryFolder();
    const of = (length: number): ((side: number, length?: number) => number) =>
      length === 1000 ? (side, length = 1000) => side * length : (side, length = 2000) => side * length;
    for (const wrap of [
      (fn: ReturnType<typeof of>) => persist(fn, { cache: folder, name: 'f', onCodeChange: 'ignore' }),
      (fn: ReturnType<typeof of>) => new Bucket(folder).wrap(fn, { name: 'f', onCodeChange: 'ignore' }),
    ]) {
      expect(wrap(of(1000))(1)).to.equal(1000);
      expect(wrap(of(2000))(1, 2000)).to.equal(2000);
    }
  });

  it('is the same key of the cache by hand', () => {
    const f = persist((side: number, length = 1000) => side * length, { cache: temporaryFolder(), name: 'f' });
    f(2, 1000);
    expect(f.cache.get([2, 1000])).to.equal(2000);
    expect(cacheOf(f).has([2])).to.equal(true);
    expect(f.cache.size).to.equal(1);
  });
});
