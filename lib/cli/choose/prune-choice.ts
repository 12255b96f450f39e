/** Which entries are pruned. */
import { changesBetween, type RecordedCode } from '../../store/record/code-seen.js';
import type { RecordSummary } from '../../store/record/record.js';
import { dispensable } from '../../store/maintain/dispensable.js';
import { withoutVersion } from '../../store/entry/versions.js';
import { WRONG_STATES, type CatalogEntry } from './catalog.js';

/** By what entries are chosen: all that is given must hold. */
export interface PruneConditions {
  /** Computed longer ago, in seconds. */
  olderThan?: number;
  /** Not looked at by a call for as long, in seconds. */
  unusedFor?: number;
  /** Computed by another code than the latest result of the same method. */
  code?: true;
  /** No more than brings all entries together down to this many bytes, those that are cheapest to recompute first. */
  maxSize?: number;
  /** An earlier version, and not one of so many of its entry that were computed last. */
  keepVersions?: number;
  /** The records are to go, too. */
  forget?: true;
}

/**
 * @param entries the ones that may be chosen, and whose size counts
 * @param latest codes of {@link latestCodes}
 * @param now in seconds since the epoch
 */
export function choosePrunable(
  entries: readonly CatalogEntry[],
  conditions: PruneConditions,
  latest: ReadonlyMap<string, RecordedCode>,
  now: number,
): CatalogEntry[] {
  const { olderThan = -Infinity, unusedFor = -Infinity, code, keepVersions, maxSize, forget } = conditions;
  const excess = keepVersions === undefined ? undefined : excessVersions(entries, keepVersions);
  const candidates = entries.filter(
    (entry): entry is Known =>
      canGo(entry, forget === true) &&
      entry.summary.computedAt <= now - olderThan &&
      entry.lastUse <= now - unusedFor &&
      excess?.has(entry) !== false &&
      (code !== true || changesToLatest(entry, latest).length > 0),
  );
  return maxSize === undefined ? candidates : cheapest(candidates, entries, maxSize, freedBy(forget === true));
}

/** Bytes that removing an entry frees: its data, or all of it. */
export function freedBy(forget: boolean): (entry: CatalogEntry) => number {
  return ({ dataBytes, recordBytes }) => dataBytes + (forget ? recordBytes : 0);
}

/** What function caches write as the class of their root. */
const PERSISTED_FUNCTIONS = 'persist';

type Known = CatalogEntry & { summary: RecordSummary };

/**
 * A value that lives in its record takes no room that removing it would make. An entry that a program names itself need
 * not be a result: buckets and managed caches hold values that a program put there, which cannot be computed again.
 */
function canGo(entry: CatalogEntry, forget: boolean): entry is Known {
  const { state, summary, dataBytes } = entry;
  if (summary === undefined || state === 'foreign') return false;
  if (summary.identity.name !== undefined) return forget && summary.identity.rootClass === PERSISTED_FUNCTIONS;
  return forget || (dataBytes > 0 && !WRONG_STATES.includes(state));
}

/**
 * The code by which each method's latest result was computed, or as whose result it was accepted since. What another
 * program computed has none.
 */
export function latestCodes(entries: Iterable<CatalogEntry>): Map<string, RecordedCode> {
  const latest = new Map<string, RecordedCode & { computedAt: number }>();
  for (const { state, version, summary } of entries) {
    if (version !== undefined || summary === undefined || summary.code === '' || state === 'foreign') continue;
    const { code, codeSeen, computedAt } = summary;
    const known = latest.get(methodOf(summary));
    if (known !== undefined && known.computedAt >= computedAt) continue;
    latest.set(methodOf(summary), { code, ...(codeSeen !== undefined && { codeSeen }), computedAt });
  }
  return latest;
}

/** What the code of the latest result of its method has otherwise, in words; empty where that is the same. */
export function changesToLatest(
  { summary }: Pick<CatalogEntry, 'summary'>,
  latest: ReadonlyMap<string, RecordedCode>,
): string[] {
  const now = summary && latest.get(methodOf(summary));
  return summary === undefined || now === undefined ? [] : changesBetween(summary, now);
}

/** Of one class: what a method calls on its object may be another method in an heir. */
function methodOf({ identity }: Known['summary']): string {
  return [identity.rootClass, identity.class ?? identity.instance, identity.method].join('\0');
}

/** The earlier versions of each entry but the last few. */
function excessVersions(entries: readonly CatalogEntry[], most: number): Set<CatalogEntry> {
  const byEntry = new Map<string, CatalogEntry[]>();
  for (const entry of entries) {
    if (entry.version === undefined) continue;
    const name = withoutVersion(entry.stem);
    byEntry.set(name, [...(byEntry.get(name) ?? []), entry]);
  }
  const computedAt = ({ summary }: CatalogEntry): number => summary?.computedAt ?? 0;
  return new Set(
    [...byEntry.values()].flatMap((versions) =>
      versions.sort((one, other) => computedAt(other) - computedAt(one)).slice(most),
    ),
  );
}

/** As many as bring the size down. */
function cheapest(
  candidates: readonly Known[],
  all: readonly CatalogEntry[],
  maxSize: number,
  freed: (entry: CatalogEntry) => number,
): Known[] {
  // What it would cost to compute a file again that another program wrote is not known.
  const holdings = candidates
    .filter(({ summary }) => summary.adopted !== true)
    .map((entry) => ({
      entry,
      bytes: freed(entry),
      seconds: entry.summary.seconds,
      lastUse: entry.lastUse,
      isVersion: entry.version !== undefined,
    }));
  const size = all.reduce((total, entry) => total + freed(entry), 0);
  return dispensable(holdings, { bytes: size - maxSize, items: 0 }).map(({ entry }) => entry);
}
