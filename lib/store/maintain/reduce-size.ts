/** `reduceSize`: brings what is stored down to a size, an age or a number. */
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { now } from '../../base/clock.js';
import { InvalidOptionError } from '../../base/errors.js';
import { checked, that, time, type Check } from '../../base/text/check-options.js';
import type { Duration } from '../../base/text/duration.js';
import { throwDiskErrors } from '../entry/disk-errors.js';
import { isVersionStem } from '../entry/versions.js';
import { filesOf } from '../record/files-of.js';
import type { Identity } from '../record/identity.js';
import { readRecordFile } from '../record/read-record-file.js';
import { parseRecord, readSeal, type EntryRecord } from '../record/record.js';
import { recordFilesIn, tidyFolders } from './clear.js';
import { dispensable, type Holding } from './dispensable.js';
import type { Removal, SeenEntry } from './remove.js';

/** What may stay, at most; each limit holds by itself. */
export interface SizeLimits {
  /** Of all data together; what is cheapest to compute again, by the byte, goes first. */
  bytes?: number;
  /** Seconds, or a duration object, since a result was last used, as the file system knows it, or computed. */
  age?: number | Duration;
  /** How many results. */
  items?: number;
}

/** What {@link SizeLimits} had removed. */
export interface Reduced {
  bytes: number;
  items: number;
}

const amount = that('a number that is not negative', (value) => typeof value === 'number' && value >= 0);

const CHECKS: Record<keyof SizeLimits, Check> = {
  bytes: amount,
  age: time,
  items: that('a whole number that is not negative', (value) => Number.isSafeInteger(value) && (value as number) >= 0),
};

/** @throws InvalidOptionError where none is given, or one is not what it must be */
export function checkLimits(limits: unknown, where: string): { bytes: number; age: number; items: number } {
  const given = checked(limits, CHECKS, where);
  if (Object.keys(given).length > 0) return { bytes: Infinity, age: Infinity, items: Infinity, ...given };
  throw new InvalidOptionError(`${where} needs to know what may stay: bytes, age or items`);
}

interface Stored extends Holding {
  seen: SeenEntry;
  record: EntryRecord;
}

/** How results of a kind are removed. */
export interface Reduction {
  isMeant(identity: Identity, folder: string): boolean;
  /** The record stays: then what lives in records takes no room. */
  keepsRecord: boolean;
  remove(seen: SeenEntry): Removal;
}

/**
 * Reduces what lies in some folders, taken together.
 * @throws StowageError `STOWAGE_DISK` where a folder cannot be read, or a file not be removed
 */
export function reduceFolders(
  folders: Iterable<string>,
  limits: ReturnType<typeof checkLimits>,
  { isMeant, keepsRecord, remove }: Reduction,
): Reduced {
  const all = [...folders].flatMap((folder) =>
    throwDiskErrors(folder, 'read', () =>
      [...holdingsIn(folder, keepsRecord)].filter(({ bytes, record }) => bytes > 0 && isMeant(record.identity, folder)),
    ),
  );
  const oldest = now() - limits.age;
  const old = all.filter(({ lastUse }) => lastUse <= oldest);
  // What it would cost to compute a file again that another program wrote is not known.
  const young = all.filter(({ lastUse, record }) => lastUse > oldest && record.adopted !== true);
  const excess = { bytes: bytesOf(all) - bytesOf(old) - limits.bytes, items: all.length - old.length - limits.items };
  const gone = [...old, ...dispensable(young, excess)].filter(({ seen }) =>
    throwDiskErrors(seen.folder, 'removed', () => remove(seen) === 'removed'),
  );
  for (const folder of new Set(gone.map(({ seen }) => seen.folder))) {
    const emptied = gone.filter(({ seen }) => seen.folder === folder).map(({ seen }) => dirname(seen.stem));
    throwDiskErrors(folder, 'removed', () => {
      tidyFolders(folder, new Set(emptied));
    });
  }
  return { bytes: bytesOf(gone), items: gone.length };
}

function bytesOf(holdings: readonly Holding[]): number {
  return holdings.reduce((total, { bytes }) => total + bytes, 0);
}

function* holdingsIn(folder: string, keepsRecord: boolean): Generator<Stored> {
  for (const path of recordFilesIn(folder)) {
    const file = readRecordFile(path);
    const record = file && parseRecord(file.text);
    if (file === undefined || record === undefined) continue;
    const stem = path.slice(0, -'.json'.length);
    const data = filesOf(stem, record).map((each) => fs.statSync(each, { throwIfNoEntry: false })?.size ?? 0);
    const seal = readSeal(file.text);
    yield {
      record,
      seen: { folder, stem, ...(seal !== undefined && { seal }) },
      bytes: data.reduce((total, bytes) => total + bytes, keepsRecord ? 0 : file.bytes),
      seconds: record.seconds,
      lastUse: Math.max(file.readAt, record.computedAt),
      isVersion: isVersionStem(stem),
    };
  }
}
