/** Asks for a call in a process of its own, which compares the value itself and says what ran. */
import { spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Asked } from './oracle.js';
import { differenceOf, Fault, Run } from './run.js';
import type { Plan, Situation } from './plan.js';
import { callText } from './ideal.js';

interface Errand {
  plan: Plan;
  situation: Situation;
  folder: string;
  asked: Asked;
}

interface Report {
  wrong?: string;
  ran: Asked[];
}

export function askElsewhere(run: Run, asked: Asked): void {
  const { plan, situation, folder } = run;
  const made = run.compute([asked]);
  if (made === undefined) return;
  const errand: Errand = { plan, situation, folder, asked };
  const { stdout, stderr, status } = spawnSync(process.execPath, [main], { input: JSON.stringify(errand) });
  if (status !== 0) throw new Error(String(stderr));
  const { wrong, ran } = JSON.parse(String(stdout)) as Report;
  if (wrong !== undefined) throw new Fault(`${callText(asked)} in another process: ${wrong}`);
  run.settle(made, ran, true);
}

async function answer(errand: string): Promise<Report> {
  const { plan, situation, folder, asked } = JSON.parse(errand) as Errand;
  const run = new Run(plan, folder, situation);
  run.world.start();
  const made = run.oracle.compute(asked);
  const given = await run.world.ask(asked);
  const wrong = made && differenceOf(given, made.outcome);
  return { ...(wrong !== undefined && { wrong }), ran: run.world.log };
}

const main = fileURLToPath(import.meta.url);
if (process.argv[1] === main) process.stdout.write(JSON.stringify(await answer(await text(process.stdin))));
