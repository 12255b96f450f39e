import { configure, setMemoryBudget } from 'stowage';
import { perform, type Operation } from './operations.js';
import type { Plan } from './plan.js';
import { Run } from './run.js';

/** Runs a sequence on the objects of a plan. @throws Fault that says which operation went wrong, and how */
export async function runSequence(folder: string, plan: Plan, operations: readonly Operation[]): Promise<void> {
  const run = new Run(plan, folder);
  try {
    run.begin();
    for (const [at, operation] of operations.entries()) {
      try {
        await perform(run, operation);
      } catch (error) {
        throw new Error(`operation ${at}, ${JSON.stringify(operation)}: ${String(error)}`, { cause: error });
      }
    }
  } finally {
    run.world.end();
    configure({ readonly: false });
    setMemoryBudget(2 ** 28);
  }
}
