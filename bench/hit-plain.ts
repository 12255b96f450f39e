import { Memoize } from 'typescript-memoize';
import memoizee from 'memoizee';
import { memoize } from 'micro-memoize';
import { cacheOnDisk, setTag, setTmpdir } from 'stowage';
import type { BenchCase, Row } from './case.js';
import { benchFolder } from './folder.js';
import { timeCalls } from './measure.js';

/** Instances that take turns at one call site. */
const count = 16;

class Plain {
  constructor(readonly id: number) {}
}

class HandWritten extends Plain {
  private kept: number | undefined;
  mean(): number {
    return (this.kept ??= this.id);
  }
}

class Stowage extends Plain {
  @cacheOnDisk
  mean(): number {
    return this.id;
  }
}

/** Times while it computes: each hit is one more thing that its result is made of. */
class Inside {
  rows: Row[] = [];
  readonly #time: () => Row[];

  constructor(time: () => Row[]) {
    this.#time = time;
  }

  @cacheOnDisk
  run(): number {
    this.rows = this.#time();
    return 0;
  }
}

class ByMemoizee extends Plain {
  mean = memoizee(() => this.id);
}

class ByMicroMemoize extends Plain {
  mean = memoize(() => this.id);
}

class ByTypescriptMemoize extends Plain {
  @Memoize()
  mean(): number {
    return this.id;
  }
}

function many<T>(Class: new (id: number) => T): T[] {
  return Array.from({ length: count }, (_, id) => new Class(id));
}

export const hitPlain: BenchCase = {
  name: 'hit-plain',
  title: 'a hit in memory of a method without arguments',
  run() {
    const folder = benchFolder();
    const tagged = many(Stowage);
    for (const [place, analyzer] of tagged.entries()) {
      setTmpdir(analyzer, folder);
      setTag(analyzer, `plain${String(place)}`);
    }
    const contenders = [
      { contender: 'hand-written ??= field', instances: many(HandWritten) },
      { contender: 'stowage', instances: tagged },
      { contender: 'memoizee', instances: many(ByMemoizee) },
      { contender: 'micro-memoize', instances: many(ByMicroMemoize) },
      { contender: 'typescript-memoize', instances: many(ByTypescriptMemoize) },
    ];
    const rows = timeCalls(contenders, 'instance.mean()', (count * (count - 1)) / 2);
    const inside = new Inside(() => timeCalls(contenders.slice(0, 2), 'instance.mean()', (count * (count - 1)) / 2));
    setTmpdir(inside, folder);
    setTag(inside, 'inside');
    inside.run();
    return [
      { title: 'instance.mean(), 16 instances of one class', subject: 'stowage', rows },
      { title: 'the same inside another cached method', subject: 'stowage', rows: inside.rows },
    ];
  },
};
