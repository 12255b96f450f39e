import fs, { existsSync, readdirSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, getDiskCacher, setTag, setTmpdir } from 'stowage';
import { recordedEvents } from '../../support/output/recorded-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Night {
  @cacheOnDisk
  array(): Float64Array {
    return Float64Array.of(1, 2);
  }

  @cacheOnDisk
  of(index: number): number[] {
    return [index];
  }
}

describe('a result that is stored while its folder is cleared', () => {
  const seen = recordedEvents('store', 'fault');
  let tmpdir: string;
  let folder: string;

  beforeEach(() => {
    tmpdir = temporaryFolder();
    folder = join(tmpdir, 'cachenight');
  });

  function night(): Night {
    const night = new Night();
    setTmpdir(night, tmpdir);
    setTag(night, 'night');
    return night;
  }

  type Operation = 'openSync' | 'renameSync' | 'mkdirSync' | 'fsyncSync' | 'writeFileSync';

  /** Calls an analysis while the folder is removed before the given call of a file operation. */
  function whileCleared(operation: Operation, at: number, call: () => unknown): boolean {
    const original = fs[operation] as (...args: unknown[]) => unknown;
    let calls = 0;
    Object.assign(fs, {
      [operation]: (...args: unknown[]) => {
        if (calls++ === at) rmSync(folder, { recursive: true, force: true });
        return original(...args);
      },
    });
    syncBuiltinESMExports();
    try {
      call();
    } finally {
      Object.assign(fs, { [operation]: original });
      syncBuiltinESMExports();
    }
    return calls > at;
  }

  for (const operation of ['openSync', 'renameSync', 'mkdirSync', 'fsyncSync', 'writeFileSync'] as const) {
    it(`is stored, and the folder marked, whenever that happens: before any ${operation}`, () => {
      let times = 0;
      for (const name of ['array', 'of'] as const) {
        for (let at = 0; ; at++) {
          rmSync(folder, { recursive: true, force: true });
          seen.length = 0;
          const analysis = night();
          const happened = whileCleared(operation, at, () => (name === 'array' ? analysis.array() : analysis.of(1)));
          if (!happened) break;
          times++;
          expect(
            seen.map(({ type, reason }) => [type, reason]),
            `${name}, ${at}`,
          ).to.deep.equal([['store', undefined]]);
          // It may have been cleared after it was stored.
          if (existsSync(folder)) expect(readdirSync(folder), `${name}, ${at}`).to.include('CACHEDIR.TAG');
          const again = night();
          expect([...again.array(), ...again.of(1)]).to.deep.equal([1, 2, 1]);
          expect(getDiskCacher(again, name).dataFile(...(name === 'of' ? [1] : []))).to.be.a('string');
        }
      }
      expect(times).to.be.greaterThan(0);
    });
  }
});
