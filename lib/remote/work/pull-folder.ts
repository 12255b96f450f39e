/** All that a remote has of a tag, on its way to the folder of that tag. */
import { runAsync, type Flow } from '../../base/run/flow.js';
import { codecOfBrought, stageBrought } from '../../store/entry/bring.js';
import { findEntry } from '../../store/entry/find.js';
import { placeOf } from '../../store/disk/place.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { StoredEntry } from '../../store/record/stored-entry.js';
import type { Backend } from '../contract/backend.js';
import { checkData, dataOf, LARGEST_ENVELOPE, openEnvelope } from '../contract/envelope.js';
import { RefusedError } from '../contract/refused.js';
import type { Signer } from '../contract/signature.js';
import { inTurn } from './in-turn.js';
import { inOrder, recordsIn, type ListedRecord } from './listing.js';
import { entriesByIdentity, type MoveOptions } from './push-folder.js';

/** Something that lies in a remote and is not what it must be. */
export interface RefusedObject {
  /** Its URL. */
  url: string;
  reason: string;
}

/** What was pulled. */
export interface PullReport {
  /** Results that are here now and were not before. */
  pulled: number;
  /** Those that were here already. */
  present: number;
  /** Those that are others', or of a codec that is not registered here. */
  skipped: number;
  refused: RefusedObject[];
  /** Of data that was pulled. */
  bytes: number;
}

/** Which folder is filled. */
export interface PullPlace {
  tmpdir: string;
  /** The folder of the tag. */
  folder: string;
  /** What the names of the tag's records begin with. */
  prefix: string;
}

const AT_A_TIME = 8;

/** @throws RemoteError where the remote fails; what was pulled until then is here, and pulling again goes on */
export async function pullFolder(
  { tmpdir, folder, prefix }: PullPlace,
  backend: Backend,
  signer: Signer | undefined,
  { matches = () => true, onProgress, signal }: MoveOptions = {},
): Promise<PullReport> {
  const report: PullReport = { pulled: 0, present: 0, skipped: 0, refused: [], bytes: 0 };
  const here = entriesByIdentity(folder);
  const there = [...(await recordsIn(backend, prefix))];
  let done = 0;
  const pull = async (identity: string, listed: readonly ListedRecord[]): Promise<void> => {
    if (signal?.aborted === true) return;
    const before = here.get(identity);
    for (const { name, generation } of inOrder(listed)) {
      if (before !== undefined && !isWanted(before, generation)) {
        report.present++;
        break;
      }
      const outcome = await one(name);
      if (outcome === 'refused') continue;
      report[outcome]++;
      break;
    }
    onProgress?.({ done: ++done, total: there.length });
  };
  const one = async (name: string): Promise<'pulled' | 'present' | 'skipped' | 'refused'> => {
    try {
      const bytes = await backend.get(name, LARGEST_ENVELOPE);
      if (bytes === undefined) return 'skipped';
      const opened = openEnvelope(name, bytes, signer);
      const { record } = opened;
      if (!matches(record.identity)) return 'skipped';
      const dataName = dataOf(opened);
      let { data } = opened;
      if (dataName !== undefined && data === undefined) {
        data = await backend.get(dataName, record.bytes);
        if (data === undefined) throw new RefusedError('its data is gone');
        checkData(opened, data);
      }
      const outcome = await runAsync(commit(tmpdir, record, data));
      if (outcome === 'pulled') report.bytes += data?.length ?? 0;
      return outcome;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      report.refused.push({ url: `${backend.url}/${name}`, reason: error.message });
      return 'refused';
    }
  };
  const turn = inTurn(AT_A_TIME);
  const results = await Promise.allSettled(there.map(([identity, listed]) => turn(() => pull(identity, listed))));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return report;
}

/** What was invalidated here, or pruned, is missed here. */
function isWanted({ record }: StoredEntry, generation: number): boolean {
  return generation > record.generation || (generation === record.generation && isMissing(record));
}

function isMissing({ pruned, invalidated }: EntryRecord): boolean {
  return pruned !== undefined || invalidated === true;
}

function* commit(
  tmpdir: string,
  record: EntryRecord,
  data: Uint8Array | undefined,
): Flow<'pulled' | 'present' | 'skipped'> {
  const codec = codecOfBrought(record, data);
  if (codec === undefined) return 'skipped';
  const place = placeOf(tmpdir, record.identity);
  // What was adopted by its name is here under another identity, and what came meanwhile was not here before.
  const found = findEntry(place, record.identity);
  if (found.kind === 'newer') return 'skipped';
  if (found.kind === 'entry' && !isWanted(found, record.generation)) return 'present';
  const staged = yield* stageBrought(place, record, codec, data, { durable: true });
  try {
    staged.commit();
  } catch (error) {
    staged.abandon();
    throw error;
  }
  return 'pulled';
}
