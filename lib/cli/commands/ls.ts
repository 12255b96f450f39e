/** `stowage ls`: the tags; or, where patterns name entries, those. */
import type { Work } from '../terminal/command.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { listEntries } from '../choose/ls-entries.js';
import { day } from '../terminal/moment.js';
import { pick } from '../choose/selection.js';
import { tallyColumns } from '../tally/tally-columns.js';
import { memoryPlace } from '../tally/memory.js';
import { tallyEntries, type WrongEntry } from '../tally/tally-entries.js';
import { newTally, sumOf, type Tally } from '../tally/tally.js';
import type { Terminal } from '../terminal/terminal.js';

/** A row of the list. */
interface TagRow extends Tally {
  tag: string;
  prefix: string;
  folder: string;
}

export const work: Work = async (patterns, _options, context) => {
  if (patterns.some((pattern) => pattern.includes('/'))) return listEntries(patterns, context);
  const { terminal, tmpdir, prefix } = context;
  const { folders } = pick(patterns, { tmpdir, prefix });
  const { sums, wrong } = await tallyEntries({
    folders,
    patterns,
    levels: ['folder'],
    memory: memoryPlace(patterns, { terminal, prefix }),
  });
  const byFolder = sums.get('folder');
  const rows = folders.map(({ tag, prefix, path }) => ({
    tag,
    prefix,
    folder: path,
    ...(byFolder?.get(path) ?? newTally()),
  }));
  if (terminal.isJson) terminal.json(rows);
  else list(rows, wrong, terminal);
  return wrong.length === 0 ? EXIT_CODE.fine : EXIT_CODE.found;
};

function list(rows: readonly TagRow[], wrong: readonly WrongEntry[], terminal: Terminal): void {
  if (rows.length === 0) {
    terminal.note('nothing is stored here: name another folder of tags with --tmpdir or STOWAGE_TMPDIR');
    return;
  }
  const total: TagRow = { tag: `${String(rows.length)} tags`, prefix: '', folder: '', ...sumOf(rows) };
  terminal.table(rows.length === 1 ? rows : [...rows, total], [
    { head: 'TAG', cell: ({ tag }) => tag },
    { head: 'PREFIX', cell: ({ prefix }) => prefix, isWanted: rows.some(({ prefix }) => prefix !== 'cache') },
    ...tallyColumns(total),
    { head: 'LAST USE', cell: ({ lastUse }) => day(lastUse) },
  ]);
  for (const { name, state } of wrong.slice(0, MOST_NAMED)) terminal.note(`${name}: ${state}; see stowage verify`);
  if (wrong.length > MOST_NAMED) terminal.note(`and ${String(wrong.length - MOST_NAMED)} more`);
}

const MOST_NAMED = 10;
