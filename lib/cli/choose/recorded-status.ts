/** Which results are up to date as far as records and files tell, where no program is at hand to say more. */
import { dirname } from 'node:path';
import type { CallStatus } from '../../method/report/method-status.js';
import { readRecordText } from '../../store/record/read-text.js';
import { parseRecord } from '../../store/record/record.js';
import type { Identity } from '../../store/record/identity.js';
import { WRONG_STATES, type CatalogEntry } from './catalog.js';
import { changesToLatest, latestCodes } from './prune-choice.js';
import { ingredientsOf, ownObjections } from './standing.js';

/**
 * The calls of entries: each with what stands against it. What is not stored cannot be seen from here.
 * @param entries all of them, since the code of each is compared with that of its method's latest result
 */
export function recordedStatuses(entries: readonly CatalogEntry[]): CallStatus[] {
  const latest = latestCodes(entries);
  return entries.flatMap((entry) => {
    const { identity, version, state } = entry;
    if (identity === undefined || version !== undefined || state === 'foreign') return [];
    return statusOf(entry, identity, changesToLatest(entry, latest));
  });
}

function statusOf({ stem, state, folder }: CatalogEntry, identity: Identity, changes: readonly string[]): CallStatus {
  const record = parseRecord(readRecordText(`${stem}.json`) ?? '');
  if (record === undefined || WRONG_STATES.includes(state)) return { identity, state: 'stale', reason: state, record };
  if (state === 'pruned') return { identity, state: 'missing', reason: 'its data was removed to make room', record };
  const [objection] = ownObjections(record);
  if (objection !== undefined) return { identity, state: 'stale', reason: objection, record };
  const changed = ingredientsOf(record, dirname(folder.path)).find((each) => each.state === 'changed');
  if (changed !== undefined) return { identity, state: 'stale', reason: `${changed.name}: ${changed.detail}`, record };
  if (changes.length === 0) return { identity, state: 'current', reason: '', record };
  return {
    identity,
    state: 'older',
    reason: `the latest result of its method is of other code: ${changes.join(', ')}`,
    record,
  };
}
