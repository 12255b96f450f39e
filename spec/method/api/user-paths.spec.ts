import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import {
  adopt,
  Analyzer,
  AnalyzerSet,
  cacheOnDisk,
  dependsOnFile,
  getDiskCacher,
  setLogfile,
  setTag,
  setTmpdir,
  verify,
} from 'stowage';
import { Cache, Deque, FanoutCache, Index } from 'stowage/kv';
import { getCacheManager } from 'stowage/manager';
import { Bucket, persist } from 'stowage/memo';
import { codeThrownBy } from '../../support/analyses/analysis.js';
import { stowage } from '../../support/output/command-line.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Camera {
  constructor(private readonly file = '') {}

  @cacheOnDisk
  image(): number {
    return dependsOnFile(this.file).length;
  }
}

class Night extends Analyzer {
  @cacheOnDisk
  seeing(): number {
    return 1;
  }
}

/** Every place that takes a folder or a file; each makes, or finds, one of the given name. */
const places: Readonly<Record<string, (path: string | URL) => unknown>> = {
  setTmpdir(path) {
    const camera = new Camera('x');
    setTmpdir(camera, path);
    setTag(camera, 't');
    return camera.image();
  },
  'DiskCacher.setTmpdir'(path) {
    const camera = new Camera('x');
    setTag(camera, 't');
    getDiskCacher(camera, 'image').setTmpdir(path);
    return camera.image();
  },
  setLogfile(path) {
    setLogfile(path)();
  },
  Analyzer: (path) => Night.get('t', { tmpdir: path }).seeing(),
  AnalyzerSet: (path) => new AnalyzerSet(Night, ['u'], { tmpdir: path }).get('u').seeing(),
  persist: (path) => persist({ cache: path, name: 'f' })((n: number) => n + 1)(1),
  Bucket: (path) => new Bucket(path).set('a', 1),
  getCacheManager: (path) => {
    mkdirSync(getCacheManager(randomUUID(), { baseFolder: path }).folder, { recursive: true });
  },
  Cache(path) {
    using cache = new Cache(path);
    cache.set('a', 1);
  },
  FanoutCache(path) {
    using cache = new FanoutCache(path, { shards: 1 });
    cache.set('a', 1);
  },
  Deque(path) {
    using deque = new Deque([1], { directory: path });
    deque.append(2);
  },
  Index(path) {
    using index = new Index(path);
    index.set('a', 1);
  },
};

describe('a path', () => {
  let home: string;
  const before = process.env.HOME;
  beforeEach(() => {
    home = temporaryFolder();
    process.env.HOME = home;
  });
  afterEach(() => {
    process.env.HOME = before;
    expect(existsSync('~')).to.equal(false);
    expect(existsSync('file:')).to.equal(false);
  });

  for (const [name, use] of Object.entries(places)) {
    it(`that ${name} is given lies in the home folder where it begins with ~`, () => {
      use('~/here');
      expect(readdirSync(home)).to.deep.equal(['here']);
    });

    it(`that ${name} is given as a file URL, in text or as an object, is that path`, () => {
      use(pathToFileURL(join(home, 'as object')));
      use(pathToFileURL(join(home, 'as text')).href);
      expect(readdirSync(home).sort()).to.deep.equal(['as object', 'as text']);
    });

    it(`that ${name} is given as a URL of another kind is refused`, () => {
      expect(() => use('https://example.org/x'))
        .to.throw(Error)
        .with.property('code')
        .that.matches(/^STOWAGE_INVALID_/);
    });
  }

  it('of a declared file is the one that fs can read', () => {
    writeFileSync(join(home, 'dark.txt'), '17');
    expect(dependsOnFile('~/dark.txt')).to.equal(join(home, 'dark.txt'));
    expect(dependsOnFile(pathToFileURL(join(home, 'dark.txt')).href)).to.equal(join(home, 'dark.txt'));
    expect(dependsOnFile('dark.txt')).to.equal('dark.txt');
    const camera = new Camera('~/dark.txt');
    setTmpdir(camera, home);
    setTag(camera, 't');
    camera.image();
    writeFileSync(join(home, 'dark.txt'), '18');
    const again = new Camera('~/dark.txt');
    setTmpdir(again, home);
    setTag(again, 't');
    expect(getDiskCacher(again, 'image').dataFile()).to.contain('root.Camera.image');
  });

  it('of a folder to verify or adopt is taken in each form', async () => {
    places.setTmpdir?.(home);
    const folder = join(home, 'cachet');
    for (const form of ['~/cachet', pathToFileURL(folder), pathToFileURL(folder).href]) {
      expect((await verify(form)).folder).to.equal(folder);
      expect((await adopt(form)).folder).to.equal(folder);
    }
    expect(await verify('s3://bucket').catch((error: unknown) => (error as { code: string }).code)).to.equal(
      'STOWAGE_INVALID_OPTION',
    );
  });

  it('on the command line or in the environment is taken in each form', async () => {
    places.setTmpdir?.(join(home, 'results'));
    for (const form of ['~/results', pathToFileURL(join(home, 'results')).href]) {
      const asOption = await stowage(['ls', `--tmpdir=${form}`]);
      const asVariable = await stowage(['ls'], { env: { STOWAGE_TMPDIR: form } });
      for (const { code, stdout } of [asOption, asVariable]) {
        expect(stdout).to.match(/^t /m);
        expect(code).to.equal(0);
      }
      expect((await stowage(['show', `${form}/cachet/root.Camera.image.json`])).code).to.equal(0);
      expect((await stowage(['adopt', `${form}/cachet`])).stdout).to.include(
        `${join(home, 'results', 'cachet')}: 0 adopted`,
      );
    }
    const refused = await stowage(['ls'], { env: { STOWAGE_TMPDIR: 's3://bucket' } });
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.include('is no path of a folder, and no file: URL');
  });

  it('that setTmpdir refuses has the code of a bad tag', () => {
    expect(
      codeThrownBy(() => {
        setTmpdir(new Camera(), 's3://bucket');
      }),
    ).to.equal('STOWAGE_INVALID_TAG');
  });
});
