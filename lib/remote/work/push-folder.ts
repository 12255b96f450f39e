/** All that is stored in the folder of a tag, on its way to a remote that may have some of it. */
import { storedEntries } from '../../store/maintain/clear.js';
import type { Identity } from '../../store/record/identity.js';
import type { StoredEntry } from '../../store/record/stored-entry.js';
import type { Backend } from '../contract/backend.js';
import { identityDigest, nameOfRecord, tagPrefix } from '../contract/layout.js';
import type { Signer } from '../contract/signature.js';
import { inTurn } from './in-turn.js';
import { recordsIn } from './listing.js';
import { isFit, pushEntry } from './push-entry.js';

/** What was pushed. */
export interface PushReport {
  /** Results that are there now and were not before. */
  pushed: number;
  /** Those that were there already. */
  present: number;
  /** Those of which there is nothing to push: pruned, invalidated, adopted, damaged, or too large for one request. */
  skipped: number;
  /** Of data that was pushed. */
  bytes: number;
}

/** How results are moved between here and a remote. */
export interface MoveOptions {
  /** Which results are meant. @defaultValue all */
  matches?: (identity: Identity) => boolean;
  /** Told after each result. */
  onProgress?: (progress: { done: number; total: number }) => void;
  /** Ends it between two results; what was moved until then is whole. */
  signal?: AbortSignal;
}

const AT_A_TIME = 8;

/** A result that was computed so many seconds after the one that lies there was put there is another one. */
const CLOCKS_DIFFER = 60;

/** @throws RemoteError where the remote fails; what was pushed until then is there, and pushing again goes on */
export async function pushFolder(
  folder: string,
  backend: Backend,
  signer: Signer | undefined,
  { matches = () => true, onProgress, signal }: MoveOptions = {},
): Promise<PushReport> {
  const report: PushReport = { pushed: 0, present: 0, skipped: 0, bytes: 0 };
  const entries = [...storedEntries(folder)].filter(({ record }) => matches(record.identity));
  const total = entries.length;
  let done = 0;
  const known = await modifiedOf(entries, backend);
  const push = async ({ stem, record }: StoredEntry): Promise<void> => {
    if (signal?.aborted === true) return;
    if (!isFit(record)) report.skipped++;
    else {
      const modifiedAt = known.get(nameOfRecord(record));
      // It was computed anew since: it had expired, or was refreshed.
      const replaces = modifiedAt !== undefined && record.computedAt > modifiedAt + CLOCKS_DIFFER;
      if (modifiedAt !== undefined && !replaces) report.present++;
      else {
        const { outcome, bytes } = await pushEntry(stem, backend, signer, { replaces });
        report[outcome === 'unfit' ? 'skipped' : outcome]++;
        if (outcome === 'pushed') report.bytes += bytes;
      }
    }
    onProgress?.({ done: ++done, total });
  };
  const turn = inTurn(AT_A_TIME);
  const results = await Promise.allSettled(entries.map((entry) => turn(() => push(entry))));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return report;
}

/** When each of the records that lie there was put there, in seconds since the epoch. */
async function modifiedOf(entries: readonly StoredEntry[], backend: Backend): Promise<Map<string, number>> {
  const prefixes = new Set(entries.map(({ record }) => tagPrefix(record.identity)));
  const known = new Map<string, number>();
  for (const prefix of prefixes) {
    for (const records of (await recordsIn(backend, prefix)).values())
      for (const { name, modifiedAt } of records) known.set(name, modifiedAt);
  }
  return known;
}

/** Results that are here, by the digests of their identities. */
export function entriesByIdentity(folder: string): Map<string, StoredEntry> {
  return new Map([...storedEntries(folder)].map((entry) => [identityDigest(entry.record.identity), entry]));
}
