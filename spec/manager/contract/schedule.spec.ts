import { SaveSchedule, DEFAULT_SCHEDULE, type ScheduleRow } from '#lib/manager/contract/schedule.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidOptionError } from 'stowage';
import { ManualClock } from '../../support/analyses/managers.js';

/** A schedule whose saves succeed at once, and when they were. */
function scheduled(table: readonly ScheduleRow[] = DEFAULT_SCHEDULE): {
  clock: ManualClock;
  change: (times?: number) => void;
  saves: () => number[];
} {
  const clock = new ManualClock();
  const start = clock.now();
  const saves: number[] = [];
  const schedule = new SaveSchedule(table, clock, () => {
    saves.push(clock.now() - start);
    schedule.done(schedule.begin());
  });
  return {
    clock,
    change(times = 1) {
      for (let i = 0; i < times; i++) schedule.note();
    },
    saves: () => saves,
  };
}

describe('the schedule of a cache that saves itself', () => {
  it('saves 10,000 changes within a minute at once, and 9,999 when they are a minute old', () => {
    const many = scheduled();
    many.change(10_000);
    many.clock.advance(0);
    expect(many.saves()).to.deep.equal([0]);
    const fewer = scheduled();
    fewer.change(9999);
    fewer.clock.advance(59.9);
    expect(fewer.saves()).to.deep.equal([]);
    fewer.clock.advance(0.1);
    expect(fewer.saves()).to.deep.equal([60]);
  });

  it('saves 10 changes when the tenth is a minute old, and 9 when the first is five minutes old', () => {
    const ten = scheduled();
    for (let i = 0; i < 10; i++) {
      ten.change();
      ten.clock.advance(2);
    }
    ten.clock.advance(1000);
    expect(ten.saves()).to.deep.equal([78]);
    const nine = scheduled();
    for (let i = 0; i < 9; i++) {
      nine.change();
      nine.clock.advance(2);
    }
    nine.clock.advance(1000);
    expect(nine.saves()).to.deep.equal([300]);
  });

  it('does not count changes that are too old for a row', () => {
    const { clock, change, saves } = scheduled([
      { changes: 100, within: 60 },
      { changes: 50, within: 120 },
      { changes: 3, within: 900 },
    ]);
    change(2);
    clock.advance(130);
    change(99);
    expect(saves()).to.deep.equal([]);
    clock.advance(60);
    expect(saves()).to.deep.equal([190]);
  });

  it('saves what is older than its last time, as after a computer has slept', () => {
    const { clock, change, saves } = scheduled([
      { changes: 5, within: 10 },
      { changes: 1, within: 20 },
    ]);
    change();
    clock.sleep(10_000);
    expect(saves()).to.deep.equal([10_000]);
  });

  it('saves nothing where nothing changed', () => {
    const { clock, saves } = scheduled();
    clock.advance(100_000);
    expect(saves()).to.deep.equal([]);
  });

  it('leaves unsaved no change for more than its longest wait, and never too many', () => {
    const anyPause = fc.oneof(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 400 }),
      fc.double({ min: 0, max: 2, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(anyPause, fc.integer({ min: 1, max: 30 })), { maxLength: 40 }), (steps) => {
        const clock = new ManualClock();
        let unsaved: number[] = [];
        const schedule = new SaveSchedule(
          [
            { changes: 20, within: 60 },
            { changes: 10, within: 300 },
            { changes: 1, within: 900 },
          ],
          clock,
          () => {
            unsaved = [];
            schedule.done(schedule.begin());
          },
        );
        // Changes within a sixtieth of the shortest time count together, as of the first of them.
        const grain = 1;
        const check = (): void => {
          const ages = unsaved.map((at) => clock.now() - at);
          expect(ages.filter((age) => age > 300 + grain)).to.deep.equal([]);
          expect(ages.filter((age) => age > 60 + grain && age < 300 - grain).length).to.be.below(10);
          expect(ages.filter((age) => age < 60 - grain).length).to.be.below(20);
        };
        for (const [pause, changes] of steps) {
          clock.advance(pause);
          for (let i = 0; i < changes; i++) {
            unsaved.push(clock.now());
            schedule.note();
            clock.advance(0);
          }
          check();
        }
        clock.advance(301);
        expect(unsaved).to.deep.equal([]);
      }),
      { numRuns: 60 },
    );
  });

  it('tries again after its shortest time where saving failed, and not before', () => {
    const clock = new ManualClock();
    const start = clock.now();
    const tries: number[] = [];
    const schedule = new SaveSchedule(
      [
        { changes: 2, within: 60 },
        { changes: 1, within: 900 },
      ],
      clock,
      () => {
        tries.push(clock.now() - start);
        schedule.begin();
        schedule.failed();
      },
    );
    for (let i = 0; i < 10; i++) {
      schedule.note();
      clock.advance(10);
    }
    expect(tries).to.deep.equal([10, 70]);
  });

  it('does not count a change that was made while an earlier one was being saved as saved', () => {
    const clock = new ManualClock();
    let saves = 0;
    const schedule = new SaveSchedule(
      [
        { changes: 2, within: 60 },
        { changes: 1, within: 900 },
      ],
      clock,
      () => saves++,
    );
    schedule.note();
    const marked = schedule.begin();
    schedule.note();
    schedule.done(marked);
    clock.advance(59);
    expect(saves).to.equal(0);
    clock.advance(1);
    expect(saves).to.equal(1);
  });

  it('refuses what is no table', () => {
    const bad: unknown[] = [
      [],
      {},
      [{ changes: 0, within: 1 }],
      [{ changes: 1.5, within: 1 }],
      [{ changes: 1, within: -1 }],
      [{ changes: 1, within: 0 }],
      [
        { changes: 1, within: 5 },
        { changes: 2, within: { seconds: 5 } },
      ],
    ];
    for (const table of bad) {
      expect(
        () => new SaveSchedule(table as ScheduleRow[], new ManualClock(), () => undefined),
        JSON.stringify(table),
      ).to.throw(InvalidOptionError);
    }
  });
});
