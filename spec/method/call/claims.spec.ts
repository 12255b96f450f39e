import { expect } from 'chai';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { cacheOnDisk, clearCache, configure, CycleError, events, getDiskCacher, setTag, setTmpdir } from 'stowage';
import { claimFileOf } from '#lib/store/claim/claim-file.js';
import { placeOf } from '#lib/store/disk/place.js';
import type { Identity } from '#lib/store/record/identity.js';
import { eventually, Night, Stage } from '../../support/analyses/claim-night.js';
import { Peer, type Request } from '../../support/children/claim-peer.js';
import { computeOnce, killTheOwner } from '../../support/children/claim-rounds.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** The files of a tag, without its mark. */
function filesIn(tmpdir: string, tag = 'night1'): string[] {
  const folder = `${tmpdir}/cache${tag}`;
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name !== 'CACHEDIR.TAG')
        .sort()
    : [];
}

describe('claims between processes', () => {
  const peers: Peer[] = [];
  let stage: Stage;
  let tmpdir: string;
  const request = (method: Request['method'], more: Partial<Request> = {}): Request => ({
    stage: stage.folder,
    tmpdir,
    tag: 'night1',
    method,
    ...more,
  });

  before(async () => {
    peers.push(...(await Promise.all(Array.from({ length: 8 }, () => Peer.process()))));
  });
  beforeEach(() => {
    stage = new Stage(temporaryFolder());
    tmpdir = temporaryFolder();
  });
  after(async () => {
    await Promise.all(peers.map((peer) => peer.kill()));
  });

  for (const method of ['slow', 'slowly'] as const) {
    it(`let one of eight processes compute, and give all its value (${method})`, async () => {
      await computeOnce(peers, method, tmpdir, stage);
      expect(filesIn(tmpdir)).to.deep.equal([`root.Night.${method}.json`, `root.Night.${method}.npy`]);
    });

    it(`let exactly one take over from an owner that is killed, within a second (${method})`, async () => {
      const times: number[] = [];
      for (let round = 0; round < 5; round++) {
        const folder = temporaryFolder();
        times.push(await killTheOwner(peers, () => Peer.process(), method, folder, new Stage(temporaryFolder())));
        expect(filesIn(folder)).to.deep.equal([`root.Night.${method}.json`, `root.Night.${method}.npy`]);
      }
      // The quickest: a machine that is busy with something else may hold up any one of them.
      expect(Math.min(...times)).to.be.lessThan(1);
    });
  }

  it('let those who wait for one that throws compute at once, in parallel', async () => {
    const answers = peers.slice(0, 4).map((peer, n) => peer.call(request('failsFirst', { waits: `waits${n}` })));
    await eventually('three to wait', () => [0, 1, 2, 3].filter((n) => stage.isOpen(`waits${n}`)).length === 3);
    expect(stage.runs).to.have.length(1);
    stage.open('gate');
    const all = await Promise.all(answers);
    expect(all.filter(({ error }) => error !== undefined).map(({ error }) => error?.message)).to.deep.equal(['clouds']);
    expect(all.filter(({ value }) => value === 7)).to.have.length(3);
    expect(filesIn(tmpdir).join())
      .to.match(/\.json/)
      .and.not.match(/\.claim/);
  });

  it('are waited for no longer than claimWait', async () => {
    const [one, other] = peers as [Peer, Peer];
    const first = one.call(request('slow'));
    await eventually('the first', () => stage.runs.length === 1);
    const second = other.call(request('slow', { claimWait: 0.3 }));
    await eventually('the second', () => stage.runs.length === 2);
    stage.open('gate');
    expect((await second).seconds).to.be.greaterThan(0.29);
    expect((await second).events).to.deep.equal(['miss: missing', 'store: ']);
    await first;
    expect(filesIn(tmpdir).join())
      .to.match(/\.npy/)
      .and.not.match(/\.claim/);
  });

  it('are waited for asleep, and it is said who holds them when that takes more than a second', async () => {
    const [one, other] = peers as [Peer, Peer];
    const first = one.call(request('slow'));
    await eventually('the first', () => stage.runs.length === 1);
    const second = other.call(request('slow', { waits: 'gate' }));
    const { events: told, seconds, cpu, value } = await second;
    expect(told).to.have.length(2);
    expect(told[0]).to.match(new RegExp(`^wait: held by .+, process ${one.id}, since 20\\d\\d-.*Z$`));
    expect(told[1]).to.equal('hit: disk');
    expect(seconds).to.be.greaterThan(1);
    // One that asks again and again without a pause takes all of it.
    expect(cpu).to.be.lessThan(seconds / 2);
    expect(value).to.deep.equal((await first).value);
  });

  it('are not made where the method opts out', async () => {
    const answers = peers.slice(0, 2).map((peer) => peer.call(request('unclaimed')));
    await eventually('both to compute', () => stage.runs.length === 2);
    stage.open('gate');
    await Promise.all(answers);
  });

  it('never deadlock nested and concurrent calls', async () => {
    const answers = await Promise.all(peers.slice(0, 4).map((peer, n) => peer.call(request('total', { argument: n }))));
    const sums = 4 * 28 + 6;
    expect(answers.map(({ value, error }) => error?.message ?? value)).to.deep.equal([sums, sums, sums, sums]);
    const runs = stage.runs.map(({ method }) => method);
    expect(runs.sort()).to.deep.equal([...new Set(runs)].sort());
    expect(runs).to.have.length(12);
  });

  it('make a circle between two processes an error, not a hang', async () => {
    const [one, other] = peers as [Peer, Peer];
    const answers = await Promise.all([one.call(request('left')), other.call(request('right'))]);
    expect(answers.map(({ error }) => error?.name)).to.deep.equal(['CycleError', 'CycleError']);
  });

  it('of a dead process go when the cache is cleared, and those of a living one stay', async () => {
    const [one, other] = peers as [Peer, Peer];
    const dead = one.call(request('slow')).catch(() => undefined);
    const alive = other.call(request('slowly'));
    await eventually('both to compute', () => stage.runs.length === 2);
    await one.kill();
    await dead;
    peers[0] = await Peer.process();
    const claimed = (): string[] =>
      filesIn(tmpdir)
        .map((name) => name.replace(/~.*\./, '~.'))
        .sort();
    expect(claimed()).to.deep.equal(['root.Night.slow~.claim', 'root.Night.slowly~.claim'].sort());
    const night = tagged();
    clearCache(night);
    expect(claimed()).to.deep.equal(['root.Night.slowly~.claim']);
    stage.open('gate');
    await alive;
  });

  function tagged(): Night {
    const night = new Night(stage.folder);
    setTag(night, 'night1');
    setTmpdir(night, tmpdir);
    return night;
  }

  describe('and within one', () => {
    it('let another instance of the same entry wait and load the value', async () => {
      const [one, other] = [tagged(), tagged()];
      const values = [one.slowly(), other.slowly()];
      await eventually('the computation', () => stage.runs.length > 0);
      stage.open('gate');
      const [first, second] = await Promise.all(values);
      expect(first).to.deep.equal(second);
      expect(stage.runs).to.have.length(1);
    });

    it('let another instance compute where the value could not be stored, and leave nothing behind', async () => {
      const values = [tagged().uncacheable(), tagged().uncacheable()];
      stage.open('gate');
      for (const value of await Promise.all(values)) expect(value()).to.equal(1);
      expect(stage.runs).to.have.length(2);
      await eventually('the mark to go', () => filesIn(tmpdir).length === 0);
    });

    it('never let a thread sleep for what it holds itself', async () => {
      class Both {
        runs = 0;
        /** Says that it is async by its promise alone, so that a call begins synchronously. */
        @cacheOnDisk
        value(): Promise<number> {
          this.runs++;
          return gate.then(() => 5);
        }
      }
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      const [one, other] = [new Both(), new Both()];
      for (const each of [one, other]) {
        setTag(each, 'night1');
        setTmpdir(each, tmpdir);
      }
      const values = [one.value(), other.value()];
      open();
      expect(await Promise.all(values)).to.deep.equal([5, 5]);
      expect(one.runs).to.equal(1);
      expect(other.runs).to.equal(1);
    });

    it('let a method call itself on another instance of the same entry', () => {
      class Nested {
        inner: Nested | undefined;
        @cacheOnDisk
        depth(): number {
          return this.inner === undefined ? 1 : 1 + this.inner.depth();
        }
      }
      const make = (): Nested => {
        const nested = new Nested();
        setTag(nested, 'night1');
        setTmpdir(nested, tmpdir);
        return nested;
      };
      const outer = make();
      const inner = make();
      // Behind a getter the walk does not find it: it stays a root.
      Object.defineProperty(outer, 'inner', { get: () => inner });
      expect(outer.depth()).to.equal(2);
    });

    it('make a circle between two instances an error, not a hang', async () => {
      let both = 0;
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      const meet = async (): Promise<void> => {
        if (++both === 2) open();
        await gate;
      };
      class Circle {
        @cacheOnDisk
        async one(): Promise<number> {
          await meet();
          return this.two();
        }
        @cacheOnDisk
        async two(): Promise<number> {
          await meet();
          return this.one();
        }
      }
      const [first, second] = [new Circle(), new Circle()];
      for (const each of [first, second]) {
        setTag(each, 'night1');
        setTmpdir(each, tmpdir);
      }
      for (const result of await Promise.allSettled([first.one(), second.two()])) {
        expect(result).to.have.property('status', 'rejected');
        expect((result as PromiseRejectedResult).reason).to.be.instanceOf(CycleError);
      }
    });

    it('let those who joined a call that was aborted call again', async () => {
      class Fetching {
        runs = 0;
        @cacheOnDisk({ key: (n: number) => n })
        async get(n: number, signal?: AbortSignal): Promise<number> {
          this.runs++;
          await new Promise<void>((resolve, reject) => {
            if (signal === undefined) resolve();
            else
              signal.addEventListener('abort', () => {
                reject(signal.reason as Error);
              });
          });
          return n;
        }
      }
      for (const reason of [undefined, new Error('enough')]) {
        const fetching = new Fetching();
        setTag(fetching, reason === undefined ? 'a' : 'b');
        setTmpdir(fetching, tmpdir);
        const controller = new AbortController();
        const leader = fetching.get(4, controller.signal).catch((error: unknown) => error);
        const joined = [fetching.get(4), fetching.get(4)];
        await eventually('the leader', () => fetching.runs === 1);
        controller.abort(reason);
        expect(await leader).to.equal(controller.signal.reason);
        expect(await Promise.all(joined)).to.deep.equal([4, 4]);
        expect(fetching.runs).to.equal(2);
      }
    });

    it('are neither made nor minded while nothing may be written', async () => {
      configure({ readonly: true });
      try {
        stage.open('gate');
        await tagged().slowly();
        expect(filesIn(tmpdir)).to.deep.equal([]);
      } finally {
        configure({ readonly: false });
      }
    });

    it('do not break a method whose claim cannot be made', () => {
      const night = tagged();
      stage.open('gate');
      night.slow();
      const record = readFileSync(`${getDiskCacher(night, 'slow').fullpath()}.json`, 'utf8');
      const { identity } = JSON.parse(record) as { identity: Identity };
      const claimed = claimFileOf(placeOf(tmpdir, identity));
      clearCache(night);
      mkdirSync(claimed, { recursive: true });
      const told: string[] = [];
      const listen = (): number => told.push('fault');
      events.on('fault', listen);
      expect(night.slow()[1]).to.equal(2);
      events.off('fault', listen);
      expect(told).to.deep.equal([]);
      expect(existsSync(getDiskCacher(night, 'slow').dataFile() ?? '')).to.equal(true);
    });
  });
});

describe('claims between threads', () => {
  for (const method of ['slow', 'slowly'] as const) {
    it(`let one of eight threads compute, also after one is terminated (${method})`, async () => {
      const threads = await Promise.all(Array.from({ length: 8 }, () => Peer.thread()));
      try {
        await computeOnce(threads, method, temporaryFolder(), new Stage(temporaryFolder()));
        await killTheOwner(threads, () => Peer.thread(), method, temporaryFolder(), new Stage(temporaryFolder()));
      } finally {
        await Promise.all(threads.map((thread) => thread.kill()));
      }
    });
  }
});
