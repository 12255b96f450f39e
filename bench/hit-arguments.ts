import { Memoize } from 'typescript-memoize';
import memoizee from 'memoizee';
import { memoize } from 'micro-memoize';
import { cacheOnDisk, setTag, setTmpdir } from 'stowage';
import type { BenchCase, Comparison } from './case.js';
import { benchFolder } from './folder.js';
import { timeCalls } from './measure.js';

const count = 16;
/** Sets of arguments in the second comparison. */
const sets = 8;

type Arguments = [a: number, b: string, c: boolean];

abstract class Subject {
  /** Read by the loop: which arguments come next. */
  readonly first: number;
  constructor(readonly id: number) {
    this.first = id % sets;
  }
}

class FieldAlone extends Subject {
  private kept: number | undefined;
  band(a: number, b: string, c: boolean): number {
    return (this.kept ??= compute(a, b, c));
  }
}

class HandWritten extends Subject {
  private readonly kept = new Map<number, Map<string, Map<boolean, number>>>();
  band(a: number, b: string, c: boolean): number {
    const known = this.kept.get(a)?.get(b)?.get(c);
    if (known !== undefined) return known;
    const value = compute(a, b, c);
    let second = this.kept.get(a);
    if (second === undefined) this.kept.set(a, (second = new Map<string, Map<boolean, number>>()));
    let third = second.get(b);
    if (third === undefined) second.set(b, (third = new Map<boolean, number>()));
    third.set(c, value);
    return value;
  }
}

class Stowage extends Subject {
  @cacheOnDisk
  band(a: number, b: string, c: boolean): number {
    return compute(a, b, c);
  }
}

class ByMemoizee extends Subject {
  band = memoizee((...args: Arguments) => compute(...args), { length: 3 });
}

class ByMemoizeePrimitive extends Subject {
  band = memoizee((...args: Arguments) => compute(...args), { length: 3, primitive: true });
}

class ByMicroMemoize extends Subject {
  band = memoize((...args: Arguments) => compute(...args), { maxSize: sets });
}

class ByTypescriptMemoize extends Subject {
  @Memoize((...args: Arguments) => args.join('|'))
  band(a: number, b: string, c: boolean): number {
    return compute(a, b, c);
  }
}

function compute(a: number, b: string, c: boolean): number {
  return a + b.length + (c ? 1 : 0);
}

function many<T>(Class: new (id: number) => T): T[] {
  return Array.from({ length: count }, (_, id) => new Class(id));
}

export const hitArguments: BenchCase = {
  name: 'hit-arguments',
  title: 'a hit in memory of a method with three primitive arguments',
  run() {
    const folder = benchFolder();
    return [compare('the same arguments', '7'), compare('eight sets of arguments', '(i + (i >> 4)) & 7')];

    function compare(title: string, a: string): Comparison {
      const tagged = many(Stowage);
      for (const [place, analyzer] of tagged.entries()) {
        setTmpdir(analyzer, folder);
        setTag(analyzer, `arguments${String(place)}`);
      }
      const contenders = [
        // One field cannot tell arguments apart: it is the floor, and only where they do not change.
        ...(a === '7'
          ? [{ contender: 'hand-written ??= field', instances: many(FieldAlone), note: 'ignores arguments' }]
          : []),
        { contender: 'hand-written nested Maps', instances: many(HandWritten) },
        { contender: 'stowage', instances: tagged },
        { contender: 'memoizee', instances: many(ByMemoizee) },
        {
          contender: 'memoizee, primitive',
          instances: many(ByMemoizeePrimitive),
          note: "1 and '1' are the same to it",
        },
        { contender: 'micro-memoize', instances: many(ByMicroMemoize), note: `maxSize ${String(sets)}` },
        { contender: 'typescript-memoize', instances: many(ByTypescriptMemoize), note: 'key by args.join' },
      ];
      // 16 calls: the last argument is true; `red` has three letters.
      const expected = a === '7' ? 16 * 11 : 16 * 4 + 2 * 28;
      const rows = timeCalls(contenders, `instance.band(${a}, 'red', true)`, expected);
      return { title: `instance.band(number, string, boolean), ${title}, 16 instances`, subject: 'stowage', rows };
    }
  },
};
