import { expect } from 'chai';
import { InvalidOptionError } from 'stowage';
import { Cache } from 'stowage/kv';
import { throttle, type ThrottleOptions, type Wrapped } from 'stowage/recipe';
import { rejection } from '../support/values/rejection.js';
import { requireDiskcache, runPython } from '../support/peers/numpy.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const IN_PYTHON = `
import json, sys
from diskcache import Cache, throttle
given = json.load(sys.stdin)
cache = Cache(given['directory'])
times = []
now = given['now']
def sleep(seconds):
    global now
    now += seconds
call = throttle(cache, 4, 2, name='shared', time_func=lambda: now, sleep_func=sleep)(lambda: times.append(now))
if 'stored' in given:
    cache.set('shared', tuple(given['stored']))
for _ in range(given['calls']):
    call()
json.dump([times, cache.get('shared')], sys.stdout)
`;

describe('throttle', () => {
  let cache: Cache;
  /** Seconds. */
  let time: number;
  let times: number[];
  let world: ThrottleOptions;

  beforeEach(() => {
    cache = new Cache(temporaryFolder());
    time = 1000;
    times = [];
    world = { name: 'shared', clock: { now: () => time, sleep: (seconds) => void (time += seconds) } };
  });
  afterEach(() => {
    cache.close();
  });

  /** A function that notes when it is called, 4 times in 2 seconds. */
  function throttled(options: ThrottleOptions = {}): Wrapped<() => void> {
    return throttle(cache, 4, 2, { ...world, ...options })(() => void times.push(time));
  }

  it('lets as many calls through at once as it says, and then one in each part of the time', () => {
    const call = throttled();
    for (let number = 0; number < 7; number++) call();
    expect(times).to.deep.equal([1000, 1000, 1000, 1000, 1000.5, 1001, 1001.5]);
  });

  it('lets no more calls through at once after a quiet time', () => {
    const call = throttled();
    call();
    time += 3600;
    for (let number = 0; number < 5; number++) call();
    expect(times.slice(1)).to.deep.equal([4600, 4600, 4600, 4600, 4600.5]);
  });

  it('counts all functions of a name, those of a process that begins later too', () => {
    const first = throttled();
    for (let number = 0; number < 4; number++) first();
    throttled()();
    throttled({ name: 'another' })();
    expect(times.slice(4)).to.deep.equal([1000.5, 1000.5]);
  });

  it('hands on this, arguments, result and error', () => {
    const scale = {
      by: 3,
      times: throttle(
        cache,
        10,
        1,
      )(function times(this: { by: number }, number: number) {
        if (number < 0) throw new RangeError('negative');
        return this.by * number;
      }),
    };
    expect(scale.times(4)).to.equal(12);
    expect(() => scale.times(-1)).to.throw(RangeError);
    expect(scale.times.name).to.equal('times');
    expect(scale.times.length).to.equal(1);
    expect(scale.times.wrapped.call({ by: 2 }, 4)).to.equal(8);
    expect(cache.has('times')).to.equal(true);
  });

  it('lets calls of an async function wait in the order in which they came, without blocking', async () => {
    const order: number[] = [];
    const waits: number[] = [];
    const sleep = async (seconds: number): Promise<void> => {
      await Promise.resolve();
      waits.push(seconds);
      time += seconds;
    };
    const call = throttle(cache, 2, 2, { ...world, clock: { now: () => time, sleep }, async: true })((number: number) =>
      Promise.resolve(order.push(number)),
    );
    await Promise.all([0, 1, 2, 3, 4].map(call));
    expect(order).to.deep.equal([0, 1, 2, 3, 4]);
    expect(waits).to.deep.equal([1, 1, 1]);
  });

  it('lets later calls through though one has failed', async () => {
    const call = throttle(cache, 2, 1, { name: 'failing' })(async (fails: boolean) => {
      await Promise.resolve();
      if (fails) throw new Error('inside');
      return 'done';
    });
    const [failing, next] = [call(true), call(false)];
    expect((await rejection(failing)).message).to.equal('inside');
    expect(await next).to.equal('done');
  });

  it('sleeps by itself, in the thread and without it', async () => {
    const start = performance.now();
    const call = throttle(cache, 1, 0.02, { name: 'real' })(() => undefined);
    const later = throttle(
      cache,
      1,
      { milliseconds: 20 },
      { name: 'real', async: true },
    )(() => Promise.resolve('later'));
    call();
    call();
    expect(performance.now() - start).to.be.at.least(15);
    expect(await later()).to.equal('later');
    expect(performance.now() - start).to.be.at.least(30);
  });

  it('gives and takes nothing where the clock is set back', () => {
    const call = throttled();
    for (let number = 0; number < 4; number++) call();
    time = 500;
    call();
    expect(times[4]).to.equal(500.5);
  });

  it('is stored as Python stores it, and expires and is tagged as told', () => {
    const call = throttled({ expire: 60, tag: 'rates' });
    call();
    call();
    expect(cache.getItem('shared')).to.deep.include({ value: [1000, 2], tag: 'rates' });
    expect(cache.getItem('shared')?.expireTime).to.be.above(Date.now() / 1000);
  });

  it('is shared with Python', function () {
    const python = requireDiskcache(this, 'a throttle shared with Python');
    const call = throttled();
    for (let number = 0; number < 3; number++) call();
    const given = { directory: cache.directory, now: time, calls: 2, stored: cache.get('shared') };
    expect(runPython(python, IN_PYTHON, given)).to.deep.equal([
      [1000, 1000.5],
      [1000.5, 0],
    ]);
    time = 1000.5;
    call();
    expect(times.at(-1)).to.equal(1001);
  });

  it('refuses at once what is no rate, a function without name, and a sleep that does not', () => {
    for (const count of [0, 0.5, -1, NaN, Infinity])
      expect(() => throttle(cache, count, 1), String(count)).to.throw(InvalidOptionError, 'count');
    for (const seconds of [0, -1, NaN, Infinity])
      expect(() => throttle(cache, 1, seconds), String(seconds)).to.throw(InvalidOptionError, 'seconds');
    expect(() => throttle(cache, 1, 1)(() => undefined)).to.throw(InvalidOptionError, 'name');
    const call = throttled({ clock: { now: () => time, sleep: async () => Promise.resolve() } });
    for (let number = 0; number < 4; number++) call();
    expect(call).to.throw(InvalidOptionError, 'async');
    expect(times).to.have.length(4);
  });
});
