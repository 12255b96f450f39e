/* eslint-disable @typescript-eslint/unbound-method -- getDiskCacher takes methods as they are */
import { expect } from 'chai';
import ndarray from 'ndarray';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  cacheKey,
  cacheOnDisk,
  explain,
  getDiskCacher,
  parameter,
  registerClass,
  setPrefix,
  setTag,
  setTmpdir,
  UnkeyableArgumentError,
} from 'stowage';
import { codeThrownBy, filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { changeRecord } from '../../support/values/change-record.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Answers with a number of its own for each computation, so that two calls with one answer had one identity. */
let computations = 0;

class Filter {
  constructor(readonly band: string) {}

  [cacheKey](): string {
    return this.band;
  }
}

class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
}
registerClass(Point, { name: 'identity.spec Point' });

class Hidden {
  readonly #secret = Math.random();

  reveal(): number {
    return this.#secret;
  }
}

class Target {
  @parameter
  epoch = 2000;

  @cacheOnDisk
  position(): number {
    return this.epoch;
  }
}

class Session {
  runs = 0;
  target = new Target();
  other = new Target();

  @cacheOnDisk
  of(..._args: unknown[]): number {
    this.runs++;
    return computations++;
  }

  @cacheOnDisk({ ignore: 'arguments' })
  ignoring(..._args: unknown[]): number {
    return computations++;
  }

  @cacheOnDisk({ key: (a: number, b: number) => a + b })
  bySum(_a: number, _b: number, ..._rest: unknown[]): number {
    return computations++;
  }

  @cacheOnDisk({ ignore: 'arguments', key: (a: number) => a })
  keyOverIgnore(_a: number): number {
    return computations++;
  }

  @cacheOnDisk({
    key(this: unknown) {
      return (this as Session).target.epoch;
    },
  })
  byItself(): number {
    return computations++;
  }

  @cacheOnDisk({ refresh: (again?: boolean) => again === true, ignore: 'arguments' })
  refreshed(_again?: boolean): number {
    return computations++;
  }

  @cacheOnDisk({ lifetime: 0 })
  atOnceTooOld(): number {
    return computations++;
  }

  @cacheOnDisk({ lifetime: { hours: 1 } })
  forAnHour(): number {
    return computations++;
  }

  @cacheOnDisk({ codec: 'v8' })
  forced(): Float64Array {
    return new Float64Array([computations++]);
  }

  @cacheOnDisk({ codec: 'npy' })
  forcedWrongly(): { a: number } {
    return { a: computations++ };
  }
}

