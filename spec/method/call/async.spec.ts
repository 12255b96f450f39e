import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { cacheOnDisk, clearCache, forget, getDiskCacher, setPrefix, setTag, setTmpdir, untag } from 'stowage';
import { recordedEvents } from '../../support/output/recorded-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A promise that a test settles itself. */
class Gate {
  readonly open: () => void;
  readonly passed: Promise<void>;
  constructor() {
    let open = (): void => undefined;
    this.passed = new Promise((resolve) => (open = resolve));
    this.open = open;
  }
}

class Worker {
  readonly ran: string[] = [];
  readonly box: { gate?: Gate; failure?: Error } = {};

  @cacheOnDisk
  async slow(n = 0): Promise<Float64Array> {
    this.ran.push(`slow ${n}`);
    await (this.box.gate?.passed ?? setImmediate());
    if (this.box.failure !== undefined) throw this.box.failure;
    return Float64Array.of(n);
  }

  /** Asynchronous, but not by its keyword. */
  @cacheOnDisk
  plain(): Promise<number> {
    this.ran.push('plain');
    return (this.box.gate?.passed ?? Promise.resolve()).then(() => {
      if (this.box.failure !== undefined) throw this.box.failure;
      return 5;
    });
  }

  @cacheOnDisk
  throwsAtOnce(): Promise<number> {
    this.ran.push('throwsAtOnce');
    throw this.box.failure ?? new Error('at once');
  }

  @cacheOnDisk
  synchronous(): number {
    this.ran.push('synchronous');
    return 1;
  }

  @cacheOnDisk
  recursive(): number {
    return this.recursive() + 1;
  }

  @cacheOnDisk
  async joinsItself(): Promise<number> {
    await setImmediate();
    return (await this.joinsItself()) + 1;
  }

  @cacheOnDisk
  async ping(): Promise<number> {
    await setImmediate();
    return (await this.pong()) + 1;
  }

  @cacheOnDisk
  async pong(): Promise<number> {
    await setImmediate();
    return (await this.ping()) + 1;
  }

  @cacheOnDisk
  async both(): Promise<number> {
    const [a, b] = await Promise.all([this.usesSlow(1), this.usesSlow(2)]);
    return a + b;
  }

  @cacheOnDisk
  async usesSlow(n: number): Promise<number> {
    await setImmediate();
    const one = await this.slow(n);
    return (one[0] ?? 0) + (await this.plain());
  }

  @cacheOnDisk
  async survives(): Promise<string> {
    const results = await Promise.allSettled([this.plain(), this.plain()]);
    return results.map(({ status }) => status).join();
  }
}

async function codeOf(promise: unknown): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return `${(error as { code?: string }).code ?? ''} ${(error as Error).message}`;
  }
  return 'nothing was thrown';
}

