import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk } from 'stowage';
import { Bucket, persist } from 'stowage/memo';
import { tagIn } from '../support/analyses/analysis.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function blur(): never {
  throw new Error('out of focus');
}

class Night {
  @cacheOnDisk
  focus(): number {
    return blur();
  }

  @cacheOnDisk
  seeing(): number {
    return this.focus() * 2;
  }

  @cacheOnDisk
  async focusLater(): Promise<number> {
    await Promise.resolve();
    return blur();
  }

  @cacheOnDisk
  async seeingLater(): Promise<number> {
    return (await this.focusLater()) * 2;
  }

  @cacheOnDisk
  async bothLater(): Promise<number[]> {
    return await Promise.all([this.focusLater(), sleep(0, 1)]);
  }

  /** Of no async function: that it returns a promise is seen when it does. */
  @cacheOnDisk
  promised(): Promise<number> {
    return this.focusLater();
  }

  @cacheOnDisk({ durable: false })
  depth(levels: number): number {
    return levels < 1 ? 0 : this.depth(levels - 1) + 1;
  }

  @cacheOnDisk({ durable: false })
  async depthLater(levels: number): Promise<number> {
    return levels < 1 ? 0 : (await this.depthLater(levels - 1)) + 1;
  }

  plainDepth(levels: number): number {
    return levels < 1 ? 0 : this.plainDepth(levels - 1) + 1;
  }
}

/** The functions in the stack of an error, those of the library left out, and how many those are. */
function stackOf(error: unknown): { named: string[]; machinery: number } {
  const lines = String((error as Error).stack)
    .split('\n')
    .filter((line) => line.startsWith('    at '));
  const own = lines.filter((line) => /\/(lib|dist)\//.test(line) && !line.includes('node_modules'));
  const names = lines
    .filter((line) => !own.includes(line))
    .map((line) => /at (?:async )?(?:\w+\.)?(\w+)/.exec(line)?.[1] ?? '');
  return { named: names, machinery: own.length };
}

function caught(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

async function caughtLater(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return error;
  }
}

describe('the stack trace of an error thrown in a cached method', () => {
  let night: Night;
  beforeEach(() => {
    night = tagIn(temporaryFolder(), new Night());
  });

  it('reaches the caller of the method, in the ten frames that V8 keeps', () => {
    const { named, machinery } = stackOf(caught(() => night.focus()));
    expect(named.slice(0, 2)).to.deep.equal(['blur', 'focus']);
    expect(named).to.include('caught');
    expect(machinery).to.be.at.most(4);
  });

  it('reaches the method that called it', () => {
    expect(stackOf(caught(() => night.seeing())).named.slice(0, 3)).to.deep.equal(['blur', 'focus', 'seeing']);
  });

  for (const [what, call, names] of [
    ['asynchronous method', (night: Night) => night.focusLater(), ['blur', 'focusLater']],
    [
      'asynchronous method that called it',
      (night: Night) => night.seeingLater(),
      ['blur', 'focusLater', 'seeingLater'],
    ],
    ['Promise.all that waits for it', (night: Night) => night.bothLater(), ['blur', 'focusLater', 'all', 'bothLater']],
    ['method that returned its promise', (night: Night) => night.promised(), ['blur', 'focusLater']],
  ] as const) {
    it(`goes on over the awaits: from the ${what} to its caller`, async () => {
      const { named, machinery } = stackOf(await caughtLater(() => call(night)));
      expect(named.slice(0, names.length)).to.deep.equal(names);
      expect(named).to.include('caughtLater');
      expect(machinery).to.be.at.most(4);
    });
  }

  it('reaches the caller of a cached function', async () => {
    const folder = temporaryFolder();
    const persisted = persist(() => blur(), { cache: join(folder, 'persist'), name: 'focus' });
    const wrapped = new Bucket(join(folder, 'bucket')).wrap(
      async () => {
        await Promise.resolve();
        return blur();
      },
      { name: 'focus' },
    );
    expect(stackOf(caught(() => persisted())).named).to.include('caught');
    expect(stackOf(await caughtLater(() => wrapped())).named).to.include('caughtLater');
  });
});

describe('a cold recursion', () => {
  it('goes a good part as deep as plain JavaScript', () => {
    const night = tagIn(temporaryFolder(), new Night());
    let plain = 1000;
    while (typeof caught(() => night.plainDepth(2 * plain)) === 'number') plain *= 2;
    const levels = Math.floor(plain / 5);
    expect(night.depth(levels)).to.equal(levels);
  });

  it('of an asynchronous method has no depth that ends it', async () => {
    const night = tagIn(temporaryFolder(), new Night());
    expect(await night.depthLater(3000)).to.equal(3000);
  });
});
