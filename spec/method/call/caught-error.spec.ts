import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, dependsOnFile, parameter, record } from 'stowage';
import { persist } from 'stowage/memo';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let file = '';

function readLevel(): number {
  const text = readFileSync(dependsOnFile(file), 'utf8');
  if (text === 'bad') throw new Error('no level in it');
  return Number(text);
}

class Camera {
  @parameter gain = 1;

  @cacheOnDisk
  level(): number {
    return readLevel();
  }

  @cacheOnDisk
  async levelLater(): Promise<number> {
    await Promise.resolve();
    return readLevel();
  }

  @cacheOnDisk
  gained(): number {
    if (this.gain < 0) throw new Error('a negative gain');
    return this.gain;
  }

  /** Fails one computation further away. */
  @cacheOnDisk
  doubled(): number {
    return 2 * this.level();
  }
}

/** What goes on with something else where the camera fails. */
class Night {
  camera = new Camera();
  outer: (() => number) | undefined;

  @cacheOnDisk
  caught(): number {
    try {
      return this.camera.level();
    } catch {
      return -1;
    }
  }

  @cacheOnDisk
  caughtFarBelow(): number {
    try {
      return this.camera.doubled();
    } catch {
      return -1;
    }
  }

  @cacheOnDisk
  async caughtLater(): Promise<number> {
    try {
      return await this.camera.levelLater();
    } catch {
      return -1;
    }
  }

  @cacheOnDisk
  async settled(): Promise<string> {
    const [first, second] = await Promise.allSettled([this.camera.levelLater(), this.camera.levelLater()]);
    return `${first.status} ${second.status}`;
  }

  @cacheOnDisk
  caughtGain(): number {
    try {
      return this.camera.gained();
    } catch {
      return -1;
    }
  }

  @cacheOnDisk
  caughtFunction(): number {
    try {
      return this.outer?.() ?? 0;
    } catch {
      return -1;
    }
  }
}

describe('a failed call whose error is caught', () => {
  let folder: string;
  const today = (): Night => tagIn(folder, new Night());

  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder, 'level.txt');
    writeFileSync(file, 'bad');
  });

  const ways: [keyof Night & ('caught' | 'caughtFarBelow' | 'caughtLater' | 'settled'), unknown, unknown][] = [
    ['caught', -1, 7],
    ['caughtFarBelow', -1, 14],
    ['caughtLater', -1, 7],
    ['settled', 'rejected rejected', 'fulfilled fulfilled'],
  ];
  for (const [method, before, after] of ways) {
    it(`leaves what it used in its caller's trace: ${method}`, async () => {
      expect(await today()[method]()).to.equal(before);
      expect(record(today(), method)?.trace.some((item) => 'file' in item)).to.equal(true);
      writeFileSync(file, '7');
      expect(await today()[method]()).to.equal(after);
    });
  }

  it('leaves the parameters that it read', () => {
    const night = new Night();
    night.camera.gain = -1;
    expect(tagIn(folder, night).caughtGain()).to.equal(-1);
    night.camera.gain = 5;
    expect(night.caughtGain()).to.equal(5);
    expect(today().caughtGain()).to.equal(1);
  });

  it('is followed through a cached function as well', () => {
    const reader = persist(() => readLevel(), {
      cache: join(folder, 'functions'),
      name: 'reading',
    }) as () => number;
    const night = today();
    night.outer = reader;
    expect(night.caughtFunction()).to.equal(-1);
    writeFileSync(file, '7');
    const next = today();
    next.outer = reader;
    expect(next.caughtFunction()).to.equal(7);
  });
});