describe('asynchronous methods', () => {
  const seen = recordedEvents('hit', 'miss', 'store', 'fault', 'corrupt');
  const stored = (): string[] => seen.filter(({ type }) => type === 'store').map(({ method }) => method);
  let folder: string;
  let worker: Worker;
  const day = (): Worker => {
    const another = new Worker();
    setTmpdir(another, folder);
    setTag(another, 't');
    return another;
  };
  beforeEach(() => {
    folder = temporaryFolder();
    worker = day();
  });

  it('compute once for callers at the same time, who all get the very same value', async () => {
    const [a, b] = await Promise.all([worker.slow(1), worker.slow(1)]);
    const c = await worker.slow(1);
    expect([b, c].every((value) => value === a)).to.equal(true);
    expect(worker.ran).to.deep.equal(['slow 1']);
  });

  it('tell callers of other arguments apart meanwhile', async () => {
    const values = await Promise.all([1, 2, 1, 2].map((n) => worker.slow(n)));
    expect(values.map(([value]) => value)).to.deep.equal([1, 2, 1, 2]);
    expect(worker.ran).to.deep.equal(['slow 1', 'slow 2']);
  });

  it('load once for callers at the same time', async () => {
    await worker.slow(1);
    const other = day();
    seen.length = 0;
    const [a, b] = await Promise.all([other.slow(1), other.slow(1)]);
    expect(a).to.equal(b);
    expect(seen.map(({ type }) => type)).to.deep.equal(['hit']);
    expect(other.ran).to.deep.equal([]);
  });

  it('are shared by callers though they are asynchronous only by what they return, and a hit is a promise again', async () => {
    const both = [worker.plain(), worker.plain()];
    expect(both.every((promise) => promise instanceof Promise)).to.equal(true);
    expect(await Promise.all(both)).to.deep.equal([5, 5]);
    expect(worker.ran).to.deep.equal(['plain']);
    const fromMemory = worker.plain();
    const fromDisk = day().plain();
    expect(fromMemory instanceof Promise).to.equal(true);
    expect(fromDisk instanceof Promise).to.equal(true);
    expect(await Promise.all([fromMemory, fromDisk])).to.deep.equal([5, 5]);
  });

  it('give a promise from memory and from disk', async () => {
    await worker.slow();
    const other = day();
    for (const hit of [worker.slow(), other.slow(), other.slow()]) {
      expect(hit).to.be.instanceOf(Promise);
      expect([...(await hit)]).to.deep.equal([0]);
    }
    expect(other.ran).to.deep.equal([]);
  });

  it('give a promise though a synchronous method of that name stored the value', async () => {
    class Before {
      @cacheOnDisk({ name: 'one.name' })
      value(): unknown {
        return 1;
      }
    }
    class After {
      @cacheOnDisk({ name: 'one.name', onCodeChange: 'ignore' })
      async value(): Promise<unknown> {
        await setImmediate();
        return 2;
      }
    }
    // One root class for both, as when the code was changed between two days.
    class Root {
      constructor(readonly named: { value(): unknown }) {}
    }
    const [before, after] = [new Root(new Before()), new Root(new After())];
    for (const root of [before, after]) {
      setTmpdir(root, folder);
      setTag(root, 'named');
    }
    before.named.value();
    for (const hit of [after.named.value(), after.named.value()]) {
      expect(hit).to.be.instanceOf(Promise);
      expect(await hit).to.equal(1);
    }
  });

  for (const method of ['slow', 'plain', 'throwsAtOnce'] as const) {
    it(`do not keep a failure of ${method}(): all its callers get it, and the next one computes`, async () => {
      const failure = new Error('broken');
      worker.box.failure = failure;
      const call = async (): Promise<unknown> => worker[method]();
      const results = await Promise.allSettled([call(), call()]);
      for (const result of results) expect(result).to.deep.equal({ status: 'rejected', reason: failure });
      expect(new Set(results.map((result) => (result as PromiseRejectedResult).reason as unknown))).to.deep.equal(
        new Set([failure]),
      );
      const before = worker.ran.length;
      if (method === 'throwsAtOnce') return;
      delete worker.box.failure;
      await call();
      expect(worker.ran.length).to.equal(before + 1);
      expect(stored()).to.have.lengthOf(1);
    });
  }

  it('leave no rejection unhandled where a caller that joined handles it', async () => {
    worker.box.failure = new Error('broken');
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    expect(await worker.survives()).to.equal('rejected,rejected');
    await setImmediate();
    process.off('unhandledRejection', note);
    expect(unhandled).to.deep.equal([]);
  });

  const interruptions: Record<string, (worker: Worker) => void> = {
    'another tag': (each) => {
      setTag(each, 'other');
    },
    'the same tag again': (each) => {
      setTag(each, 't');
    },
    'another prefix': (each) => {
      setPrefix(each, 'other');
    },
    clearCache: (each) => {
      clearCache(each);
    },
    forget: (each) => {
      forget(each);
    },
    untag: (each) => {
      untag(each);
    },
  };
  for (const [what, interrupt] of Object.entries(interruptions)) {
    for (const method of ['slow', 'plain'] as const) {
      it(`return what ${method}() was computing when ${what} came, and store it nowhere`, async () => {
        worker.box.gate = new Gate();
        const pending = worker[method]();
        await setImmediate();
        interrupt(worker);
        worker.box.gate.open();
        const value = await pending;
        expect(typeof value === 'number' ? value : value[0]).to.equal(method === 'plain' ? 5 : 0);
        expect(stored()).to.deep.equal([]);
        const left = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
        expect(left.filter((name) => /root.*(?<!claim)$|tmp$/.test(name))).to.deep.equal([]);
        delete worker.box.gate;
        await worker[method]();
        expect(worker.ran, 'the next call computes').to.have.lengthOf(2);
      });
    }
  }

  it('are not joined across a change of tag: the new tag gets its own computation', async () => {
    worker.box.gate = new Gate();
    const old = worker.slow();
    await setImmediate();
    setTag(worker, 'other');
    const young = worker.slow();
    worker.box.gate.open();
    expect((await old) === (await young)).to.equal(false);
    expect(worker.ran).to.have.lengthOf(2);
    expect(seen.filter(({ type }) => type === 'store').map(({ tag }) => tag)).to.deep.equal(['other']);
  });

  it('that need themselves are a CycleError that names the way, not a wait for ever', async () => {
    expect(() => worker.recursive())
      .to.throw('root.Worker.recursive → root.Worker.recursive')
      .with.property('code', 'STOWAGE_CYCLE');
    expect(await codeOf(worker.joinsItself())).to.match(
      /^STOWAGE_CYCLE .*root\.Worker\.joinsItself → root\.Worker\.joinsItself/,
    );
  });

  it('that wait for each other are a CycleError that names the way, whoever begins', async () => {
    expect(await codeOf(worker.ping())).to.match(
      /^STOWAGE_CYCLE .*root\.Worker\.ping → root\.Worker\.pong → root\.Worker\.ping/,
    );
    const [ping, pong] = await Promise.all([codeOf(worker.ping()), codeOf(worker.pong())]);
    expect([ping, pong].every((text) => text.startsWith('STOWAGE_CYCLE'))).to.equal(true);
    expect(stored()).to.deep.equal([]);
  });

  it('that failed in a circle can be computed when the circle is broken', async () => {
    await codeOf(worker.ping());
    Object.defineProperty(worker, 'pong', { value: () => Promise.resolve(1) });
    expect(await worker.ping()).to.equal(2);
  });

  it('are attributed what they use, each its own, under Promise.all', async () => {
    expect(await worker.both()).to.equal(13);
    const usesOf = (method: 'both' | 'usesSlow' | 'slow', ...args: number[]): unknown => {
      const { trace } = JSON.parse(readFileSync(`${getDiskCacher(worker, method).fullpath(...args)}.json`, 'utf8')) as {
        trace: unknown[];
      };
      return trace.map((use) => /Worker\.(\w+)/.exec(JSON.stringify(use))?.[1]);
    };
    expect(usesOf('both')).to.deep.equal(['usesSlow', 'usesSlow']);
    expect(usesOf('usesSlow', 1)).to.deep.equal(['slow', 'plain']);
    expect(usesOf('usesSlow', 2)).to.deep.equal(['slow', 'plain']);
    expect(usesOf('slow', 1)).to.deep.equal([]);
    expect(worker.ran.sort()).to.deep.equal(['plain', 'slow 1', 'slow 2']);
  });

  it('do not hold up synchronous ones', async () => {
    worker.box.gate = new Gate();
    const pending = worker.slow();
    expect(worker.synchronous()).to.equal(1);
    expect(worker.synchronous()).to.equal(1);
    expect(worker.ran.filter((name) => name === 'synchronous')).to.have.lengthOf(1);
    worker.box.gate.open();
    await pending;
    expect(existsSync(join(folder, 'cachet', 'root.Worker.synchronous.json'))).to.equal(true);
  });
});
