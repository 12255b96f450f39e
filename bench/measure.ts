/** Clocks: interleaved rounds, so that what else the machine does falls on every contender alike. */
import type { Row } from './case.js';

/** One contender of work that takes milliseconds or more. */
export interface Task {
  contender: string;
  note?: string;
  /** Outside the clock, before every round. */
  before?: () => unknown;
  /** The timed work. A contender in another process answers how many seconds it took there. */
  work: () => unknown;
  /** Outside the clock, after every round. */
  after?: () => unknown;
  /**
   * Is the garbage of the rounds before left to the engine? For some 10 ms after a forced collection, a program is
   * several times as slow as it is on the whole.
   */
  leavesGarbage?: boolean;
}

/** Runs every task once a round, after one round that does not count. */
export async function timeTasks(tasks: readonly Task[], rounds: number, warmUp = 1): Promise<Row[]> {
  const seconds = tasks.map((): number[] => []);
  for (let round = -warmUp; round < rounds; round++) {
    for (const [place, task] of tasks.entries()) {
      await task.before?.();
      if (task.leavesGarbage !== true) globalThis.gc?.();
      const start = process.hrtime.bigint();
      const result = await task.work();
      const taken = Number(process.hrtime.bigint() - start) / 1e9;
      if (round >= 0) seconds[place]?.push(typeof result === 'object' && isTimed(result) ? result.seconds : taken);
      await task.after?.();
    }
  }
  return tasks.map(({ contender, note }, place) => ({
    contender,
    seconds: seconds[place] ?? [],
    ...(note !== undefined && { note }),
  }));
}

function isTimed(result: object | null): result is { seconds: number } {
  return result !== null && 'seconds' in result && typeof result.seconds === 'number';
}

/** One contender of work that takes nanoseconds. */
export interface Micro<Subject extends object> {
  contender: string;
  note?: string;
  /** Called in turn; a power of two of them. */
  instances: readonly Subject[];
}

type Loop = (instances: readonly object[], count: number) => number;

/** Seconds that one batch takes at least: far above the clock's step and a timer's cost. */
const batchSeconds = 0.02;

/**
 * Times one call, an expression like `instance.mean(1, 2)`, which must give a number.
 *
 * A harness that takes the time of each call cannot see two nanoseconds beside the clock's thirty, and one loop shared
 * by all contenders would make every call in it megamorphic after the fourth. So each contender gets a loop of its own,
 * from the same source: the engine learns about each what it would learn in a program that uses only that one. Results
 * are summed and the sum is checked, so that no call can be left out; instances change from call to call, so that
 * none can be hoisted out of the loop.
 */
export function timeCalls<Subject extends object>(
  contenders: readonly Micro<Subject>[],
  call: string,
  expectedPerTurn: number,
  rounds = 21,
): Row[] {
  const runners = contenders.map(({ contender, note, instances }) => {
    const loop = compileLoop(contender, call, instances.length);
    const turn = loop(instances, instances.length);
    if (turn !== expectedPerTurn) {
      throw new Error(
        `${contender} gives ${String(turn)} where ${String(expectedPerTurn)} is right: nothing was timed`,
      );
    }
    let turns = 1024;
    while (secondsOf(loop, instances, turns * instances.length, expectedPerTurn * turns) < batchSeconds) turns *= 2;
    return { contender, note, instances, loop, turns, seconds: [] as number[] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const { instances, loop, turns, seconds } of runners) {
      const count = turns * instances.length;
      seconds.push(secondsOf(loop, instances, count, expectedPerTurn * turns) / count);
    }
  }
  return runners.map(({ contender, note, seconds }) => ({ contender, seconds, ...(note !== undefined && { note }) }));
}

function secondsOf(loop: Loop, instances: readonly object[], count: number, expected: number): number {
  const start = process.hrtime.bigint();
  const sum = loop(instances, count);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (sum !== expected) throw new Error(`a batch summed to ${String(sum)} instead of ${String(expected)}`);
  return seconds;
}

function compileLoop(contender: string, call: string, instances: number): Loop {
  // The name in the comment keeps the engine from sharing one compiled function, and what it learned, between contenders.
  const body = `// ${contender}
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const instance = instances[i & ${String(instances - 1)}];
      sum += ${call};
    }
    return sum;`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the only way to a loop with feedback of its own
  return new Function('instances', 'count', body) as Loop;
}
