import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { cacheOnDisk, clearCache, dependsOnFile, invalidate, parameter, peek, record } from 'stowage';
import { listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Camera {
  @parameter band = 'J';

  level = 1;

  @cacheOnDisk
  gain(): number {
    return this.level;
  }

  @cacheOnDisk
  async first(array: Float64Array): Promise<number> {
    await nextTurn();
    return array[0] ?? NaN;
  }

  @cacheOnDisk
  async bandLater(): Promise<string> {
    await nextTurn();
    return this.band;
  }

  @cacheOnDisk
  take(box: { left: number }): number {
    const { left } = box;
    box.left = 0;
    return left;
  }
}

class Night {
  readonly camera = new Camera();

  @cacheOnDisk
  async gainLater(): Promise<number> {
    const gain = this.camera.gain();
    await nextTurn();
    return gain;
  }

  @cacheOnDisk
  gainNow(): number {
    return this.camera.gain();
  }

  @cacheOnDisk
  async firstOf(array: Float64Array): Promise<number> {
    return await this.camera.first(array);
  }

  @cacheOnDisk({ ignore: 'arguments' })
  bands(then: () => void): string[] {
    const one = this.camera.band;
    then();
    return [one, this.camera.band];
  }

  @cacheOnDisk({ ignore: 'arguments' })
  both(file: string): string {
    dependsOnFile(file);
    writeFileSync(file, 'another');
    dependsOnFile(file);
    return 'made of the one before';
  }
}

describe('what changes while a result is computed', () => {
  let folder: string;
  let night: Night;
  beforeEach(() => {
    folder = temporaryFolder();
    night = tagIn(folder, new Night());
  });

  it('an argument, leaves nothing stored under what it was, nor what was made of that', async () => {
    const mutated = listen('mutated');
    const array = Float64Array.of(1);
    const results = Promise.all([night.camera.first(array), night.firstOf(array)]);
    array[0] = 2;
    await results;
    expect(await night.camera.first(Float64Array.of(1))).to.equal(1);
    expect(await night.firstOf(Float64Array.of(1))).to.equal(1);
    expect(mutated.map(({ reason }) => reason)).to.include(
      'an argument or a parameter was changed before the result was there; the result is not stored',
    );
  });

  it('a parameter of the analyzer, leaves nothing stored under what it was', async () => {
    const result = night.camera.bandLater();
    night.camera.band = 'K';
    await result;
    night.camera.band = 'J';
    expect(await night.camera.bandLater()).to.equal('J');
  });

  it('a parameter of the analyzer, and changes back, leaves nothing stored either', async () => {
    const result = night.camera.bandLater();
    night.camera.band = 'K';
    night.camera.band = 'J';
    await result;
    expect(peek(night.camera, 'bandLater')).to.equal(undefined);
  });

  it('a parameter of another analyzer, between two looks at it, leaves nothing stored', () => {
    night.bands(() => (night.camera.band = 'K'));
    expect(peek(night, 'bands', () => undefined)).to.equal(undefined);
  });

  it('an argument that the method itself changes is recorded as it was passed', () => {
    night.camera.take({ left: 7 });
    expect(record(night.camera, 'take', { left: 7 })?.arguments?.preview).to.equal('{ left: 7 }');
  });

  it('a file, between two declarations of it, leaves nothing stored', () => {
    const file = join(folder, 'dark');
    writeFileSync(file, 'the one before');
    night.both(file);
    expect(peek(night, 'both', file)).to.equal(undefined);
  });

  for (const [what, change] of [
    [
      'invalidated',
      (camera: Camera) => {
        invalidate(camera, 'gain');
      },
    ],
    ['cleared', clearCache],
  ] as const) {
    it(`a result that it used, by being ${what}, is not built upon`, async () => {
      const result = night.gainLater();
      night.camera.level = 2;
      change(night.camera);
      expect(await result).to.equal(1);
      expect(await night.gainLater()).to.equal(2);
    });
  }
});

describe('two roots on one dataset', () => {
  it('both drop what was computed from a result that is invalidated', () => {
    const folder = temporaryFolder();
    const [one, other] = [tagIn(folder, new Night()), tagIn(folder, new Night())];
    one.gainNow();
    other.gainNow();
    one.camera.level = 2;
    invalidate(one.camera, 'gain');
    expect(one.gainNow()).to.equal(2);
  });
});
