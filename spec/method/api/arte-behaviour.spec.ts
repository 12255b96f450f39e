/* eslint-disable @typescript-eslint/unbound-method -- getDiskCacher takes methods as they are */
import { expect } from 'chai';
import ndarray from 'ndarray';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheOnDisk, clearCache, getDiskCacher, NotCachedError, setPrefix, setTmpdir, TagNotSetError } from 'stowage';
import { filesIn, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** What arte promises of its `cache_on_disk`, promised here as well. */
class Camera {
  @cacheOnDisk
  frame(gain: number, offset: number): number {
    return gain + offset;
  }
}

class Night {
  camera = new Camera();
  quotients = 0;

  @cacheOnDisk
  sum(a: number, b: number): number {
    return a + b;
  }

  @cacheOnDisk
  overridden(a: number, b: number): number {
    return a - b;
  }

  laterCached(a: number, b: number): number {
    return a * b;
  }

  neverCached(a: number, b: number): number {
    return a * b;
  }
}

class ClearNight extends Night {
  @cacheOnDisk
  override overridden(a: number, b: number): number {
    return a / b;
  }

  @cacheOnDisk
  override laterCached(a: number, b: number): number {
    this.quotients++;
    return a / b;
  }
}

class Values {
  @cacheOnDisk
  twice<T>(value: T): T[] {
    return [value, value];
  }

  @cacheOnDisk
  array(length: number): Float64Array {
    return new Float64Array(length).fill(2);
  }

  @cacheOnDisk
  image(): ReturnType<typeof ndarray> {
    return ndarray(new Float64Array([1, 2, 3, 4]), [2, 2]);
  }
}

describe("arte's behaviour", () => {
  let dir: string;
  let night: ClearNight;

  beforeEach(() => {
    dir = temporaryFolder();
    night = tagIn(dir, new ClearNight(), '1234');
  });

  describe('paths', () => {
    it('an inherited method has the name of the class that defines it', () => {
      expect(getDiskCacher(night, night.sum).fullpath()).to.equal(join(dir, 'cache1234', 'root.Night.sum'));
    });

    it('a method that is cached in parent and child has the name of the child', () => {
      const path = join(dir, 'cache1234', 'root.ClearNight.overridden');
      expect(getDiskCacher(night, night.overridden).fullpath()).to.equal(path);
    });

    it('a method that only the child caches has the name of the child', () => {
      const path = join(dir, 'cache1234', 'root.ClearNight.laterCached');
      expect(getDiskCacher(night, night.laterCached).fullpath()).to.equal(path);
    });

    it('an instance of the parent gets the name of the parent', () => {
      const parent = tagIn(dir, new Night(), '2222');
      const path = join(dir, 'cache2222', 'root.Night.overridden');
      expect(getDiskCacher(parent, parent.overridden).fullpath()).to.equal(path);
    });

    it("the parent's version of an overridden method can be asked for on an instance of the child", () => {
      const path = join(dir, 'cache1234', 'root.Night.overridden');
      expect(getDiskCacher(night, Night.prototype.overridden).fullpath()).to.equal(path);
    });

    it("a member's method has the member's attribute and class in its name", () => {
      const path = join(dir, 'cache1234', 'root.camera.Camera.frame');
      expect(getDiskCacher(night.camera, night.camera.frame).fullpath()).to.equal(path);
    });

    it('a method is found by its name as well', () => {
      expect(getDiskCacher(night, 'sum').fullpath()).to.equal(getDiskCacher(night, night.sum).fullpath());
    });
  });

  describe('clearing', () => {
    const calls: [name: string, call: () => unknown, dataFile: () => string | undefined][] = [
      ['an inherited method', () => night.sum(3, 2), () => getDiskCacher(night, night.sum).dataFile(3, 2)],
      [
        'an overriding method',
        () => night.overridden(3, 2),
        () => getDiskCacher(night, night.overridden).dataFile(3, 2),
      ],
      ["a child's method", () => night.laterCached(3, 2), () => getDiskCacher(night, night.laterCached).dataFile(3, 2)],
      [
        "a member's method",
        () => night.camera.frame(3, 2),
        () => getDiskCacher(night.camera, night.camera.frame).dataFile(3, 2),
      ],
    ];
    for (const [name, call, dataFile] of calls) {
      it(`a result of ${name} lies on disk until it is cleared`, () => {
        expect(dataFile()).to.equal(undefined);
        const value = call();
        expect(call()).to.equal(value);
        const file = dataFile();
        expect(existsSync(String(file))).to.equal(true);
        clearCache(night);
        expect(existsSync(String(file))).to.equal(false);
        expect(filesIn(dir)).to.eql([]);
      });
    }
  });

  it('a method that is not decorated runs, and has no cacher', () => {
    expect(night.neverCached(3, 2)).to.equal(6);
    expect(() => getDiskCacher(night, night.neverCached)).to.throw(NotCachedError, 'neverCached');
    expect(() => getDiskCacher(night, 'neverCached')).to.throw(NotCachedError, 'neverCached');
    expect(() => getDiskCacher(night, 'noSuchMethod')).to.throw(NotCachedError, 'noSuchMethod');
  });

  it('a hit does not run the method; after a clearing it runs once more', () => {
    expect(night.quotients).to.equal(0);
    expect(night.laterCached(3, 2)).to.equal(1.5);
    expect(night.laterCached(3, 2)).to.equal(1.5);
    expect(night.quotients).to.equal(1);
    clearCache(night);
    expect(getDiskCacher(night, night.laterCached).dataFile(3, 2)).to.equal(undefined);
    expect(night.laterCached(3, 2)).to.equal(1.5);
    expect(night.quotients).to.equal(2);
    expect(getDiskCacher(night, night.laterCached).dataFile(3, 2)).to.be.a('string');
  });

  it('the prefix begins the name of the folder', () => {
    setPrefix(night, 'prefix');
    expect(getDiskCacher(night, night.sum).fullpath()).to.equal(join(dir, 'prefix1234', 'root.Night.sum'));
  });

  it('the tmpdir holds the folder, and is made when it is first needed', () => {
    const other = join(dir, 'another', 'tmpdir');
    setTmpdir(night, other);
    expect(getDiskCacher(night, night.sum).fullpath()).to.equal(join(other, 'cache1234', 'root.Night.sum'));
    expect(existsSync(other)).to.equal(false);
    night.sum(1, 2);
    expect(existsSync(join(other, 'cache1234'))).to.equal(true);
  });

  it('a tmpdir that is not absolute is taken from the present folder', () => {
    setTmpdir(night, 'another_tmpdir');
    const folder = join(process.cwd(), 'another_tmpdir', 'cache1234');
    expect(getDiskCacher(night, night.sum).fullpath()).to.equal(join(folder, 'root.Night.sum'));
  });

  it("'temporary' is the system's temporary folder, where arte's results go", () => {
    setTmpdir(night, 'temporary');
    const expected = join(tmpdir(), 'cache1234', 'root.Night.sum');
    expect(getDiskCacher(night, night.sum).fullpath()).to.equal(expected);
  });

  it('without a tag there is no path', () => {
    const untagged = new Night();
    expect(() => getDiskCacher(untagged, untagged.sum).fullpath()).to.throw(TagNotSetError, 'Night.sum');
    expect(() => getDiskCacher(untagged, untagged.sum).dataFile()).to.throw(TagNotSetError);
  });

  it('prefix and tmpdir can be set before there is a tag', () => {
    const later = new Night();
    setTmpdir(later, dir);
    setPrefix(later, 'p');
    tagIn(dir, later, 'late');
    expect(getDiskCacher(later, later.sum).fullpath()).to.equal(join(dir, 'plate', 'root.Night.sum'));
  });

  it('an array comes back from disk as the array that it was', () => {
    tagIn(dir, new Values(), 'values').array(3);
    const again = tagIn(dir, new Values(), 'values').array(3);
    expect(again).to.eql(new Float64Array([2, 2, 2]));
  });

  it('the file of an array is a .npy file', () => {
    const values = tagIn(dir, new Values(), 'values');
    values.image();
    expect(getDiskCacher(values, values.image).dataFile()).to.equal(join(dir, 'cachevalues', 'root.Values.image.npy'));
  });

  it('other values come back from disk too, and have a file', () => {
    const when = new Date(2024, 3, 10);
    const values = tagIn(dir, new Values(), 'values');
    values.twice(when);
    expect(existsSync(String(getDiskCacher(values, values.twice).dataFile(when)))).to.equal(true);
    const [one, two] = tagIn(dir, new Values(), 'values').twice(when);
    expect(one).to.eql(when);
    expect(two).to.equal(one);
  });

  it('tagging triggers no method, getter or getter of a member', () => {
    let total = 0;
    class Triggers {
      method(): number {
        return (total += 1);
      }

      get getter(): number {
        return (total += 2);
      }

      @cacheOnDisk
      get cached(): number {
        return (total += 4);
      }

      member = Object.defineProperty({}, 'own', { enumerable: true, get: () => (total += 8) });
    }
    tagIn(dir, new Triggers());
    expect(total).to.equal(0);
  });
});
