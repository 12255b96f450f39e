import { join } from 'node:path';
import { expect } from 'chai';
import {
  AnalyzerSet,
  Analyzer,
  cacheOnDisk,
  configure,
  dependsOn,
  events,
  explain,
  getDiskCacher,
  invalidate,
  peek,
  record,
  setLogfile,
} from 'stowage';
import { Cache } from 'stowage/kv';
import { PersistentCache } from 'stowage/manager';
import { Bucket, persist } from 'stowage/memo';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Camera {
  @cacheOnDisk
  image(): number {
    return 1;
  }

  notCached(): number {
    return 2;
  }
}

class Night extends Analyzer {
  seeing = 1;
}

describe('a mistyped name is answered with the one that was meant:', () => {
  let dir: string;
  let camera: Camera;
  beforeEach(() => {
    dir = temporaryFolder();
    camera = tagIn(dir, new Camera());
  });

  /** What TypeScript would refuse. */
  const plain = (value: object): never => value as never;

  const slips: [what: string, typed: () => unknown, meant: string][] = [
    ['a method by hand', () => cacheOnDisk(Camera.prototype, 'imgae'), 'image'],
    ['explain', () => explain(camera, 'imgae' as string), 'image'],
    ['peek', () => peek(camera, 'Image' as string), 'image'],
    ['record', () => record(camera, 'imag' as string), 'image'],
    [
      'invalidate',
      () => {
        invalidate(camera, 'imagee' as string);
      },
      'image',
    ],
    ['getDiskCacher', () => getDiskCacher(camera, 'iamge'), 'image'],
    [
      'dependsOn',
      () => {
        dependsOn(camera, 'imgae' as string);
      },
      'image',
    ],
    ['an event', () => events.on('stroe' as 'store', () => undefined), 'store'],
    ['an option of cacheOnDisk', () => cacheOnDisk(plain({ lifetme: 1 })), 'lifetime'],
    ['a word of an option', () => cacheOnDisk(plain({ onCodeChange: 'recompue' })), 'recompute'],
    ['a codec', () => cacheOnDisk(plain({ codec: 'nyp' })), 'npy'],
    ['a unit of time', () => cacheOnDisk(plain({ lifetime: { day: 1 } })), 'days'],
    [
      'an option of configure',
      () => {
        configure(plain({ claimwait: 1 }));
      },
      'claimWait',
    ],
    ['a level of the log file', () => setLogfile(join(dir, 'log'), plain({ level: 'wran' })), 'warn'],
    ['an option of persist', () => persist(plain({ chache: 'x' })), 'cache'],
    ['a codec of a Bucket', () => new Bucket(dir, plain({ codec: 'msgpak' })), 'msgpack'],
    [
      'a parameter of a wrapped function',
      () => new Bucket(dir).wrap((exposure: number) => exposure, { ignore: ['expsure'] }),
      'exposure',
    ],
    ['an option of a managed cache', () => new PersistentCache('c', plain({ lodaer: () => 1 })), 'loader'],
    ['an option of a kv cache', () => new Cache(dir, plain({ cullLimt: 3 })), 'cullLimit'],
    [
      'an eviction policy',
      () => new Cache(dir, plain({ evictionPolicy: 'least-recently-use' })),
      'least-recently-used',
    ],
    ['an option of a look-up', () => new Cache(dir).set('a', 1, plain({ expires: 1 })), 'expire'],
    ['a tag of a set', () => new AnalyzerSet(Night, ['night1', 'dusk']).get('nihgt1'), 'night1'],
  ];
  for (const [what, typed, meant] of slips) {
    it(what, () => {
      expect(typed).to.throw(Error, `(did you mean '${meant}'?)`);
    });
  }

  it('a method that is not cached is told from one that is not there', () => {
    expect(() => explain(camera, 'notCached')).to.throw(
      'notCached of Camera is not a cached method: it has image; decorate it',
    );
  });
});
