import { expect } from 'chai';
import fc from 'fast-check';
import { Memory, type Slot } from '#lib/store/entry/memory.js';

class OneSlot implements Slot {
  kept = false;
  value: unknown = undefined;
  used = false;
  declare weak?: WeakRef<object>;
  declare seat?: NonNullable<Slot['seat']>;
  evictions = 0;
  evicted(): void {
    this.evictions++;
  }
}

const overhead = 128;

describe('Memory', () => {
  it('gives a value that was used a second chance, and takes the one that was not', () => {
    const memory = new Memory(3 * (100 + overhead));
    const slots = [0, 1, 2, 3, 4].map(() => new OneSlot());
    const [a, b, c, d, e] = slots as [OneSlot, OneSlot, OneSlot, OneSlot, OneSlot];
    for (const slot of [a, b, c]) memory.keep(slot, {}, 100);
    // All are new: the hand clears every flag and takes the first.
    memory.keep(d, {}, 100);
    expect(slots.map(({ kept }) => kept)).to.deep.equal([false, true, true, true, false]);
    b.used = c.used = true;
    d.used = false;
    memory.keep(e, {}, 100);
    expect(slots.map(({ kept }) => kept)).to.deep.equal([false, true, true, false, true]);
  });

  it('remembers what it evicted for as long as somebody holds it, but never what was dropped', () => {
    const memory = new Memory(1000);
    const slot = new OneSlot();
    const value = {};
    memory.keep(slot, value, 100);
    memory.setBudget(0);
    expect(slot.kept).to.equal(false);
    expect(slot.value).to.equal(undefined);
    expect(slot.weak?.deref()).to.deep.equal(value);
    expect(slot.evictions).to.equal(1);
    memory.drop(slot);
    expect(slot.weak).to.equal(undefined);
  });

  it('does not keep what is larger than the budget, and evicts nothing for it', () => {
    const memory = new Memory(1000);
    const [small, large] = [new OneSlot(), new OneSlot()];
    memory.keep(small, {}, 100);
    memory.keep(large, {}, 1000);
    expect(small.kept).to.equal(true);
    expect(large.kept).to.equal(false);
    expect(small.evictions).to.equal(0);
  });

  it('is not confused by a listener that keeps and drops values while one is evicted', () => {
    const memory = new Memory(1000);
    const slots = Array.from({ length: 6 }, () => new OneSlot());
    const [first, second, third] = slots as [OneSlot, OneSlot, OneSlot];
    first.evicted = () => {
      memory.drop(second);
      memory.keep(third, {}, 300);
    };
    for (const slot of slots) memory.keep(slot, {}, 300);
    memory.setBudget(0);
    memory.setBudget(0);
    expect(memory.bytes).to.equal(0);
    expect(slots.filter(({ kept }) => kept)).to.deep.equal([]);
  });

  interface Command {
    do: 'keep' | 'drop' | 'hit' | 'budget';
    slot: number;
    bytes: number;
  }
  const slot = fc.nat(9);
  const command: fc.Arbitrary<Command> = fc.record({
    do: fc.constantFrom('keep', 'keep', 'keep', 'drop', 'hit', 'budget'),
    slot,
    bytes: fc.nat(600),
  });

  it('counts exactly what it keeps, never less than nothing nor more than its budget, whatever is done', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const memory = new Memory(2000);
        const slots = Array.from({ length: 10 }, () => new OneSlot());
        const costs = slots.map(() => 0);
        let budget = 2000;
        for (const step of commands) {
          const target = slots[step.slot] as OneSlot;
          if (step.do === 'budget') memory.setBudget((budget = 5 * step.bytes));
          else if (step.do === 'drop') memory.drop(target);
          else if (step.do === 'hit') target.used ||= target.kept;
          else {
            memory.keep(target, { step }, step.bytes);
            costs[step.slot] = step.bytes + overhead;
            expect(target.kept).to.equal(step.bytes + overhead <= budget);
          }
          const kept = slots.reduce((total, { kept: isKept }, i) => total + (isKept ? (costs[i] ?? 0) : 0), 0);
          expect(memory.bytes).to.equal(kept);
          expect(memory.bytes).to.be.within(0, budget);
          for (const each of slots)
            expect(each.value === undefined, 'a value is there as long as it is kept').to.equal(!each.kept);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('forgets seats that were given up, however often one slot is kept again', () => {
    const memory = new Memory(1e6);
    const one = new OneSlot();
    for (let i = 0; i < 10_000; i++) memory.keep(one, { i }, 10);
    expect(memory.bytes).to.equal(10 + overhead);
    expect((memory as unknown as { seats: unknown[] }).seats.length).to.be.below(2048);
    memory.setBudget(0);
    expect(memory.bytes).to.equal(0);
    expect(one.evictions).to.equal(1);
  });
});
