/** A run of the benchmark: which cases are wanted, one after the other, and to whom it is told. */
import { parseArgs } from 'node:util';
import type { BenchCase } from './case.js';
import { documentOf, type Circumstances, type Finding } from './document.js';
import { tableOf } from './print.js';

/** Where a run writes. */
export interface Streams {
  out: { write(text: string): unknown };
  err: { write(text: string): unknown };
}

/**
 * Runs the cases that are named, or all. People read tables; with `--json` those go to `err`, and `out` has one document.
 * @returns the exit code: 0, 1 where a case failed, 2 where there is none of a name
 */
export async function run(
  cases: readonly BenchCase[],
  words: readonly string[],
  circumstances: () => Circumstances,
  { out, err }: Streams,
): Promise<number> {
  const asked = readWords(words);
  const unknown = 'fault' in asked ? [] : asked.names.filter((name) => !cases.some((each) => each.name === name));
  if ('fault' in asked || unknown.length > 0) {
    const what = 'fault' in asked ? asked.fault : `no case is called ${unknown.join(' or ')}`;
    err.write(`${what}; there are ${cases.map(({ name }) => name).join(', ')}, and --json\n`);
    return 2;
  }
  const people = asked.json ? err : out;
  const about = circumstances();
  const { processors, processor } = about.machine;
  const versions = Object.entries(about.versions).map((entry) => entry.join(' '));
  people.write(`${versions.join(', ')}, ${String(processors)} × ${processor}\n`);
  const findings: Finding[] = [];
  for (const bench of cases) {
    if (asked.names.length > 0 && !asked.names.includes(bench.name)) continue;
    people.write(`\n== ${bench.name}: ${bench.title}\n`);
    const finding = await findingOf(bench);
    for (const comparison of finding.comparisons) people.write(tableOf(comparison));
    if (finding.error !== undefined) err.write(`${bench.name} failed: ${finding.error}\n`);
    findings.push(finding);
  }
  if (asked.json) out.write(documentOf(about, findings));
  return findings.some(({ error }) => error !== undefined) ? 1 : 0;
}

function readWords(words: readonly string[]): { json: boolean; names: string[] } | { fault: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    return { json: values.json, names: positionals };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/** A case that fails says so, and the others go on. */
async function findingOf(bench: BenchCase): Promise<Finding> {
  try {
    return { bench, comparisons: await bench.run() };
  } catch (error) {
    return { bench, comparisons: [], error: error instanceof Error ? error.message : String(error) };
  }
}
