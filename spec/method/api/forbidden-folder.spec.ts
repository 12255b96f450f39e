import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  accept,
  adopt,
  cacheOnDisk,
  clearCache,
  explain,
  explainAll,
  getDiskCacher,
  invalidate,
  lineage,
  peek,
  record,
  revalidate,
  setTag,
  setTmpdir,
  StowageError,
  verify,
} from 'stowage';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Night {
  ran = 0;

  @cacheOnDisk
  array(): Float64Array {
    this.ran++;
    return Float64Array.of(1, 2);
  }
}

describe('a folder that may not be entered', () => {
  const nobody = 65_534;
  let folder: string;
  let night: Night;

  function forbidden(): Night {
    const night = new Night();
    setTmpdir(night, folder);
    setTag(night, 'night');
    return night;
  }

  beforeEach(function () {
    folder = temporaryFolder();
    night = forbidden();
    night.array();
    const tagged = join(folder, 'cachenight');
    chmodSync(tagged, 0);
    if (process.getuid?.() !== 0) return;
    // Permissions do not matter for root, who becomes nobody.
    chownSync(folder, nobody, nobody);
    chownSync(tagged, nobody, nobody);
    try {
      process.seteuid?.(nobody);
    } catch {
      console.warn(`SKIPPED: ${this.currentTest?.title ?? ''}: root may not become nobody here`);
      this.skip();
    }
  });

  afterEach(() => {
    if (process.getuid?.() === 0) process.seteuid?.(0);
    chmodSync(join(folder, 'cachenight'), 0o700);
  });

  it('costs no value', () => {
    expect([...forbidden().array()]).to.deep.equal([1, 2]);
  });

  const asking: Record<string, () => unknown> = {
    dataFile: () => getDiskCacher(forbidden(), 'array').dataFile(),
    fullpath: () => getDiskCacher(forbidden(), 'array').fullpath(),
    record: () => record(forbidden(), 'array'),
    explainAll: () => explainAll(forbidden()),
    lineage: () => lineage(forbidden()),
    revalidate: () => revalidate(night),
    invalidate: () => {
      invalidate(forbidden(), 'array');
    },
    accept: () => accept(forbidden()),
    'verify of the root': () => verify(forbidden()),
    'verify of the folder': () => verify(join(folder, 'cachenight')),
    'adopt of the root': () => adopt(forbidden()),
    'adopt of the folder': () => adopt(join(folder, 'cachenight')),
    clearCache: () => {
      clearCache(forbidden());
    },
  };
  for (const [name, ask] of Object.entries(asking)) {
    it(`is an error of Stowage's that says what to do, for ${name}`, async () => {
      const error = await Promise.resolve()
        .then(ask)
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      expect(error).to.be.instanceOf(StowageError);
      expect(error)
        .to.have.property('code')
        .that.matches(/^STOWAGE_(DISK|NOT_CLEARED)$/);
      expect((error as Error).message)
        .to.include('EACCES')
        .and.include(join(folder, 'cachenight'));
      expect((error as Error & { cause?: NodeJS.ErrnoException }).cause?.code).to.equal('EACCES');
    });
  }

  it('holds nothing to be looked at, for those who never throw', () => {
    expect(peek(forbidden(), 'array')).to.equal(undefined);
    expect(explain(forbidden(), 'array')).to.deep.include({ state: 'missing' });
    expect(explain(forbidden(), 'array').reasons.join()).to.include('EACCES');
  });

  it('leaves memory what it holds', () => {
    expect(() => revalidate(night)).to.throw(StowageError);
    night.array();
    expect(night.ran).to.equal(1);
  });
});
