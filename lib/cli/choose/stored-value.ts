/** The value of an entry that a list shows. */
import { runAsync, type Flow } from '../../base/run/flow.js';
import { loadEntry, loadRecord, type Loaded } from '../../store/entry/load.js';
import { placeUnder } from '../../store/entry/leftovers.js';
import type { EntryRecord } from '../../store/record/record.js';
import { moment } from '../terminal/moment.js';
import type { CatalogEntry } from './catalog.js';

/** Copies of other tags' entries are not loaded: what they say of themselves is not so. */
export async function loadValue(entry: CatalogEntry, record: EntryRecord): Promise<Loaded | undefined> {
  const { folder, stem, version, state } = entry;
  if (state === 'foreign') return undefined;
  if (version !== undefined) return runAsync(loadRecord({ stem, record }));
  const { identity } = record;
  return runAsync(loadEntry(placeUnder(folder.path, identity), identity, { refuse: never, writable: false }));
}

/** Shown results need not be valid. */
// eslint-disable-next-line require-yield -- a flow without steps
function* never(): Flow<undefined> {
  return undefined;
}

/** Why there is no value to show. */
export function whyNot({ state }: CatalogEntry, loaded: Loaded | undefined): string {
  switch (loaded?.kind) {
    case 'pruned':
      return `the data was removed on ${moment(loaded.record.pruned ?? 0)}; what was computed from it holds`;
    case 'corrupt':
      return `damaged: ${loaded.reason}`;
    case 'unreadable':
      return `it cannot be read by this command: ${loaded.error.message}`;
    default:
      return state === 'damaged' ? 'damaged: the record is not what was written' : `nothing to show: ${state}`;
  }
}
