import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  accept,
  cacheOnDisk,
  dependsOnFile,
  events,
  getDiskCacher,
  invalidate,
  peek,
  registerClass,
  registerCodec,
  revalidate,
} from 'stowage';
import { codeThrownBy, listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Image {
  constructor(readonly x: number) {}

  get shape(): number[] {
    throw new Error('a getter was triggered');
  }
}
registerClass(Image, { name: `Image of ${import.meta.url}` });

const codecName = `fickle${String(import.meta.url.length)}`;

class Fickle {
  constructor(readonly x: number) {}
}

registerCodec({
  name: codecName,
  extension: codecName,
  sample: new Fickle(1),
  accepts: (value) => value instanceof Fickle,
  encode: (value) => ({ chunks: [Buffer.from(String((value as Fickle).x))], type: 'Fickle' }),
  decode: (body) => {
    const x = Number(Buffer.from(body).toString());
    if (x !== 1) throw new Error('no way back');
    return new Fickle(x);
  },
});

class Analysis {
  level = 1;

  @cacheOnDisk
  base(): number {
    return this.level;
  }

  @cacheOnDisk
  above(): number {
    return this.base() + 1;
  }

  @cacheOnDisk({ ignore: 'arguments' })
  ofFolder(folder: string): string {
    return dependsOnFile(folder);
  }

  @cacheOnDisk({ ignore: 'arguments' })
  ofFuture(folder: string): string {
    dependsOnFile(folder);
    mkdirSync(folder);
    return folder;
  }

  @cacheOnDisk
  image(): Image {
    return new Image(3);
  }

  @cacheOnDisk({ mutation: 'copy' })
  fickle(): Fickle {
    return new Fickle(5);
  }
}

describe('odd inputs', () => {
  let folder: string;
  let analysis: Analysis;
  beforeEach(() => {
    folder = temporaryFolder();
    analysis = tagIn(folder, new Analysis());
  });

  for (const [name, call] of Object.entries({ accept, revalidate, invalidate })) {
    it(`${name} refuses what is no object`, () => {
      for (const odd of [undefined, null, 5, 'analysis']) {
        expect(
          codeThrownBy(() => {
            call(odd as unknown as object);
          }),
        ).to.equal('STOWAGE_INVALID_OPTION');
      }
    });
  }

  it('a folder declared as a file breaks no method, and nothing is stored that may depend on what is in it', () => {
    expect(analysis.ofFolder(folder)).to.equal(folder);
    expect(peek(analysis, 'ofFolder', folder)).to.equal(undefined);
  });

  it('a declared file that becomes a folder breaks no method', () => {
    const path = join(folder, 'dark');
    expect(analysis.ofFuture(path)).to.equal(path);
    expect(peek(analysis, 'ofFuture', path)).to.equal(undefined);
  });

  it('a getter of a result is not triggered by what looks for its arrays', () => {
    expect(analysis.image().x).to.equal(3);
    expect(analysis.image().x).to.equal(3);
  });

  it('a codec that cannot take back what it made breaks no method', () => {
    expect(analysis.fickle().x).to.equal(5);
    expect(analysis.fickle().x).to.equal(5);
  });

  it('a DiskCacher that clears its method lets go of what was computed from it', () => {
    analysis.above();
    analysis.level = 2;
    getDiskCacher(analysis, 'base').clearCache();
    expect(analysis.above()).to.equal(3);
  });

  it('a method with a place of its own is invalidated there', () => {
    getDiskCacher(analysis, 'base').setTag('aside', 'another');
    analysis.base();
    analysis.level = 2;
    invalidate(analysis, 'base');
    expect(analysis.base()).to.equal(2);
  });

  it('a listener that calls cached methods hears what others cause, once each', () => {
    const others = listen('hit');
    let heard = 0;
    const listener = (): void => {
      heard++;
      analysis.base();
      analysis.above();
    };
    analysis.base();
    events.on('hit', listener);
    try {
      analysis.base();
    } finally {
      events.off('hit', listener);
    }
    expect(heard).to.equal(1);
    expect(others.length).to.be.greaterThan(1);
  });
});
