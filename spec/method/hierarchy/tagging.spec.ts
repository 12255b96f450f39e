/* eslint-disable @typescript-eslint/unbound-method -- getDiskCacher takes methods as they are */
import { expect } from 'chai';
import { join } from 'node:path';
import {
  cacheOnDisk,
  clearCache,
  getDiskCacher,
  InvalidOptionError,
  setPrefix,
  setTag,
  setTmpdir,
  TagNotSetError,
  untag,
} from 'stowage';
import { collected, filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let computations = 0;

class Star {
  // Not primitive, so that it is no state of the star.
  readonly runs: number[] = [];
  companion?: Star;

  @cacheOnDisk
  flux(): number {
    this.runs.push(computations);
    return computations++;
  }
}

class Night {
  star = new Star();
  late?: Star;

  @cacheOnDisk
  seeing(): number {
    return computations++;
  }
}

function placeOf(star: Star | Night): string {
  const cacher = star instanceof Star ? getDiskCacher(star, star.flux) : getDiskCacher(star, star.seeing);
  return cacher.fullpath();
}

describe('tags', () => {
  let dir: string;
  beforeEach(async () => {
    dir = temporaryFolder();
    // Roots of earlier tests would be looked through, too.
    await collected(() => true);
  });
  const at = (tag: string, name: string): string => join(dir, `cache${tag}`, name);

  it('another tag switches at once, in root and members; going back finds the old results', () => {
    const night = tagIn(dir, new Night(), 'one');
    const one = [night.seeing(), night.star.flux()];
    setTag(night, 'two');
    const two = [night.seeing(), night.star.flux()];
    expect(two).not.to.eql(one);
    expect([night.seeing(), night.star.flux()]).to.eql(two);
    setTag(night, 'one');
    expect([night.seeing(), night.star.flux()]).to.eql(one);
    setTag(night, 'two');
    expect([night.seeing(), night.star.flux()]).to.eql(two);
  });

  it('another prefix or tmpdir switches at once', () => {
    const other = temporaryFolder();
    const night = tagIn(dir, new Night());
    const first = night.star.flux();
    setPrefix(night, 'p');
    const second = night.star.flux();
    setTmpdir(night, other);
    const third = night.star.flux();
    expect(new Set([first, second, third]).size).to.equal(3);
    setPrefix(night, 'cache');
    setTmpdir(night, dir);
    expect(night.star.flux()).to.equal(first);
    setPrefix(night, 'p');
    expect(night.star.flux()).to.equal(second);
    expect(filesIn(other)).to.eql([join('pnight', 'root.star.Star.flux.json')]);
  });

  it('the same tag again looks at the disk anew', () => {
    const night = tagIn(dir, new Night());
    night.seeing();
    const colleague = tagIn(dir, new Night());
    clearCache(colleague);
    const theirs = colleague.seeing();
    setTag(night, 'night');
    expect(night.seeing()).to.equal(theirs);
  });

  it('an untagged root and its members run uncached, and what is stored stays', () => {
    const night = tagIn(dir, new Night());
    const value = night.star.flux();
    untag(night);
    expect(night.star.flux()).not.to.equal(night.star.flux());
    expect(() => placeOf(night)).to.throw(TagNotSetError);
    setTag(night, 'night');
    expect(night.star.flux()).to.equal(value);
  });

  it('an untagged member stays uncached until its root is tagged again, whatever else is looked for', () => {
    const night = tagIn(dir, new Night());
    const value = night.star.flux();
    untag(night.star);
    night.late = new Star();
    expect(night.late.flux()).to.equal(night.late.flux());
    expect(night.star.flux()).not.to.equal(night.star.flux());
    expect(() => placeOf(night.star)).to.throw(TagNotSetError);
    setTag(night, 'night');
    expect(night.star.flux()).to.equal(value);
  });

  it('untagging what has no tag does nothing', () => {
    untag(new Star());
    untag({});
    expect(filesIn(dir)).to.eql([]);
  });

  it('a member that is tagged becomes a root, with what it holds, until it is untagged', () => {
    const night = tagIn(dir, new Night(), 'whole');
    night.star.companion = new Star();
    setTag(night, 'whole');
    const { star } = night;
    const companion = night.star.companion;
    const before = [star.flux(), companion.flux()];
    expect(placeOf(companion)).to.equal(at('whole', 'root.star.companion.Star.flux'));
    setTag(star, 'part');
    setTmpdir(star, dir);
    expect(placeOf(star)).to.equal(at('part', 'root.Star.flux'));
    expect(placeOf(companion)).to.equal(at('part', 'root.companion.Star.flux'));
    setTag(night, 'whole');
    setPrefix(night, 'p');
    expect(placeOf(companion)).to.equal(at('part', 'root.companion.Star.flux'));
    setPrefix(night, 'cache');
    const own = [star.flux(), companion.flux()];
    expect(own).not.to.eql(before);
    clearCache(night);
    expect([star.flux(), companion.flux()]).to.eql(own);
    expect(filesIn(dir).map((file) => file.split('/')[0])).to.eql(['cachepart', 'cachepart']);
    untag(star);
    expect(placeOf(companion)).to.equal(at('whole', 'root.star.companion.Star.flux'));
    expect(placeOf(star)).to.equal(at('whole', 'root.star.Star.flux'));
  });

  it('what is tagged before it becomes a member keeps its tag, prefix and tmpdir', () => {
    const other = temporaryFolder();
    const star = tagIn(other, new Star(), 'own');
    setPrefix(star, 'p');
    const night = new Night();
    night.star = star;
    tagIn(dir, night);
    expect(placeOf(star)).to.equal(join(other, 'pown', 'root.Star.flux'));
  });

  describe('shared objects', () => {
    it('stay with the first root, and the second one is told of once a tag', () => {
      const star = new Star();
      const first = tagIn(dir, { star }, 'first');
      const shared = listen('shared');
      const second = tagIn(dir, { deep: { star } }, 'second');
      setTag(second, 'second');
      setTag(first, 'first');
      expect(placeOf(star)).to.equal(at('first', 'root.star.Star.flux'));
      expect(shared.map(({ type, tag, instance }) => [type, tag, instance])).to.eql([['shared', 'first', 'root.star']]);
      expect(shared[0]?.reason).to.include("'second'").and.include('root.deep.star');
      setTag(second, 'third');
      expect(shared).to.have.length(2);
    });

    it('of roots with one tag are no event', () => {
      const star = new Star();
      const shared = listen('shared');
      tagIn(dir, { star }, 'same');
      tagIn(dir, { a: star }, 'same');
      expect(shared).to.eql([]);
      expect(placeOf(star)).to.equal(at('same', 'root.star.Star.flux'));
    });

    it('go to the second root when the first is untagged', () => {
      const star = new Star();
      const first = tagIn(dir, { star }, 'first');
      tagIn(dir, { star }, 'second');
      untag(first);
      expect(placeOf(star)).to.equal(at('second', 'root.star.Star.flux'));
    });

    it('go to the second root when the first is tagged again and no longer holds them', () => {
      const star = new Star();
      const first: { star?: Star } = tagIn(dir, { star }, 'first');
      tagIn(dir, { star }, 'second');
      delete first.star;
      expect(placeOf(star)).to.equal(at('first', 'root.star.Star.flux'));
      setTag(first, 'first');
      expect(placeOf(star)).to.equal(at('second', 'root.star.Star.flux'));
    });

    it('go to the second root, at its next tagging, when the first is collected', async () => {
      const star = new Star();
      const weak = ((): WeakRef<object> => {
        const root = { star };
        setTmpdir(root, dir);
        setTag(root, 'first');
        return new WeakRef(root);
      })();
      const second = tagIn(dir, { a: star }, 'second');
      expect(placeOf(star)).to.equal(at('first', 'root.star.Star.flux'));
      expect(await collected(() => weak.deref() === undefined)).to.equal(true);
      setTag(second, 'second');
      expect(placeOf(star)).to.equal(at('second', 'root.a.Star.flux'));
    });
  });

  describe('analyzers that turn up after the tagging', () => {
    it('are found at their first call, under the path that they have then', () => {
      const night = tagIn(dir, new Night());
      night.late = new Star();
      const value = night.late.flux();
      expect(night.late.flux()).to.equal(value);
      expect(filesIn(dir)).to.eql([join('cachenight', 'root.late.Star.flux.json')]);
      const again = tagIn(dir, new Night());
      again.late = new Star();
      expect(again.late.flux()).to.equal(value);
    });

    it('are found by getDiskCacher and cleared by clearCache before they are called', () => {
      const night = tagIn(dir, new Night());
      night.late = new Star();
      night.late.flux();
      const again = tagIn(dir, new Night());
      again.late = new Star();
      expect(placeOf(again.late)).to.equal(at('night', 'root.late.Star.flux'));
      const last = tagIn(dir, new Night());
      last.late = new Star();
      clearCache(last.late);
      expect(filesIn(dir)).to.eql([]);
    });

    it('are warned of once a class when no root reaches them', async () => {
      class Forgotten extends Star {}
      // Warned of once a process, and this file runs twice in it.
      Object.defineProperty(Forgotten, 'name', { value: `Forgotten in ${import.meta.url}` });
      const warnings: string[] = [];
      const note = ({ message }: Error): void => {
        if (message.includes('Forgotten')) warnings.push(message);
      };
      process.on('warning', note);
      const untagged = listen('untagged');
      tagIn(dir, new Night());
      for (let i = 0; i < 3; i++) new Forgotten().flux();
      await collected(() => true);
      process.off('warning', note);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.include('setTag').and.include('[children]()');
      expect(untagged.map(({ type, tag, instance, method }) => [type, tag, instance, method])).to.eql(
        Array.from({ length: 3 }, () => ['untagged', '', '', 'Star.flux']),
      );
    });
  });

  describe('setPrefix and setTmpdir', () => {
    it('of a member, before or after it is called, say which root they concern, and change nothing', () => {
      const night = tagIn(dir, new Night());
      night.late = new Star();
      for (const member of [night.star, night.late]) {
        expect(() => {
          setPrefix(member, 'p');
        }).to.throw(InvalidOptionError, 'setPrefix concerns a root, and this object is root.');
        expect(() => {
          setTmpdir(member, '/tmp');
        }).to.throw(InvalidOptionError, "tagged 'night'");
        expect(placeOf(member).startsWith(join(dir, 'cachenight'))).to.equal(true);
      }
    });
  });

  describe('DiskCacher', () => {
    it('sets tag and name of one method of one analyzer, until the next tagging', () => {
      class Pair extends Star {
        @cacheOnDisk
        other(): number {
          return computations++;
        }
      }
      const root = tagIn(dir, { pair: new Pair() });
      const { pair } = root;
      const cacher = getDiskCacher(pair, pair.flux);
      const before = [pair.flux(), pair.other()];
      cacher.setTag('elsewhere', 'mine');
      expect(cacher.fullpath()).to.equal(at('elsewhere', 'mine.Star.flux'));
      const moved = pair.flux();
      expect(pair.other()).to.deep.equal(before[1]);
      expect(pair.flux()).to.deep.equal(moved);
      expect(cacher.execute()).to.deep.equal(moved);
      expect(moved).not.to.equal(before[0]);
      expect(filesIn(dir)).to.include(join('cacheelsewhere', 'mine.Star.flux.json'));
      setTag(root, 'night');
      expect(pair.flux()).to.deep.equal(before[0]);
      expect(cacher.fullpath()).to.deep.equal(at('night', 'root.pair.Star.flux'));
      cacher.setTag('elsewhere', 'mine');
      expect(pair.flux()).to.equal(moved);
    });

    it('sets prefix and tmpdir of one method of one analyzer, until the next tagging', () => {
      const other = temporaryFolder();
      const night = tagIn(dir, new Night());
      const cacher = getDiskCacher(night.star, 'flux');
      const before = night.star.flux();
      cacher.setPrefix('p');
      expect(cacher.fullpath()).to.equal(join(dir, 'pnight', 'root.star.Star.flux'));
      expect(night.star.flux()).not.to.equal(before);
      cacher.setTmpdir(other);
      expect(cacher.fullpath()).to.equal(join(other, 'pnight', 'root.star.Star.flux'));
      expect(placeOf(night)).to.equal(at('night', 'root.Night.seeing'));
      setTag(night, 'night');
      expect(night.star.flux()).to.equal(before);
    });

    it('tags a method of an analyzer that no root has, without a warning', async () => {
      class Lonely extends Star {}
      const warnings: string[] = [];
      const note = ({ message }: Error): void => {
        if (message.includes('Lonely')) warnings.push(message);
      };
      process.on('warning', note);
      tagIn(dir, new Night());
      const star = new Lonely();
      const cacher = getDiskCacher(star, star.flux);
      cacher.setTmpdir(dir);
      expect(() => cacher.fullpath()).to.throw(TagNotSetError);
      cacher.setTag('lonely', 'root');
      expect(star.flux()).to.equal(star.flux());
      expect(filesIn(dir)).to.eql([join('cachelonely', 'root.Star.flux.json')]);
      await collected(() => true);
      process.off('warning', note);
      expect(warnings).to.eql([]);
    });

    it('clears one method of one analyzer, whatever the arguments', () => {
      class Many {
        @cacheOnDisk
        a(_x?: number): number {
          return computations++;
        }

        @cacheOnDisk
        b(): number {
          return computations++;
        }
      }
      const root = tagIn(dir, { one: new Many(), two: new Many() });
      const call = (): number[] => [
        root.one.a(),
        root.one.a(1),
        root.one.a(2),
        root.one.b(),
        root.two.a(),
        root.two.a(1),
      ];
      const before = call();
      getDiskCacher(root.one, root.one.a).clearCache();
      expect(filesIn(dir)).to.have.length(3);
      const after = call();
      expect(after.map((value, i) => value === before[i])).to.eql([false, false, false, true, true, true]);
    });
  });
});
