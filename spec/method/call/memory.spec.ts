import os from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { cacheOnDisk, forget, InvalidOptionError, setMemoryBudget, setTag, setTmpdir } from 'stowage';
import { defaultBudget, memory } from '#lib/store/entry/memory.js';
import { recordedEvents } from '../../support/output/recorded-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const values: Record<string, unknown> = {
  zero: 0,
  'minus zero': -0,
  empty: '',
  no: false,
  null: null,
  undefined,
  NaN,
  bigint: 0n,
  object: { x: 1 },
  array: Float64Array.of(1),
};

class Keeper {
  readonly ran: string[] = [];

  @cacheOnDisk
  value(name: string): unknown {
    this.ran.push(name);
    return values[name];
  }

  @cacheOnDisk
  plainUndefined(): undefined {
    this.ran.push('plainUndefined');
  }

  @cacheOnDisk
  async later(name: string): Promise<unknown> {
    await setImmediate();
    this.ran.push(name);
    return values[name];
  }

  /** 8 kB a result. */
  @cacheOnDisk
  block(n: number): Float64Array {
    this.ran.push(`block ${n}`);
    return new Float64Array(1000).fill(n);
  }

  @cacheOnDisk
  text(): string {
    this.ran.push('text');
    return 'x'.repeat(5000);
  }
}

/** Lets the engine collect what nobody holds; WeakRefs live until the end of the turn. */
async function collectGarbage(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  for (let i = 0; i < 3; i++) {
    await setImmediate();
    globalThis.gc();
  }
}

describe('memory', () => {
  const seen = recordedEvents('evict', 'hit', 'store', 'fault');
  let folder: string;
  let keeper: Keeper;
  const day = (): Keeper => {
    const another = new Keeper();
    setTmpdir(another, folder);
    setTag(another, 't');
    return another;
  };
  const evicted = (): number => seen.filter(({ type }) => type === 'evict').length;

  beforeEach(() => {
    folder = temporaryFolder();
    keeper = day();
  });
  afterEach(() => {
    forget(keeper);
    setMemoryBudget(defaultBudget());
  });

  for (const name of Object.keys(values)) {
    it(`answers with ${name}, from memory and from disk, without computing it again`, async () => {
      for (const each of [keeper, keeper, day()]) {
        each.ran.length = 0;
        const known = each === keeper && seen.some(({ type }) => type === 'store');
        const first = each.value(name);
        expect(Object.is(first, values[name]) || typeof first === 'object').to.equal(true);
        expect(Object.is(each.value(name), first), 'the very same').to.equal(true);
        expect(Object.is(await each.later(name), values[name]) || typeof first === 'object').to.equal(true);
        expect(each.ran.length, 'runs').to.equal(known || each !== keeper ? 0 : 2);
      }
    });
  }

  it('answers a method that returns nothing', () => {
    const other = day();
    for (const each of [keeper, keeper, other]) each.plainUndefined();
    expect(other.ran).to.deep.equal([]);
    expect(keeper.ran).to.deep.equal(['plainUndefined']);
  });

  it('has a budget of a quarter of what the process may use, also where the system names no limit', () => {
    expect(defaultBudget(8e9, 4e9)).to.equal(1e9);
    for (const none of [0, undefined, 2 ** 64]) expect(defaultBudget(8e9, none)).to.equal(2e9);
    expect(defaultBudget()).to.be.within(1, os.totalmem() / 4);
  });

  for (const wrong of [-1, NaN, '5', undefined, null]) {
    it(`refuses a budget of ${String(wrong)}`, () => {
      expect(() => {
        setMemoryBudget(wrong as number);
      }).to.throw(InvalidOptionError);
    });
  }

  it('evicts down to a new budget at once, and says each value that goes', () => {
    for (let n = 0; n < 5; n++) keeper.block(n);
    setMemoryBudget(0);
    expect(memory.bytes).to.equal(0);
    expect(seen.filter(({ type, method }) => type === 'evict' && method === 'Keeper.block')).to.have.lengthOf(5);
    expect(seen.findLast(({ method }) => method === 'Keeper.block')).to.include({ tag: 't', instance: 'root' });
  });

  it('stays within its budget, and what went is loaded, not computed', async () => {
    setMemoryBudget(0);
    setMemoryBudget(30_000);
    for (let n = 0; n < 20; n++) {
      keeper.block(n);
      expect(memory.bytes).to.be.at.most(30_000);
    }
    expect(evicted()).to.be.at.least(16);
    await collectGarbage();
    for (let n = 0; n < 20; n++) expect(keeper.block(n)[999]).to.equal(n);
    expect(keeper.ran).to.have.lengthOf(20);
  });

  it('returns a value larger than the budget and evicts nothing for it', () => {
    setMemoryBudget(0);
    setMemoryBudget(4000);
    keeper.value('object');
    seen.length = 0;
    const block = keeper.block(1);
    expect(block[0]).to.equal(1);
    expect(evicted()).to.equal(0);
    keeper.text();
    keeper.text();
    expect(keeper.ran).to.deep.equal(['object', 'block 1', 'text']);
  });

  it('finds an evicted value again as long as somebody holds it, and not after', async () => {
    setMemoryBudget(0);
    let held: Float64Array | undefined = keeper.block(1);
    seen.length = 0;
    expect(keeper.block(1)).to.equal(held);
    expect(seen.map(({ reason }) => reason)).to.deep.equal(['memory']);
    held = undefined;
    expect(held).to.equal(undefined);
    await collectGarbage();
    seen.length = 0;
    expect(keeper.block(1)[0]).to.equal(1);
    expect(seen.map(({ reason }) => reason)).to.deep.equal(['disk']);
  });

  it('lets an analyzer go that nobody holds, with its values', async () => {
    const make = (): WeakRef<Keeper>[] =>
      Array.from({ length: 5 }, (_, n) => {
        const one = day();
        one.block(n);
        one.block(n);
        one.value('object');
        return new WeakRef(one);
      });
    const refs = make();
    await collectGarbage();
    expect(refs.filter((ref) => ref.deref() !== undefined)).to.deep.equal([]);
  });

  it('lets an analyzer go that computed asynchronously', async () => {
    const make = async (): Promise<WeakRef<Keeper>> => {
      const one = day();
      await Promise.all([one.later('object'), one.later('object')]);
      return new WeakRef(one);
    };
    const ref = await make();
    await collectGarbage();
    expect(ref.deref()).to.equal(undefined);
  });

  it('drops values with forget, which are then loaded', () => {
    const block = keeper.block(1);
    forget(keeper);
    expect(keeper.block(1)).not.to.equal(block);
    expect(keeper.ran).to.deep.equal(['block 1']);
  });
});
