/* eslint-disable @typescript-eslint/unbound-method -- getDiskCacher takes methods as they are */
import { expect } from 'chai';
import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { cacheOnDisk, getDiskCacher, InvalidTagError, setTag, setTmpdir } from 'stowage';
import { collected, filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Star {
  runs = 0;

  constructor(readonly flux: number) {}

  @cacheOnDisk
  counts(): Float64Array {
    this.runs++;
    return new Float64Array([this.flux]);
  }
}

class Field {
  runs = 0;
  first = new Star(1);
  second = new Star(2);
  list = [new Star(3), new Star(4)];
  record = { inner: new Star(5) };
  late?: Star;

  @cacheOnDisk
  squared(x: number): number {
    this.runs++;
    return x * x;
  }

  @cacheOnDisk
  image(): Float64Array {
    this.runs++;
    return new Float64Array([1, 2, 3]);
  }

  @cacheOnDisk
  nothing(): null {
    this.runs++;
    return null;
  }

  @cacheOnDisk
  callback(): () => number {
    this.runs++;
    return () => 1;
  }
}

class DeepField extends Field {
  @cacheOnDisk
  override image(): Float64Array {
    return super.image().map((x) => x * 10);
  }
}

describe("arte's defects are not ours", () => {
  let dir: string;
  beforeEach(() => {
    dir = temporaryFolder();
  });

  it('1. two calls with different arguments give two results', () => {
    const field = tagIn(dir, new Field());
    expect(field.squared(1)).to.equal(1);
    expect(field.squared(50)).to.equal(2500);
    const again = tagIn(dir, new Field());
    expect(again.squared(50)).to.equal(2500);
    expect(again.squared(1)).to.equal(1);
    expect(again.runs).to.equal(0);
  });

  it('2. a second sibling of a class, one in a list and one in an object are all cached', () => {
    const all = (field: Field): Star[] => [field.first, field.second, ...field.list, field.record.inner];
    const before = tagIn(dir, new Field());
    for (const star of all(before)) star.counts();
    const field = tagIn(dir, new Field());
    expect(all(field).map((star) => star.counts()[0])).to.eql([1, 2, 3, 4, 5]);
    expect(all(field).map((star) => star.runs)).to.eql([0, 0, 0, 0, 0]);
  });

  it('3. another tag means another result and another file, at once', () => {
    const field = tagIn(dir, new Field(), 'one');
    field.image()[0] = 7;
    setTag(field, 'two');
    expect([...field.image()]).to.eql([1, 2, 3]);
    expect(filesIn(dir).filter((file) => file.endsWith('.npy'))).to.eql([
      join('cacheone', 'root.Field.image.npy'),
      join('cachetwo', 'root.Field.image.npy'),
    ]);
  });

  it('4. a truncated file and an unserialisable result are no trouble, now or in the next session', () => {
    const field = tagIn(dir, new Field());
    field.image();
    expect(field.callback()()).to.equal(1);
    truncateSync(String(getDiskCacher(field, field.image).dataFile()), 100);
    const again = tagIn(dir, new Field());
    expect([...again.image()]).to.eql([1, 2, 3]);
    expect(again.callback()()).to.equal(1);
    expect(filesIn(dir).filter((file) => file.includes('callback'))).to.eql([]);
    const last = tagIn(dir, new Field());
    expect([...last.image()]).to.eql([1, 2, 3]);
    expect(last.runs).to.equal(0);
  });

  it('5. a missing tmpdir is made, and a tag with a slash is refused before anything is done', () => {
    const missing = join(dir, 'not', 'there', 'yet');
    const field = tagIn(missing, new Field());
    field.image();
    expect(existsSync(join(missing, 'cachenight', 'root.Field.image.npy'))).to.equal(true);
    expect(() => {
      setTag(field, '2024/04/10');
    }).to.throw(InvalidTagError, 'separator');
  });

  it('6. a parent method reached through super, and a member attached after the tagging, are cached', async () => {
    await collected(() => true);
    const field = tagIn(dir, new DeepField());
    field.late = new Star(9);
    expect([...field.image()]).to.eql([10, 20, 30]);
    field.late.counts();
    const stored = filesIn(dir).filter((file) => file.endsWith('.npy'));
    expect(stored).to.eql([
      join('cachenight', 'root.DeepField.image.npy'),
      join('cachenight', 'root.Field.image.npy'),
      join('cachenight', 'root.late.Star.counts.npy'),
    ]);
  });

  it('7. instances are freed, and a class may define its own equality', async () => {
    class Equal extends Star {
      equals(): boolean {
        throw new Error('not to be asked');
      }

      hashCode(): number {
        throw new Error('not to be asked');
      }

      [Symbol.toPrimitive](): number {
        throw new Error('not to be asked');
      }
    }
    const weak = ((): WeakRef<object> => {
      const one = tagInOnly(dir, new Equal(1));
      expect([...one.counts()]).to.eql([1]);
      return new WeakRef(one);
    })();
    expect(await collected(() => weak.deref() === undefined)).to.equal(true);
  });

  it('8. a caller that writes into a result can be kept from poisoning what others get', () => {
    class Careful extends Field {
      @cacheOnDisk({ mutation: 'copy' })
      copied(): Float64Array {
        return new Float64Array([1, 2, 3]);
      }

      @cacheOnDisk({ mutation: 'check' })
      checked(): Float64Array {
        return new Float64Array([1, 2, 3]);
      }

      @cacheOnDisk
      sum(): number {
        return this.image().reduce((total, x) => total + x, 0);
      }
    }
    const field = tagIn(dir, new Careful());
    const mutated = listen('mutated');
    field.copied()[0] = 99;
    field.checked()[0] = 99;
    expect([...field.copied(), ...field.checked()]).to.eql([1, 2, 3, 1, 2, 3]);
    expect(mutated.map(({ method }) => method)).to.eql(['Careful.checked']);
    // And where hits share their value, nothing that is computed from a poisoned one reaches the disk.
    field.image()[0] = 99;
    field.sum();
    expect(getDiskCacher(field, field.sum).dataFile()).to.equal(undefined);
    expect(field.sum()).to.equal(6);
  });

  it('9. an object shared by two roots keeps the tag of the first', () => {
    const shared = new Star(6);
    tagIn(dir, { shared }, 'first');
    const event = listen('shared');
    tagIn(dir, { other: shared }, 'last');
    expect(getDiskCacher(shared, shared.counts).fullpath()).to.equal(
      join(dir, 'cachefirst', 'root.shared.Star.counts'),
    );
    expect(event.map(({ tag, instance }) => [tag, instance])).to.eql([['first', 'root.shared']]);
  });

  it('10. null is computed once', () => {
    const field = tagIn(dir, new Field());
    expect(field.nothing()).to.equal(null);
    expect(field.nothing()).to.equal(null);
    expect(field.runs).to.equal(1);
    const again = tagIn(dir, new Field());
    expect(again.nothing()).to.equal(null);
    expect(again.runs).to.equal(0);
    const text = readFileSync(String(getDiskCacher(again, again.nothing).dataFile()), 'utf8');
    expect((JSON.parse(text) as { value: unknown }).value).to.equal(null);
  });
});

/** Tags without keeping the root for later. */
function tagInOnly<T extends object>(tmpdir: string, root: T): T {
  setTmpdir(root, tmpdir);
  setTag(root, 'freed');
  return root;
}
