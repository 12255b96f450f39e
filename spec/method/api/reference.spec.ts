import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  cacheOnDisk,
  clearCache,
  explain,
  forget,
  InvalidOptionError,
  invalidate,
  NotCachedError,
  NotStoredError,
  peek,
  reduceSize,
  reference,
  ValidateError,
  type ResultInfo,
} from '#lib/index.js';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran: string[] = [];
let isGood = true;
let told: ResultInfo[] = [];

class Camera {
  @cacheOnDisk()
  image(side: number): Uint8Array {
    ran.push(`image ${side}`);
    return new Uint8Array(side);
  }

  @cacheOnDisk()
  async later(): Promise<string> {
    ran.push('later');
    return Promise.resolve('later');
  }

  @cacheOnDisk()
  size(): number {
    ran.push('size');
    return this.image(1000).length;
  }

  @cacheOnDisk({ refresh: true })
  fresh(): number {
    ran.push('fresh');
    return ran.length;
  }

  @cacheOnDisk({
    validate(info) {
      told.push(info);
      return isGood;
    },
  })
  judged(side: number): number {
    ran.push('judged');
    return side;
  }

  notCached(): void {
    return;
  }
}

describe('what is stored', () => {
  let camera: Camera;
  let folder: string;
  beforeEach(() => {
    ran = [];
    told = [];
    isGood = true;
    folder = temporaryFolder();
    camera = tagIn(folder, new Camera());
  });

  describe('by reference', () => {
    it('has a file, and is loaded when it is asked for', async () => {
      camera.image(3);
      await camera.later();
      const image = reference(camera, 'image', 3);
      expect(readFileSync(image.file).subarray(-3)).to.deep.equal(Buffer.alloc(3));
      expect(image.load()).to.deep.equal(new Uint8Array(3));
      expect(image.load()).not.to.equal(image.load());
      expect(reference(camera, 'later').load()).to.equal('later');
      expect(reference(camera, 'later').file).to.match(/\.json$/);
      expect(ran).to.deep.equal(['image 3', 'later']);
    });

    it('is an error where nothing is stored, or nothing that would be used', () => {
      expect(() => reference(camera, 'image', 4)).to.throw(NotStoredError, 'Call the method first');
      expect(() => reference(new Camera(), 'image', 4)).to.throw(NotStoredError, 'setTag');
      expect(() => reference(camera, 'notCached')).to.throw(NotCachedError);
      camera.image(4);
      const before = reference(camera, 'image', 4);
      invalidate(camera, 'image', 4);
      expect(() => reference(camera, 'image', 4)).to.throw(NotStoredError, 'invalidated');
      expect(before.load()).to.deep.equal(new Uint8Array(4));
      clearCache(camera);
      expect(() => before.load()).to.throw(NotStoredError, 'not there any more');
    });
  });

  it('is computed anew at every call with refresh: true', () => {
    expect(camera.fresh()).to.equal(1);
    expect(camera.fresh()).to.equal(2);
    expect(peek(camera, 'fresh')).to.equal(2);
  });

  it('is used while validate says so, in memory and on disk', () => {
    expect(camera.judged(3)).to.equal(3);
    expect(camera.judged(3)).to.equal(3);
    forget(camera);
    camera.judged(3);
    expect(ran).to.have.lengthOf(1);
    expect(told.length).to.be.greaterThan(1);
    expect(told.every((each) => each.arguments === '3' && each.seconds >= 0 && each.bytes === 1)).to.equal(true);
    isGood = false;
    expect(explain(camera, 'judged', 3)).to.include({ state: 'stale' });
    expect(peek(camera, 'judged', 3)).to.equal(undefined);
    camera.judged(3);
    expect(ran).to.have.lengthOf(2);
    isGood = 'yes' as never;
    expect(() => camera.judged(3)).to.throw(ValidateError, 'judged must return true or false');
    forget(camera);
    expect(() => camera.judged(3)).to.throw(ValidateError, 'judged must return true or false');
  });

  describe('takes less room after reduceSize', () => {
    it('which removes data and keeps records, so that what was made of it holds', () => {
      camera.size();
      camera.image(50);
      expect(reduceSize(camera, { items: 2 })).to.deep.equal({ bytes: 0, items: 0 });
      const { bytes, items } = reduceSize(camera, { bytes: 500 });
      expect(items).to.be.oneOf([1, 2]);
      expect(bytes).to.be.greaterThan(1000);
      ran = [];
      const again = tagIn(folder, new Camera());
      expect(again.size()).to.equal(1000);
      expect(ran).to.deep.equal([]);
      expect(explain(again, 'image', 1000).state).to.equal('pruned');
      expect(reduceSize(camera, { items: 0 }).items).to.equal(2 - items);
      again.image(50);
      expect(ran).to.deep.equal(['image 50']);
    });

    it('of what was not used for so long', () => {
      camera.image(3);
      const { file } = reference(camera, 'image', 3);
      expect(reduceSize([camera], { age: { days: 1 } }).items).to.equal(0);
      expect(reduceSize(camera, { age: 0, bytes: 1e12 }).items).to.equal(1);
      expect(existsSync(file)).to.equal(false);
    });

    it('of an object without a tag there is nothing to remove; limits are needed', () => {
      expect(reduceSize(new Camera(), { items: 0 })).to.deep.equal({ bytes: 0, items: 0 });
      for (const odd of [{}, { items: 1.5 }, { bytes: NaN }, { age: 'old' }, { size: 3 }, undefined, 3])
        expect(() => reduceSize(camera, odd as never)).to.throw(InvalidOptionError, 'reduceSize');
      expect(() => reduceSize(3 as never, { items: 1 })).to.throw(InvalidOptionError, 'reduceSize');
    });
  });
});
