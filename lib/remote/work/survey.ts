/** What lies in a remote: how much of each tag, and whether it is what it must be. */
import type { Backend, Listed } from '../contract/backend.js';
import { checkData, dataOf, LARGEST_ENVELOPE, openEnvelope, type Opened } from '../contract/envelope.js';
import { CLAIMS, DATA, digestInName, folderShown, readRecordName, RECORDS } from '../contract/layout.js';
import { RefusedError } from '../contract/refused.js';
import type { Signer } from '../contract/signature.js';
import { inTurn } from './in-turn.js';
import type { RefusedObject } from './pull-folder.js';

/** What there is of a tag. */
export interface RemoteTag {
  /** Prefix and tag. */
  folder: string;
  /** Results, those of other code and other input counted by themselves. */
  records: number;
  /** Of the records, with the data that lies in them. */
  bytes: number;
  /** Seconds since the epoch. */
  latest: number;
}

export async function tagsIn(backend: Backend): Promise<RemoteTag[]> {
  const tags = new Map<string, RemoteTag>();
  for await (const { name, bytes, modifiedAt } of backend.list(RECORDS)) {
    if (readRecordName(name) === undefined) continue;
    const folder = folderShown(name);
    const tag = tags.get(folder) ?? { folder, records: 0, bytes: 0, latest: 0 };
    tag.records++;
    tag.bytes += bytes;
    tag.latest = Math.max(tag.latest, modifiedAt);
    tags.set(folder, tag);
  }
  return [...tags.values()].sort((one, other) => (one.folder < other.folder ? -1 : 1));
}

/** What a look at all of a remote came to. */
export interface SurveyReport {
  records: number;
  sound: number;
  refused: RefusedObject[];
  /** Objects that belong to no sound record. */
  unused: number;
  /** Objects that were removed. */
  removed: number;
  /** Of what was removed. */
  bytes: number;
}

export interface SurveyOptions {
  /** Read all data, too. @defaultValue it is asked whether it is there, and how long it is */
  data?: boolean;
  /** Remove records that are not sound. @defaultValue `false` */
  repair?: boolean;
  /** Remove data that no record names, and records that later generations have replaced. @defaultValue `false` */
  collect?: boolean;
  /** Only say what would be removed. */
  dryRun?: boolean;
  /** What was put there later than this, in seconds since the epoch, is not removed: its record may be about to come. */
  before: number;
  /** Only records of tags of which this is true. */
  matches?: (folder: string) => boolean;
  onProgress?: (progress: { done: number; total: number }) => void;
  signal?: AbortSignal;
}

const AT_A_TIME = 8;

/** What a process was writing into a folder that was killed. */
const UNFINISHED = '.tmp';

/** Looks at every record, and at what it names. @throws RemoteError where the remote fails */
export async function survey(
  backend: Backend,
  signer: Signer | undefined,
  { data, repair, collect, dryRun, before, matches = () => true, onProgress, signal }: SurveyOptions,
): Promise<SurveyReport> {
  const report: SurveyReport = { records: 0, sound: 0, refused: [], unused: 0, removed: 0, bytes: 0 };
  const remove = async ({ name, bytes, modifiedAt }: Listed): Promise<void> => {
    if (modifiedAt >= before) return;
    report.removed++;
    report.bytes += bytes;
    if (dryRun !== true) await backend.delete(name);
  };
  // The data is listed first: what is put there meanwhile is younger than the list.
  const stored: Listed[] = [];
  // Claims whose owners live are young.
  for (const kind of collect === true ? [DATA, CLAIMS] : [])
    for await (const each of backend.list(kind)) stored.push(each);
  const listed: Listed[] = [];
  for await (const each of backend.list(RECORDS)) {
    if (signal?.aborted === true) return report;
    if (!matches(folderShown(each.name))) continue;
    if (!each.name.endsWith(UNFINISHED)) listed.push(each);
    else if (collect === true) stored.push(each);
  }
  const latest = latestGenerations(listed);
  const used = new Set<string>();
  let done = 0;
  const look = async (each: Listed): Promise<void> => {
    if (signal?.aborted === true) return;
    report.records++;
    try {
      const opened = await open(each.name, backend, signer, data === true);
      if (opened?.sha256 !== undefined) used.add(opened.sha256);
      report.sound++;
      const name = readRecordName(each.name);
      if (name !== undefined && name.generation < (latest.get(name.identity) ?? 0)) {
        report.unused++;
        if (collect === true) await remove(each);
      }
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      report.refused.push({ url: `${backend.url}/${each.name}`, reason: error.message });
      if (repair === true) await remove(each);
    }
    onProgress?.({ done: ++done, total: listed.length });
  };
  const turn = inTurn(AT_A_TIME);
  await Promise.all(listed.map((each) => turn(() => look(each))));
  // Not all records were read: what seems unused may be in use.
  if (signal?.aborted === true) return report;
  for (const each of stored) {
    const digest = digestInName(each.name);
    if (digest !== undefined && used.has(digest)) continue;
    report.unused++;
    await remove(each);
  }
  return report;
}

function latestGenerations(listed: readonly Listed[]): Map<string, number> {
  const latest = new Map<string, number>();
  for (const { name } of listed) {
    const { identity, generation } = readRecordName(name) ?? {};
    if (identity !== undefined) latest.set(identity, Math.max(generation ?? 0, latest.get(identity) ?? 0));
  }
  return latest;
}

/** @throws RefusedError where the record, or the data that it names, is not what it must be */
async function open(
  name: string,
  backend: Backend,
  signer: Signer | undefined,
  readsData: boolean,
): Promise<Opened | undefined> {
  const bytes = await backend.get(name, LARGEST_ENVELOPE);
  if (bytes === undefined) return undefined;
  const opened = openEnvelope(name, bytes, signer);
  const dataName = dataOf(opened);
  if (dataName === undefined || opened.data !== undefined) return opened;
  if (readsData) {
    const data = await backend.get(dataName, opened.record.bytes);
    if (data === undefined) throw new RefusedError('its data is gone');
    checkData(opened, data);
  } else {
    const found = await backend.head(dataName);
    if (found === undefined) throw new RefusedError('its data is gone');
    if (found.bytes !== opened.record.bytes)
      throw new RefusedError(`its data has ${String(found.bytes)} bytes instead of ${String(opened.record.bytes)}`);
  }
  return opened;
}
