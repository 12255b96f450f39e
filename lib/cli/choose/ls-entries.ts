/** `stowage ls tag/…`: the entries. */
import { humanBytes, humanSeconds } from '../../base/text/human.js';
import { compareNames } from '../../base/text/order.js';
import { cutOff } from '../../store/record/arguments.js';
import { WRONG_STATES, type CatalogEntry } from './catalog.js';
import type { Context } from '../terminal/command.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { nameOf } from './entry-meant.js';
import { moment } from '../terminal/moment.js';
import { pickEntries } from './selection.js';

export function listEntries(patterns: readonly string[], context: Context): number {
  const { terminal } = context;
  const entries = [...pickEntries(patterns, context)].sort((one, other) => compareNames(nameOf(one), nameOf(other)));
  if (terminal.isJson) {
    terminal.json(entries.map(entryJson));
  } else {
    terminal.table(entries, [
      { head: 'ENTRY', cell: nameOf },
      { head: 'ARGUMENTS', cell: argumentsOf, isWanted: entries.some((entry) => argumentsOf(entry) !== '') },
      { head: 'STATE', cell: stateOf, isState: true, isWanted: entries.some((entry) => stateOf(entry) !== 'stored') },
      { head: 'VALUE', cell: valueOf },
      { head: 'SIZE', cell: ({ dataBytes, recordBytes }) => humanBytes(dataBytes + recordBytes), align: 'right' },
      {
        head: 'TOOK',
        cell: ({ summary }) => (summary === undefined ? '' : humanSeconds(summary.seconds)),
        align: 'right',
      },
      { head: 'COMPUTED', cell: ({ summary }) => moment(summary?.computedAt ?? 0), align: 'right' },
    ]);
  }
  return entries.some(({ state }) => WRONG_STATES.includes(state)) ? EXIT_CODE.found : EXIT_CODE.fine;
}

/** `stored`, `pruned`; of an earlier version `version`, `pruned version`. */
export function stateOf({ state, version }: Pick<CatalogEntry, 'state' | 'version'>): string {
  if (version === undefined) return state;
  return state === 'stored' ? 'version' : `${state} version`;
}

/** What a script is told of an entry. */
export function entryJson(entry: CatalogEntry): object {
  const { folder, stem, version, state, dataBytes, recordBytes, lastUse, identity, summary } = entry;
  const { arguments: args, codec, type, dtype, shape, file, computedAt, seconds, code, pruned } = summary ?? {};
  return {
    entry: nameOf(entry),
    tag: folder.tag,
    record: `${stem}.json`,
    state,
    version,
    identity,
    arguments: args?.preview,
    codec,
    type,
    dtype,
    shape,
    file,
    dataBytes,
    recordBytes,
    seconds,
    computedAt,
    lastUse,
    pruned,
    code,
  };
}

const LONGEST_ARGUMENTS = 40;

function argumentsOf({ summary }: CatalogEntry): string {
  return cutOff(summary?.arguments?.preview ?? '', LONGEST_ARGUMENTS);
}

/** `Float64Array 3 × 4`. */
export function valueOf({ summary }: Pick<CatalogEntry, 'summary'>): string {
  const { type = '', dtype = '', shape = [] } = summary ?? {};
  return [type === '' ? dtype : type, shape.join(' × ')].filter((text) => text !== '').join(' ');
}