/** Changes a stored record, and seals it again. */
describe('the identity of a call', () => {
  let dir: string;
  let session: Session;
  beforeEach(() => {
    dir = temporaryFolder();
    session = tagIn(dir, new Session());
  });

  /** Asks in memory and in a session of its own, forwards and backwards. */
  function expectSameCall(...calls: unknown[][]): void {
    const again = tagIn(dir, new Session());
    const first = session.of(...(calls[0] ?? []));
    for (const args of calls) {
      expect(session.of(...args)).to.deep.equal(first);
      expect(again.of(...args)).to.deep.equal(first);
    }
    expect(again.runs).to.equal(0);
  }

  function expectDifferentCalls(calls: unknown[][]): void {
    session.runs = 0;
    const first = calls.map((args) => session.of(...args));
    expect(new Set(first).size).to.equal(calls.length);
    expect(calls.map((args) => session.of(...args))).to.eql(first);
    const again = tagIn(dir, new Session());
    expect(calls.toReversed().map((args) => again.of(...args))).to.eql(first.toReversed());
    expect(session.runs).to.deep.equal(calls.length);
    expect(again.runs).to.equal(0);
  }

  describe('arguments', () => {
    it('of objects count whatever the order of properties, entries and members', () => {
      expectSameCall([{ a: 1, b: { c: 2, d: 3 } }], [{ b: { d: 3, c: 2 }, a: 1 }]);
      const entries: [string, number][] = [
        ['a', 1],
        ['b', 2],
      ];
      expectSameCall([new Map(entries), new Set([1, 2])], [new Map(entries.toReversed()), new Set([2, 1])]);
    });

    it('that are undefined at the end count where the method sees their number', () => {
      expectDifferentCalls([[2], [2, undefined], [undefined, 2], [2, undefined, 3], [2, null], [], [undefined]]);
    });

    it('that JavaScript can tell apart are told apart', () => {
      const bytes = [1, 0];
      expectDifferentCalls([
        [0],
        [-0],
        ['0'],
        [0n],
        [false],
        [null],
        [''],
        [NaN],
        [[]],
        [{}],
        [[0]],
        [[undefined]],
        [1],
        [1n],
        ['1'],
        [true],
        [bytes],
        [new Uint8Array(bytes)],
        [new Uint8ClampedArray(bytes)],
        [Buffer.from(bytes)],
        [new Int8Array(bytes)],
        [ndarray(bytes)],
        [ndarray(new Uint8Array(bytes))],
        [ndarray(new Uint8Array(bytes), [2, 1])],
        [new Set(bytes)],
        [new Map([[1, 0]])],
        [{ 1: 0 }],
        [new Date(0)],
        [new Date(NaN)],
        [/a/],
        [/a/g],
        [new URL('http://a.b')],
        [{ a: undefined }],
        [{ a: null }],
        [1, 2],
        [[1, 2]],
        [2, 1],
        ['1,2'],
        [[1], 2],
        [1, [2]],
      ]);
    });

    it('that have a [cacheKey]() are known by it and their class', () => {
      class Grism extends Filter {}
      expectSameCall([new Filter('K')], [new Filter('K')]);
      expectDifferentCalls([[new Filter('H')], [new Filter('J')], [new Grism('H')], ['H']]);
    });

    it('of registered classes are known by their fields', () => {
      expectSameCall([new Point(1, 2)], [new Point(1, 2)]);
      expectDifferentCalls([[new Point(1, 3)], [new Point(3, 1)], [{ x: 1, y: 3 }]]);
    });

    it('that are tagged analyzers are known by their place', () => {
      const again = tagIn(dir, new Session());
      const [one, two] = [session.of(session.target), session.of(session.other)];
      expect(one).not.to.equal(two);
      expect(again.of(again.target)).to.deep.equal(one);
      expect(again.of(again.other)).to.deep.equal(two);
      expect(again.of(again)).to.deep.equal(session.of(session));
    });

    it('that are tagged analyzers are known by their parameters, too', () => {
      const before = session.of(session.target);
      session.target.epoch = 2024;
      const after = session.of(session.target);
      expect(after).not.to.equal(before);
      session.target.epoch = 2000;
      expect(session.of(session.target)).to.equal(before);
      const again = tagIn(dir, new Session());
      again.target.epoch = 2024;
      expect(again.of(again.target)).to.equal(after);
    });

    it('that hide their state are refused, and nothing is computed or stored', () => {
      const refused: unknown[] = [
        () => 1,
        Symbol('s'),
        new Hidden(),
        Promise.resolve(),
        new WeakMap(),
        (function* () {
          yield 1;
        })(),
        { deep: [new Hidden()] },
        new (class extends Map {})(),
        Object.defineProperty({}, 'x', { enumerable: true, get: () => 1 }),
      ];
      const files = filesIn(dir);
      for (const argument of refused) {
        expect(() => session.of(1, argument)).to.throw(UnkeyableArgumentError, 'argument 2');
        expect(codeThrownBy(() => session.of(argument))).to.equal('STOWAGE_UNKEYABLE_ARGUMENT');
      }
      expect(session.runs).to.equal(0);
      expect(filesIn(dir)).to.eql(files);
      // Without a tag nothing needs a key.
      expect(new Session().of(new Hidden(), () => 1)).to.equal(computations - 1);
    });

    it('that hide their state reject an asynchronous method, which never throws', async () => {
      class Later {
        @cacheOnDisk
        async of(_argument: unknown): Promise<number> {
          return Promise.resolve(1);
        }
      }
      const promise = tagIn(dir, new Later()).of(Symbol('s'));
      expect(await promise.catch((error: unknown) => error)).to.be.instanceOf(UnkeyableArgumentError);
    });
  });

  describe('options', () => {
    it("ignore: 'arguments' gives one result whatever the arguments, in the file of a plain call", () => {
      const value = session.ignoring(1);
      expect(session.ignoring(2)).to.deep.equal(value);
      expect(session.ignoring()).to.deep.equal(value);
      expect(session.ignoring(() => 1)).to.deep.equal(value);
      expect(tagIn(dir, new Session()).ignoring('other')).to.equal(value);
      expect(filesIn(dir)).to.eql([join('cachenight', 'root.Session.ignoring.json')]);
    });

    it('key stands for the arguments, and is asked with the analyzer as this', () => {
      const value = session.bySum(1, 3);
      expect(session.bySum(2, 2, () => 1)).to.deep.equal(value);
      expect(session.bySum(2, 3) === value).to.equal(false);
      expect(session.keyOverIgnore(1)).not.to.equal(session.keyOverIgnore(2));
      const itself = session.byItself();
      session.target.epoch = 1950;
      expect(session.byItself()).not.to.equal(itself);
      session.target.epoch = 2000;
      expect(session.byItself()).to.equal(itself);
    });

    it('name lets method and class be renamed', () => {
      class Before {
        @cacheOnDisk({ name: 'phase' })
        phi(): number {
          return 1;
        }
      }
      class After {
        @cacheOnDisk({ name: 'phase', onCodeChange: 'ignore' })
        phase(): number {
          return 2;
        }
      }
      const top = { a: new Before() };
      tagIn(dir, top);
      expect(top.a.phi()).to.equal(1);
      expect(filesIn(dir)).to.eql([join('cachenight', 'root.a.phase.json')]);
      expect(tagIn(dir, { a: new After() }).a.phase()).to.equal(1);
    });

    it('version gives new results, and keeps the old ones', () => {
      const night = (version: string | number | undefined, value: number): number => {
        class Versioned {
          @cacheOnDisk({ onCodeChange: 'ignore', ...(version !== undefined && { version }) })
          value(): number {
            return value;
          }
        }
        return tagIn(dir, new Versioned()).value();
      };
      const versions = [undefined, 1, '1', 2, 'two'];
      for (const round of [0, 100]) {
        expect(versions.map((version, i) => night(version, i + round))).to.eql([0, 1, 2, 3, 4]);
      }
    });

    it('refresh computes and stores again', () => {
      const old = session.refreshed();
      const fresh = session.refreshed(true);
      expect(fresh).not.to.equal(old);
      expect(session.refreshed()).to.deep.equal(fresh);
      expect(tagIn(dir, new Session()).refreshed()).to.deep.equal(fresh);
    });

    it('a lifetime of nothing computes every time', () => {
      const values = [session.atOnceTooOld(), session.atOnceTooOld(), tagIn(dir, new Session()).atOnceTooOld()];
      expect(new Set(values).size).to.equal(3);
    });

    it('a result is used until its lifetime is over, in memory and on disk', () => {
      const stale = listen('stale');
      const value = session.forAnHour();
      const file = String(getDiskCacher(session, session.forAnHour).dataFile());
      expect(session.forAnHour()).to.deep.equal(value);
      expect(tagIn(dir, new Session()).forAnHour()).to.deep.equal(value);
      changeRecord(file, ({ computedAt }) => ({ computedAt: computedAt - 3500 }));
      const loaded = tagIn(dir, new Session());
      expect(loaded.forAnHour()).to.equal(value);
      changeRecord(file, ({ computedAt }) => ({ computedAt: computedAt - 200 }));
      expect(stale).to.eql([]);
      const again = tagIn(dir, new Session());
      expect(again.forAnHour()).not.to.equal(value);
      expect(stale.map(({ reason }) => reason)).to.eql(['expired']);
      expect(tagIn(dir, new Session()).forAnHour()).to.equal(again.forAnHour());
      expect(loaded.forAnHour()).to.equal(value);
    });

    it('a result that a clock made which ran ahead has no longer lifetime for it', () => {
      const stale = listen('stale');
      const value = session.forAnHour();
      const file = String(getDiskCacher(session, session.forAnHour).dataFile());
      const year = 365 * 86_400;
      changeRecord(file, ({ computedAt }) => ({ computedAt: computedAt + 30 }));
      expect(tagIn(dir, new Session()).forAnHour()).to.equal(value);
      changeRecord(file, ({ computedAt }) => ({ computedAt: computedAt + year }));
      expect(explain(tagIn(dir, new Session()), 'forAnHour').state).to.equal('expired');
      expect(tagIn(dir, new Session()).forAnHour()).not.to.equal(value);
      expect(stale.map(({ reason }) => reason)).to.eql(['expired']);
    });

    it('a result without a lifetime is used whatever clock made it', () => {
      const value = session.refreshed();
      const file = String(getDiskCacher(session, session.refreshed).dataFile());
      changeRecord(file, ({ computedAt }) => ({ computedAt: computedAt + 365 * 86_400 }));
      expect(tagIn(dir, new Session()).refreshed()).to.equal(value);
    });

    it('codec forces a format, and a value that it cannot take is returned and not stored', () => {
      const value = session.forced();
      expect(getDiskCacher(session, session.forced).dataFile()).to.match(/root\.Session\.forced\.v8$/);
      expect(tagIn(dir, new Session()).forced()).to.eql(value);
      const uncacheable = listen('uncacheable');
      expect(session.forcedWrongly()).not.to.eql(session.forcedWrongly());
      expect(uncacheable).to.have.length(2);
      expect(getDiskCacher(session, session.forcedWrongly).dataFile()).to.equal(undefined);
    });
  });

  describe('places that look alike', () => {
    class Dome {
      // Not a primitive field, a change of which would be noticed.
      readonly held: [value: number];

      constructor(value: number) {
        this.held = [value];
      }

      @cacheOnDisk
      slit(): number {
        return this.held[0];
      }
    }

    class OtherRoot {
      dome: Dome;

      constructor(value: number) {
        this.dome = new Dome(value);
      }
    }

    /** Each answer must be the analyzer's own; a later session gets what the earlier one stored, in any order. */
    function expectOwnResults(make: (value: (i: number) => number) => (() => number)[]): void {
      const first = make((i) => i);
      const expected = first.map((_, i) => i);
      expect(first.map((call) => call())).to.eql(expected);
      expect(first.map((call) => call())).to.eql(expected);
      const second = make((i) => i + 1000);
      expect(second.toReversed().map((call) => call())).to.eql(expected.toReversed());
    }

    it('two root classes on one tag have results of their own', () => {
      class OneRoot {
        dome: Dome;

        constructor(value: number) {
          this.dome = new Dome(value);
        }
      }
      expectOwnResults((value) => [
        (
          (root) => () =>
            root.dome.slit()
        )(tagIn(dir, new OneRoot(value(0)))),
        (
          (root) => () =>
            root.dome.slit()
        )(tagIn(dir, new OtherRoot(value(1)))),
        (
          (root) => () =>
            root.dome.slit()
        )(tagIn(dir, { dome: new Dome(value(2)) })),
      ]);
    });

    it('two classes of one name have results of their own, as root, as member and as parent', () => {
      const Twin = (() => {
        class Dome {
          readonly twin: [value: number];

          constructor(value: number) {
            this.twin = [value];
          }

          @cacheOnDisk
          slit(): number {
            return this.twin[0];
          }
        }
        return Dome;
      })();
      const Heir = (() => {
        class Dome extends Twin {
          @cacheOnDisk
          override slit(): number {
            return super.slit();
          }
        }
        return Dome;
      })();
      expectOwnResults((value) =>
        [Dome, Twin, Heir].flatMap((Class, i) => [
          (
            (root) => () =>
              root.slit()
          )(tagIn(dir, new Class(value(2 * i)))),
          (
            (root) => () =>
              root.dome.slit()
          )(tagIn(dir, { dome: new Class(value(2 * i + 1)) })),
        ]),
      );
    });

    it('a class that extends one of its own name has results beside those of its parent', () => {
      const Twice = (() => {
        class Base {
          @cacheOnDisk
          value(): number {
            return 1;
          }
        }
        const Parent = Base;
        {
          class Base extends Parent {
            @cacheOnDisk
            override value(): number {
              return super.value() + 10;
            }
          }
          return Base;
        }
      })();
      expect([new Twice(), new Twice()].map((root) => tagIn(dir, root).value())).to.eql([11, 11]);
      expect(filesIn(dir)).to.have.length(2);
    });

    it('a prefix and a tag that run together have results of their own', () => {
      expectOwnResults((value) =>
        (
          [
            ['cache', '2024'],
            ['cache2', '024'],
            ['c', 'ache2024'],
          ] as const
        ).map(([prefix, tag], i) => {
          const dome = tagIn(dir, new Dome(value(i)), tag);
          setPrefix(dome, prefix);
          return () => dome.slit();
        }),
      );
      expect(new Set(filesIn(dir).map((file) => file.split('/')[0]))).to.eql(new Set(['cache2024']));
    });

    it('tags that a disk takes for one have results of their own', () => {
      // A link stands for a disk that cannot tell NIGHT1 from night1; it lies outside of the shared temporary folder,
      // where links are refused.
      const disk = join(dir, 'disk');
      mkdirSync(join(disk, 'cachenight1'), { recursive: true });
      symlinkSync('cachenight1', join(disk, 'cacheNIGHT1'));
      const before = process.env.TMPDIR;
      process.env.TMPDIR = join(dir, 'elsewhere');
      try {
        expectOwnResults((value) =>
          ['night1', 'NIGHT1'].map((tag, i) => {
            const dome = tagIn(disk, new Dome(value(i)), tag);
            return () => dome.slit();
          }),
        );
      } finally {
        if (before === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = before;
      }
      expect(filesIn(join(disk, 'cachenight1'))).to.have.length(2);
    });

    it('keys of a Map, properties, elements and members have results of their own', () => {
      const keys: unknown[] = [
        1,
        '1',
        1n,
        true,
        'true',
        'a.b',
        'a',
        null,
        'null',
        undefined,
        NaN,
        'NaN',
        0.5,
        '',
        '#0',
        'tip',
        '["tip"]',
        '../../x',
        '\0',
        '%',
        'é',
        'e\u0301',
        '\ud800',
        Symbol('s'),
        {},
      ];
      expectOwnResults((value) => {
        let i = 0;
        const next = (): Dome => new Dome(value(i++));
        const map = Object.assign(new Map(keys.map((key) => [key, next()])), {
          tip: next(),
          '1': next(),
          '["tip"]': next(),
        });
        const object = { a: { b: next() }, 'a.b': next(), '[1]': next(), '#0': next() };
        const array = [next(), next()];
        const set = new Set([next(), next()]);
        tagIn(dir, { map, object, array, set });
        const onMap = [...map.values(), map.tip, map['1'], map['["tip"]']];
        const onObject = [object.a.b, object['a.b'], object['[1]'], object['#0']];
        return [...onMap, ...onObject, ...array, ...set]
          .sort((a, b) => a.held[0] - b.held[0])
          .map((dome) => () => dome.slit());
      });
    });

    it('another tag or tmpdir has results of its own', () => {
      const other = temporaryFolder();
      expectOwnResults((value) => {
        const dome = tagIn(dir, new Dome(value(0)), 'one');
        const elsewhere = tagIn(other, new Dome(value(1)), 'one');
        const two = tagIn(dir, new Dome(value(2)), 'two');
        return [dome, elsewhere, two].map((each) => () => each.slit());
      });
      const dome = new Dome(7);
      setTmpdir(dome, other);
      setTag(dome, 'one');
      expect(dome.slit()).to.equal(1);
      tagIn(dir, dome, 'two');
      expect(dome.slit()).to.equal(2);
    });
  });
});
