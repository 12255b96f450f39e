import { expect } from 'chai';
import { accept, cacheOnDisk, record } from 'stowage';
import { listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Star {
  constructor(public threshold: number) {}

  @cacheOnDisk
  flux(): number {
    return this.threshold;
  }

  @cacheOnDisk
  size(_scale: number): number {
    return this.threshold;
  }

  @cacheOnDisk
  static catalogue(): number {
    return 1;
  }
}

class Field {
  readonly bright: Star;
  faint?: Star;

  constructor(threshold: number) {
    this.bright = new Star(threshold);
    this.faint = new Star(threshold);
  }

  measure(): void {
    for (const star of [this.bright, this.faint]) {
      star?.flux();
      star?.size(2);
    }
  }
}

/** The same field on another day, with other thresholds. */
function another(folder: string): Field {
  tagIn(folder, new Field(3)).measure();
  return tagIn(folder, new Field(5));
}

describe('accept', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  it('of an object without a tag stamps nothing', () => {
    expect(accept(new Star(1))).to.equal(0);
  });

  it('of a member stamps its results, whatever their arguments, and leaves those of its siblings in doubt', () => {
    const field = another(folder);
    expect(accept(field.bright)).to.equal(2);
    const hits = listen('hit');
    field.measure();
    expect(hits.map(({ instance, reason }) => [instance, reason === 'disk'])).to.deep.equal([
      ['root.bright', true],
      ['root.bright', true],
      ['root.faint', false],
      ['root.faint', false],
    ]);
  });

  it('leaves the results of analyzers that are not attached as they are', () => {
    const field = another(folder);
    delete field.faint;
    expect(accept(tagIn(folder, field))).to.equal(2);
    const whole = tagIn(folder, new Field(5));
    if (whole.faint === undefined) throw new Error('no star');
    expect(record(whole.faint, 'flux')?.state).to.deep.include({ threshold: 3 });
  });

  it('leaves the results of another class that stood at the same place', () => {
    another(folder);
    class Galaxy {
      @cacheOnDisk
      flux(): number {
        return 1;
      }
    }
    const changed = new Field(5) as unknown as { bright: object; faint?: object };
    changed.bright = new Galaxy();
    delete changed.faint;
    expect(accept(tagIn(folder, changed))).to.equal(0);
    expect(record(tagIn(folder, new Field(5)).bright, 'flux')?.state).to.deep.include({ threshold: 3 });
  });

  it('takes the static methods of a class too', () => {
    tagIn(folder, Star);
    expect(Star.catalogue()).to.equal(1);
    expect(accept(Star)).to.equal(0);
    expect(record(Star, 'catalogue')?.identity.class).to.equal('class Star');
  });
});
