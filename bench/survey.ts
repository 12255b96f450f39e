/** A cheap method of one number, called for many numbers: what the cases of single calls on disk time. */
import { cacheOnDisk, setTag, setTmpdir } from 'stowage';
import type { Task } from './measure.js';

/** Calls in a round, each of another number. */
export const calls = 300;

export class Survey {
  computed = 0;

  @cacheOnDisk({ durable: false })
  level(number: number): number {
    this.computed++;
    return number / 2;
  }
}

/** A task that makes every call once a round, or others in each; its time is that of one call. */
export function each(
  contender: string,
  call: (number: number) => unknown,
  more: Partial<Task> & { others?: true } = {},
): Task {
  let first = 0;
  return {
    contender,
    ...more,
    work() {
      if (more.others === true) first += calls;
      const start = process.hrtime.bigint();
      for (let number = first; number < first + calls; number++) call(number);
      return { seconds: Number(process.hrtime.bigint() - start) / 1e9 / calls };
    },
  };
}

/** Tagged `bench`. */
export function survey(folder: string): Survey {
  const survey = new Survey();
  setTmpdir(survey, folder);
  setTag(survey, 'bench');
  return survey;
}
