/** `stowage explain`: does an entry still hold, and why not? */
import { dirname } from 'node:path';
import { readRecordText } from '../../store/record/read-text.js';
import { parseRecord, type EntryRecord } from '../../store/record/record.js';
import { entriesOf, type CatalogEntry } from '../choose/catalog.js';
import type { Work } from '../terminal/command.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { entryMeant, nameOf } from '../choose/entry-meant.js';
import { moment } from '../terminal/moment.js';
import { Patterns } from '../choose/pattern.js';
import { changesToLatest, latestCodes } from '../choose/prune-choice.js';
import { ingredientsOf, ownObjections, type IngredientStanding } from '../choose/standing.js';
import { tagFolders } from '../choose/tag-folder.js';
import type { Terminal } from '../terminal/terminal.js';

/** What there is to say of an entry. */
interface Explained {
  entry: string;
  /** `'holds'`: nothing that can be seen from here stands against it. */
  verdict: 'holds' | 'stale' | 'unusable';
  /** What stands against it. */
  reasons: string[];
  /** Facts worth knowing that are no objections. */
  notes: string[];
  madeOf: IngredientStanding[];
}

export const work: Work = async ([text = ''], _options, context) => {
  const { terminal } = context;
  const entry = entryMeant(text, context);
  const record = entry.state === 'foreign' ? undefined : parseRecord(readRecordText(`${entry.stem}.json`) ?? '');
  const explained = record === undefined ? unusable(entry) : explain(entry, record);
  if (terminal.isJson) terminal.json(explained);
  else tell(explained, terminal);
  return Promise.resolve(explained.verdict === 'holds' ? EXIT_CODE.fine : EXIT_CODE.found);
};

function unusable(entry: CatalogEntry): Explained {
  return {
    entry: nameOf(entry),
    verdict: 'unusable',
    reasons: [UNUSABLE_BECAUSE[entry.state] ?? entry.state],
    notes: [],
    madeOf: [],
  };
}

const UNUSABLE_BECAUSE: Partial<Record<CatalogEntry['state'], string>> = {
  damaged: 'the record is not what was written',
  'missing data': 'the data is gone, and nobody has pruned it',
  foreign: "it is the copy of another tag's or another call's entry",
  unreadable: 'a later version of Stowage wrote it',
};

function explain(entry: CatalogEntry, record: EntryRecord): Explained {
  const madeOf = ingredientsOf(record, dirname(entry.folder.path));
  const changed = madeOf.filter(({ state }) => state === 'changed').map(({ name, detail }) => `${name}: ${detail}`);
  const reasons = [...ownObjections(record), ...changed];
  const isMissing = entry.state === 'missing data';
  return {
    entry: nameOf(entry),
    verdict: isMissing ? 'unusable' : reasons.length === 0 ? 'holds' : 'stale',
    reasons: isMissing ? [UNUSABLE_BECAUSE['missing data'] ?? '', ...reasons] : reasons,
    notes: notesOn(entry, record),
    madeOf,
  };
}

/** Of a name in any tag: the folder of a method's calls, or one plain call. */
function* sameMethodOf({ folder, name }: CatalogEntry): Generator<CatalogEntry> {
  const patterns = new Patterns([`*/${name}`], tagFolders(dirname(folder.path), undefined));
  for (const each of patterns.folders) yield* entriesOf(each, patterns);
}

function notesOn(
  entry: CatalogEntry,
  { pruned, adopted, generation, code, codeSeen, computedAt }: EntryRecord,
): string[] {
  const notes = [`computed ${moment(computedAt)}${code === '' ? '' : ` by code ${code}`}`];
  if (entry.state === 'pruned')
    notes.push(
      `its data was removed on ${moment(pruned ?? 0)}; what was computed from it holds, and it is computed again when it is asked for`,
    );
  if (entry.version !== undefined)
    notes.push('it is an earlier version: it is used when the code that it comes from is back');
  if (adopted === true) notes.push('another program wrote it; what it was made of is not known');
  if (generation > 0 && adopted !== true)
    notes.push(`generation ${String(generation)}: it was invalidated by hand before`);
  const changes = entry.version === undefined ? changesToLatest(entry, latestCodes(sameMethodOf(entry))) : [];
  if (changes.length > 0) {
    notes.push(
      `the latest result of its method was computed by other code: ${changes.join(', ')}; it is computed again, unless onCodeChange is another`,
    );
  }
  const { why, opaque = [] } = codeSeen ?? {};
  if (why !== undefined) notes.push(`of its code, the text of the method alone is known: ${why}`);
  if (opaque.length > 0) notes.push(`of its code, this may change unnoticed: ${opaque.join(', ')}`);
  return notes;
}

function tell({ entry, verdict, reasons, notes, madeOf }: Explained, terminal: Terminal): void {
  const { green, yellow, red } = terminal.colors;
  const inColor = {
    holds: green('holds, as far as the records tell'),
    stale: yellow('stale'),
    unusable: red('unusable'),
  };
  terminal.line(entry);
  terminal.coloured(inColor[verdict]);
  for (const reason of reasons) terminal.line(`- ${reason}`);
  for (const note of notes) terminal.line(`  ${note}`);
  if (madeOf.length === 0) return;
  terminal.line();
  terminal.table(madeOf, [
    { head: 'MADE OF', cell: ({ name }) => name },
    { head: 'KIND', cell: ({ kind }) => kind },
    { head: 'STATE', cell: ({ state }) => state, isState: true },
    { head: '', cell: ({ detail }) => detail },
  ]);
}
