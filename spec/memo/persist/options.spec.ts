import { expect } from 'chai';
import { InvalidOptionError, ValidateError } from 'stowage';
import { persist, type PersistOptions, type ResultInfo } from 'stowage/memo';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('persist for who comes from joblib', () => {
  let cache: string;
  let ran: unknown[][];
  // One function, whichever options it has.
  const work = (x: number, log?: string, fresh?: boolean): number => {
    ran.push([x, log, fresh]);
    return ran.length;
  };
  beforeEach(() => {
    cache = temporaryFolder();
    ran = [];
  });
  const compute = (options: PersistOptions<[x: number, log?: string, fresh?: boolean], unknown, number>) =>
    persist(work, { ...options, cache, name: 'compute' });

  it('ignores parameters, by name or index', () => {
    for (const ignore of [['log'], [1]]) {
      const f = compute({ ignore });
      expect(f(1, 'a')).to.equal(1);
      expect(f(1, 'b')).to.equal(1);
      expect(f(1)).to.equal(1);
      expect(f(1, 'a', true)).to.equal(2);
      expect(f.cache.get([1, 'c'])).to.equal(1);
    }
    expect(ran).to.have.lengthOf(2);
  });

  it('computes anew where refresh says so, and replaces what is stored', () => {
    compute({})(1);
    expect(compute({ refresh: true })(1)).to.equal(2);
    expect(compute({ refresh: false })(1)).to.equal(2);
    expect(compute({ refresh: (x) => x > 1 })(1)).to.equal(2);
    expect(compute({ refresh: (x) => x > 0 })(1)).to.equal(3);
    const f = compute({ refresh: 'fresh' });
    expect(f(2)).to.equal(4);
    expect(f(2, undefined, true)).to.equal(5);
    expect(f(2)).to.equal(5);
    expect(f(2, undefined, false)).to.equal(5);
    expect(compute({})(1)).to.equal(3);
  });

  it('computes anew when the lifetime is over, that of then or that of now', () => {
    expect(compute({ lifetime: { days: 1 } })(1)).to.equal(1);
    expect(compute({})(1)).to.equal(1);
    expect(compute({ lifetime: 60 })(1)).to.equal(1);
    expect(compute({ lifetime: 0 })(1)).to.equal(2);
    // What was stored with a lifetime of none is over for everybody.
    expect(compute({})(1)).to.equal(3);
    expect(compute({})(1)).to.equal(3);
    expect(compute({ lifetime: 0 }).cache.has([1])).to.equal(false);
  });

  it('asks validate what it thinks of a result', () => {
    const told: ResultInfo[] = [];
    const f = compute({
      validate: (info) => {
        told.push(info);
        return told.length !== 2;
      },
    });
    expect(f(7, 'a')).to.equal(1);
    expect(f(7, 'a')).to.equal(1);
    expect(f(7, 'a')).to.equal(2);
    expect(f(7, 'a')).to.equal(2);
    expect(told).to.have.lengthOf(3);
    expect(told[0]).to.have.all.keys('computedAt', 'seconds', 'bytes', 'arguments');
    expect(told[0]?.arguments).to.equal("[ 7, 'a' ]");
    expect(Date.now() / 1000 - (told[0]?.computedAt ?? 0)).to.be.within(0, 600);
  });

  it('says of a validate that throws, or does not say, which one it is', () => {
    compute({})(1);
    const cause = new Error('no');
    const throwing = compute({
      validate: () => {
        throw cause;
      },
    });
    expect(() => throwing(1))
      .to.throw(ValidateError, 'validate of compute threw: no')
      .with.property('cause', cause);
    const late = compute({ validate: (() => Promise.resolve(false)) as never });
    expect(() => late(1)).to.throw(ValidateError, 'must return true or false at once, not a promise');
    expect(ran).to.have.lengthOf(1);
  });

  it('stores in the format that is named', () => {
    const f = persist((x: number) => x, { cache, name: 'f', codec: 'msgpack', hash: String });
    f(1);
    expect(f.reference(1).file).to.match(/\.msgpack$/);
  });

  it('refuses at once what cannot be', () => {
    const odd: [options: object, message: string][] = [
      [{ ignore: ['lgo'] }, 'log'],
      [{ ignore: 'log' }, 'ignore'],
      [{ ignore: [-1] }, '-1'],
      [{ ignore: ['log'], key: (x: number) => x }, 'key'],
      [{ refresh: 'frehs' }, 'fresh'],
      [{ refresh: {} }, 'refresh'],
      [{ lifetime: -1 }, 'lifetime'],
      [{ lifetime: 'a day' }, 'lifetime'],
      [{ codec: 'npyy' }, 'npy'],
      [{ codec: 'v8', serialize: String, deserialize: Number }, 'serialize'],
      [{ validate: true }, 'validate'],
    ];
    for (const [options, message] of odd) expect(() => compute(options), message).to.throw(InvalidOptionError, message);
  });
});
