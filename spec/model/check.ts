/** Checks sequences made from a seed, and says how one that fails is run again. */
import { rmSync, readFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { operationIn, type Operation } from './operations.js';
import { plan, type Plan } from './plan.js';
import { runSequence } from './run-sequence.js';

export interface Scale {
  runs: number;
  /** Of a sequence. */
  longest: number;
  /** The same sequences each time; another seed each time where it is absent. */
  seed?: number;
  /** How often a call is asked for in another process: the ninth part of that is the share of all operations. */
  elsewhere?: number;
}

async function inFolder(plan: Plan, operations: readonly Operation[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-model'));
  try {
    await runSequence(folder, plan, operations);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * `STOWAGE_SEED=n` runs the sequences of one seed, `STOWAGE_RUNS=n` so many of them, and `STOWAGE_CASE=file` one sequence.
 * @throws Error that says how the sequence that failed is run again
 */
export async function checkSequences({ runs, longest, seed, elsewhere = 0 }: Scale): Promise<void> {
  const { STOWAGE_SEED, STOWAGE_RUNS, STOWAGE_CASE } = process.env;
  if (STOWAGE_CASE !== undefined) {
    await inFolder(...(JSON.parse(readFileSync(STOWAGE_CASE, 'utf8')) as [Plan, Operation[]]));
    return;
  }
  const operations = fc.array(operationIn({ elsewhere }), { minLength: 3, maxLength: longest });
  const result = await fc.check(fc.asyncProperty(plan, operations, inFolder), {
    numRuns: Number(STOWAGE_RUNS ?? runs),
    ...((STOWAGE_SEED ?? seed) !== undefined && { seed: Number(STOWAGE_SEED ?? seed) }),
  });
  if (!result.failed) return;
  throw new Error(
    `STOWAGE_SEED=${result.seed}, after ${result.numRuns} runs and ${result.numShrinks} steps of shrinking:\n` +
      `${JSON.stringify(result.counterexample)}\n${String(result.errorInstance)}`,
  );
}
