/** `stowage du`: what takes the space. */
import { didYouMean } from '../../base/did-you-mean.js';
import { compareNames } from '../../base/text/order.js';
import type { Work } from '../terminal/command.js';
import { UsageError } from '../terminal/errors.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { pick } from '../choose/selection.js';
import { sumOf, type Tally } from '../tally/tally.js';
import { tallyColumns } from '../tally/tally-columns.js';
import { memoryPlace } from '../tally/memory.js';
import { tallyEntries, type Level } from '../tally/tally-entries.js';

const ALL: readonly Level[] = ['tag', 'class', 'method'];

interface Options {
  by?: string;
}

export const work: Work<Options> = async (patterns, { by }, { terminal, tmpdir, prefix }) => {
  const levels = by === undefined ? ALL : ALL.filter((level) => level === by);
  if (levels.length === 0)
    throw new UsageError(`--by takes ${ALL.join(', ')}, not '${String(by)}'${didYouMean(String(by), ALL)}`);
  const { folders } = pick(patterns, { tmpdir, prefix });
  const { sums } = await tallyEntries({
    folders,
    patterns,
    levels,
    memory: memoryPlace(patterns, { terminal, prefix }),
  });
  const tables = levels.map((level) => [level, largestFirst(sums.get(level) ?? new Map<string, Tally>())] as const);
  if (terminal.isJson) {
    terminal.json(Object.fromEntries(tables));
    return EXIT_CODE.fine;
  }
  for (const [place, [level, rows]] of tables.entries()) {
    if (place > 0) terminal.line();
    terminal.table(rows, [...tallyColumns(sumOf(rows)), { head: level.toUpperCase(), cell: ({ name }) => name }]);
  }
  return EXIT_CODE.fine;
};

function largestFirst(tallies: ReadonlyMap<string, Tally>): ({ name: string } & Tally)[] {
  return [...tallies]
    .map(([name, tally]) => ({ name, ...tally }))
    .sort((one, other) => other.bytes - one.bytes || compareNames(one.name, other.name));
}
