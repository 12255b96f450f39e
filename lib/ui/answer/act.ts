/** What the page can do to entries: by the functions of the command line, and only to entries that are as they were seen. */
import { refuseIfReadonly } from '../../base/settings.js';
import { entryAt, type CatalogEntry } from '../../cli/choose/catalog.js';
import { nameOf } from '../../cli/choose/entry-meant.js';
import { amountOf, removeAll, seenEntry, type Plan } from '../../cli/choose/removal.js';
import { invalidateEntry } from '../../method/api/invalidate.js';
import { placeUnder } from '../../store/entry/leftovers.js';
import { forgetDamaged, forgetEntry, pruneEntry, type Removal } from '../../store/maintain/remove.js';
import { readRecordText } from '../../store/record/read-text.js';
import { parseRecord, readSeal } from '../../store/record/record.js';
import type { ActMessage, ActRequest, Verb } from '../contract/messages.js';
import type { Row } from '../watch/row.js';

interface Way {
  /** What is asked, and said afterwards. */
  says: [question: string, answer: string];
  freed: Plan['freed'];
  act: (entry: CatalogEntry) => Removal;
}

const WAYS: Readonly<Record<Verb, Way>> = {
  clear: {
    says: ['Remove', 'Removed'],
    freed: ({ dataBytes, recordBytes }) => dataBytes + recordBytes,
    act: (entry) => (entry.summary === undefined ? forgetDamaged(seenEntry(entry)) : forgetEntry(seenEntry(entry))),
  },
  prune: {
    says: ['Remove the data, and keep the records, of', 'Removed the data of'],
    freed: ({ dataBytes }) => dataBytes,
    act: (entry) => (entry.summary === undefined ? 'changed' : pruneEntry(seenEntry(entry))),
  },
  invalidate: {
    says: ['Say that these are no longer right:', 'Invalidated'],
    freed: () => 0,
    act: invalidate,
  },
};

/** @param rows as the page has seen them */
export async function act({ verb, isConfirmed }: ActRequest, rows: readonly Row[]): Promise<ActMessage> {
  const { says, freed, act: remove } = WAYS[verb];
  const entries = rows.map(entryOf).filter((entry) => entry !== undefined);
  const gone = rows.length - entries.length;
  const kept: ActMessage['kept'] = gone === 0 ? [] : [[`${gone} of them`, 'changed since they were looked at']];
  if (!isConfirmed) return { text: `${says[0]} ${amountOf(entries, freed)}?`, kept };
  refuseIfReadonly(`stowage ui: ${verb}`);
  const removed = await removeAll({ entries, freed, remove }, { signal: new AbortController().signal });
  return {
    text: `${says[1]} ${amountOf(removed.entries, freed)}`,
    kept: [...kept, ...removed.kept.map(({ entry, reason }): [string, string] => [nameOf(entry), reason])],
  };
}

/** Foreign entries, those of later versions, and those that are others by now, stay. */
function entryOf({ folder, place, seal }: Row): CatalogEntry | undefined {
  const entry = entryAt(folder, place);
  if (entry === undefined || entry.state === 'foreign' || entry.state === 'unreadable') return undefined;
  return entry.summary?.seal === seal ? entry : undefined;
}

function invalidate({ folder, stem, summary }: CatalogEntry): Removal {
  const text = readRecordText(`${stem}.json`) ?? '';
  const record = parseRecord(text);
  if (record === undefined || summary === undefined || readSeal(text) !== summary.seal) return 'changed';
  invalidateEntry({ stem, record }, placeUnder(folder.path, record.identity));
  return 'removed';
}
