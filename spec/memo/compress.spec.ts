import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ndarray, { type NdArray } from 'ndarray';
import { cacheOnDisk, configure, events, forget, getDiskCacher, InvalidOptionError, record, verify } from 'stowage';
import { bestMethod, EXTENSIONS } from '#lib/codec/press/methods.js';
import { persist } from 'stowage/memo';
import { listen, tagIn } from '../support/analyses/analysis.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let ran = 0;

class Camera {
  @cacheOnDisk({ compress: true })
  image(side: number): Float32Array {
    ran++;
    return new Float32Array(side * side).fill(side);
  }

  @cacheOnDisk({ compress: 9, mutation: 'copy' })
  cube(): NdArray<Float64Array> {
    ran++;
    return ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3], [1, 2]);
  }

  @cacheOnDisk({ compress: 'gzip' })
  names(): Map<string, string> {
    ran++;
    return new Map([['a', 'b'.repeat(10_000)]]);
  }

  @cacheOnDisk({ compress: true })
  small(): number {
    ran++;
    return 3;
  }

  @cacheOnDisk
  plain(): Float32Array {
    ran++;
    return new Float32Array(1000);
  }
}

const file = (camera: Camera, method: 'cube' | 'names' | 'small' | 'plain'): string | undefined =>
  getDiskCacher(camera, method).dataFile();

describe('results that are compressed', () => {
  let folder: string;
  let camera: Camera;
  beforeEach(() => {
    ran = 0;
    folder = temporaryFolder();
    camera = tagIn(folder, new Camera());
  });

  it('come back as they were, each from a format of its kind', () => {
    const [image, cube, names, small] = [camera.image(300), camera.cube(), camera.names(), camera.small()];
    forget(camera);
    expect(camera.image(300)).to.deep.equal(image);
    expect(camera.image(300).buffer.byteLength).to.equal(360_000);
    expect([camera.cube(), camera.cube()].map(({ stride, shape }) => [stride, shape])).to.deep.equal([
      [cube.stride, cube.shape],
      [cube.stride, cube.shape],
    ]);
    expect(camera.names()).to.deep.equal(names);
    expect(camera.small()).to.equal(small);
    expect(ran).to.equal(4);
    expect(record(camera, 'image', 300)).to.include({ codec: 'npz', plainBytes: 360_128, dtype: '<f4' });
    expect(record(camera, 'image', 300)?.bytes).to.be.lessThan(2000);
    expect(file(camera, 'cube')).to.match(/\.npz$/);
    expect(file(camera, 'names')).to.match(/\.gz$/);
    expect(file(camera, 'small')).to.match(/\.json$/);
  });

  it('are computed again where their file is damaged, and that is said', () => {
    camera.cube();
    const path = file(camera, 'cube') as string;
    const corrupt = listen('corrupt');
    for (const harm of [
      () => {
        truncateSync(path, 50);
      },
      () => {
        writeFileSync(path, 'x'.repeat(readFileSync(path).length));
      },
    ]) {
      harm();
      forget(camera);
      expect(camera.cube().get(1, 2)).to.equal(6);
    }
    expect(ran).to.equal(3);
    expect(corrupt).to.have.lengthOf(2);
  });

  it('are what verify knows, and no stranger is left', async () => {
    camera.cube();
    camera.names();
    expect((await verify(camera)).findings).to.deep.equal([]);
  });

  it('may be the default of all methods, beside those that are there', () => {
    camera.plain();
    configure({ compress: { method: 'brotli', level: 5 } });
    try {
      forget(camera);
      camera.plain();
      expect(file(camera, 'plain')).to.match(/\.npy$/);
      const other = tagIn(folder, new Camera(), 'another');
      other.plain();
      expect(file(other, 'plain')).to.match(/\.npz$/);
    } finally {
      configure({ compress: false });
    }
    expect(ran).to.equal(2);
  });

  it('of functions, with a serializer and without', () => {
    const array = persist((side: number) => new Float64Array(side), { cache: folder, name: 'array', compress: true });
    const table = persist((side: number) => new Map([[side, 'a'.repeat(5000)]]), {
      cache: folder,
      name: 'table',
      compress: true,
      codec: 'v8',
    });
    const text = persist((side: number) => 'a'.repeat(side), {
      cache: folder,
      name: 'text',
      compress: true,
      serialize: (value) => `<${value}>`,
      deserialize: (stored: string) => stored.slice(1, -1),
    });
    const inMemory = persist((side: number) => new Float64Array(side), {
      cache: 'memory://compress',
      name: 'm',
      compress: 1,
    });
    const hits: unknown[] = [];
    const listener = (): void => {
      hits.push(1);
    };
    events.on('hit', listener);
    for (let run = 0; run < 2; run++) {
      expect(array(1000)).to.deep.equal(new Float64Array(1000));
      expect(table(3).get(3)).to.have.lengthOf(5000);
      expect(text(5000)).to.have.lengthOf(5000);
      expect(inMemory(1000)).to.deep.equal(new Float64Array(1000));
    }
    events.off('hit', listener);
    expect(hits).to.have.lengthOf(4);
    const extensions = ['array', 'table', 'text'].map((name) =>
      readdirSync(join(folder, name))
        .find((each) => !/json$|TAG$/.test(each))
        ?.replace(/^\w*\./, ''),
    );
    expect(extensions).to.deep.equal(['npz', EXTENSIONS[bestMethod()], EXTENSIONS[bestMethod()]]);
  });

  it('are refused at once where the option is none', () => {
    for (const compress of ['lz4', 11, null] as unknown as true[]) {
      expect(() => persist((x: number) => x, { compress, name: 'f' })).to.throw(
        InvalidOptionError,
        'persist: compress',
      );
      expect(() => cacheOnDisk({ compress })).to.throw(InvalidOptionError, '@cacheOnDisk: compress');
      expect(() => {
        configure({ compress });
      }).to.throw(InvalidOptionError, 'configure: compress');
    }
  });
});
