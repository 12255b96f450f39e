import { Memoize } from 'typescript-memoize';
import memoizee from 'memoizee';
import { memoize } from 'micro-memoize';
import { cacheOnDisk, setTag, setTmpdir } from 'stowage';
import type { BenchCase } from './case.js';
import { benchFolder } from './folder.js';
import { timeCalls } from './measure.js';

const count = 16;

interface Subject {
  mean(): number;
}

/** Makes a class anew, with a method of its own: what differs from class to class cannot be learned from the first. */
type Factory = (id: number) => new () => Subject;

const factories: Readonly<Record<string, Factory>> = {
  'hand-written ??= field': (id) =>
    class {
      private kept: number | undefined;
      mean(): number {
        return (this.kept ??= id);
      }
    },
  stowage(id) {
    class Analyzer {
      @cacheOnDisk
      mean(): number {
        return id;
      }
    }
    return Analyzer;
  },
  memoizee: (id) =>
    class {
      mean = memoizee(() => id);
    },
  'micro-memoize': (id) =>
    class {
      mean = memoize(() => id);
    },
  'typescript-memoize'(id) {
    class Memoized {
      @Memoize()
      mean(): number {
        return id;
      }
    }
    return Memoized;
  },
};

export const hitClasses: BenchCase = {
  name: 'hit-classes',
  title: 'the same where a program has many analyzer classes, and the engine can foresee none',
  run() {
    const folder = benchFolder();
    const contenders = Object.entries(factories).map(([contender, factory]) => {
      const instances = Array.from({ length: count }, (_, id) => new (factory(id))());
      if (contender !== 'stowage') return { contender, instances };
      for (const [place, analyzer] of instances.entries()) {
        setTmpdir(analyzer, folder);
        setTag(analyzer, `classes${String(place)}`);
      }
      return { contender, instances };
    });
    const rows = timeCalls(contenders, 'instance.mean()', (count * (count - 1)) / 2);
    return [{ title: 'instance.mean(), one instance of each of 16 classes', subject: 'stowage', rows }];
  },
};
