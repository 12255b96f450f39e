/**
 * The main job: analyses real data in a cold process and in a warm one, shows what each result cost and costs now, then
 * clears one analyzer and shows what that costs.
 *
 *     npm start -- [--resamples 300] [--keep]
 *
 * `--keep`, or a folder in STOWAGE_TMPDIR, keeps the results.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import colors from 'picocolors';
import { concerns, readEntries, type Entry } from './report/entries.js';
import { runAnalysis, type Run } from './report/run.js';
import { entriesTable, findingsTable } from './report/table.js';
import { windows } from './windows.js';

const { values: options } = parseArgs({
  options: { resamples: { type: 'string', default: '300' }, keep: { type: 'boolean', default: false } },
});
if (!/^[1-9]\d*$/.test(options.resamples)) throw new TypeError('--resamples must be a whole number from 1 up');

if (['off', 'readonly'].includes(process.env.STOWAGE ?? '')) {
  throw new Error(`STOWAGE=${process.env.STOWAGE ?? ''} lets nothing be stored, and this is about what is: unset it`);
}

const given = process.env.STOWAGE_TMPDIR;
const folder = given === undefined ? mkdtempSync(join(tmpdir(), 'stowage-main-')) : resolve(given);
const isKept = options.keep || given !== undefined;
const args = ['--resamples', options.resamples];
const tags = windows.map(({ name }) => name);
const cleared = tags.at(-1) ?? '';

/** What went otherwise than it must, in words. */
const faults: string[] = [];

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) faults.push(otherwise);
}

/** Says what a run did, and checks that it answered as the first one did. */
function report(name: string, run: Run, first: Run): void {
  const { stores, loads, answers, troubles, seconds, wallSeconds } = run;
  const [computed, loaded] = [stores, loads].map(({ length }) => String(length).padStart(3));
  say(
    `${colors.bold(name.padEnd(24))} ${computed ?? ''} computed  ${loaded ?? ''} loaded  ` +
      `${seconds.toFixed(2).padStart(6)} s  ${colors.dim(`(whole process ${wallSeconds.toFixed(2)} s)`)}`,
  );
  const differing = answers.filter((answer, index) => answer.fingerprint !== first.answers[index]?.fingerprint);
  for (const { tag, question } of differing) faults.push(`${name}: '${question}' of ${tag} is not what it was`);
  check(answers.length > 0 && answers.length === first.answers.length, `${name}: not every question was answered`);
  for (const { type, instance, method, reason = '' } of troubles) {
    faults.push(`${name}: ${type} event of ${instance}.${method}: ${reason}`);
  }
}

function showNumPy(entries: readonly Entry[]): void {
  const file = entries.find(({ path }) => path.endsWith('samples.npy'))?.path ?? '';
  say(`Open a result in NumPy${isKept ? '' : ' (after npm start -- --keep)'}:`);
  say(`  python3 -c "import numpy; print(numpy.load('${file}'))"`);
}

if (!isKept) {
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
}
say(`Results in ${folder}`);
say('The first process computes for several seconds …');
say();
const cold = await runAnalysis(folder, args);
const warm = await runAnalysis(folder, args);
const used = [...cold.stores, ...cold.loads];
const entries = readEntries(folder, tags).filter((entry) => used.some((event) => concerns(event, entry)));
say(findingsTable(cold.findings));
say();
say(entriesTable(entries, warm.loads));
say(colors.dim('file: … stands for the entry, in the folder cache<tag>'));
say(colors.dim('s cold: what computing it took, with all that it asked for and was not there yet'));
say(colors.dim('s warm: what loading it took in another process; – was not needed: what was made from it is there'));
say();

report('cold', cold, cold);
report('warm', warm, cold);
check(warm.stores.length === 0, `warm: ${warm.stores.length} results were computed again`);

const after = await runAnalysis(folder, [...args, '--clear', cleared]);
report('one analyzer cleared', after, cold);
say(colors.dim(`  computed again after clearCache(survey.carbonDioxide) of ${cleared}:`));
for (const { instance, method, seconds = 0 } of after.stores) say(`  ${instance}.${method}  ${seconds.toFixed(4)} s`);
const others = after.stores.filter(
  ({ tag, instance }) => tag !== cleared || !instance.startsWith('root.carbonDioxide'),
);
check(after.stores.length > 0, 'after clearCache nothing was computed again');
check(others.length === 0, `after clearCache ${others.length} results of other analyzers were computed again`);

say();
if (faults.length === 0) {
  say(colors.green(`All ${cold.answers.length} answers are equal to the bit, cold, warm and after clearing.`));
}
showNumPy(entries);

for (const fault of faults) process.stderr.write(`${colors.red('FAULT')} ${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
