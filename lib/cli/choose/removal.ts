/** Removing many entries, one after the other: at any moment, each is there as a whole or removed as a whole. */
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../../base/thrown.js';
import { humanBytes, humanSeconds } from '../../base/text/human.js';
import { tidyFolders } from '../../store/maintain/clear.js';
import type { Removal, SeenEntry } from '../../store/maintain/remove.js';
import type { CatalogEntry } from './catalog.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { nameOf } from './entry-meant.js';
import { progressOf } from '../terminal/progress.js';
import type { Terminal } from '../terminal/terminal.js';

/** The entries to remove. */
export interface Plan {
  entries: readonly CatalogEntry[];
  /** Bytes that removing an entry frees. */
  freed: (entry: CatalogEntry) => number;
  remove: (entry: CatalogEntry) => Removal;
}

/** What came of it. */
export interface Removed {
  entries: CatalogEntry[];
  /** Entries that stay, and why. */
  kept: { entry: CatalogEntry; reason: string }[];
  isInterrupted: boolean;
}

/** The facts by which the store knows that an entry is still the one seen here. */
export function seenEntry({ folder, stem, summary }: CatalogEntry): SeenEntry {
  return { folder: folder.path, stem, ...(summary !== undefined && { seal: summary.seal }) };
}

export async function carryOut(plan: Plan, terminal: Terminal): Promise<Removed> {
  const progress = progressOf('removing', () => plan.entries.length, terminal);
  const removed = await terminal.io.interruptible(async (signal) =>
    removeAll(plan, {
      signal,
      onStep: () => {
        progress.step();
      },
    }),
  );
  progress.end();
  return removed;
}

/** Without a terminal. @param how until when, and who hears of each */
export async function removeAll(
  { entries, remove }: Plan,
  { signal, onStep }: { signal: AbortSignal; onStep?: () => void },
): Promise<Removed> {
  const removed: Removed = { entries: [], kept: [], isInterrupted: false };
  // Earlier versions before the entry that would take them along.
  const inOrder = [...entries].sort(
    (one, other) => Number(one.version === undefined) - Number(other.version === undefined),
  );
  for (const entry of inOrder) {
    // Here, and nowhere else, an interruption is heard.
    await nextTurn();
    if (signal.aborted) break;
    const outcome = attempt(() => remove(entry));
    if (outcome === 'removed') removed.entries.push(entry);
    else removed.kept.push({ entry, reason: outcome });
    onStep?.();
  }
  removed.isInterrupted = signal.aborted;
  tidy(removed.entries);
  return removed;
}

const REASONS: Readonly<Record<Removal, string>> = {
  removed: 'removed',
  changed: 'it has changed since it was looked at',
  'in use': 'it is just being computed',
};

function attempt(remove: () => Removal): string {
  try {
    return REASONS[remove()];
  } catch (error) {
    return messageOf(error);
  }
}

/** Folders that were emptied go. */
function tidy(entries: readonly CatalogEntry[]): void {
  const emptied = new Map<string, Set<string>>();
  for (const { folder, stem } of entries) {
    const directories = emptied.get(folder.path) ?? new Set();
    emptied.set(folder.path, directories.add(dirname(stem)));
  }
  for (const [folder, directories] of emptied) tidyFolders(folder, directories);
}

/** `120 entries, 3.4 GB, which took 2.1 h to compute`. */
export function amountOf(entries: readonly CatalogEntry[], freed: Plan['freed']): string {
  const bytes = entries.reduce((total, entry) => total + freed(entry), 0);
  const seconds = entries.reduce((total, { summary }) => total + (summary?.seconds ?? 0), 0);
  const count = `${String(entries.length)} ${entries.length === 1 ? 'entry' : 'entries'}`;
  return `${count}, ${humanBytes(bytes)}, which took ${humanSeconds(seconds)} to compute`;
}

const MOST_NAMED = 20;

/** Says what would be removed, and removes nothing. */
export function rehearse({ entries, freed }: Plan, terminal: Terminal): number {
  if (terminal.isJson) {
    terminal.json({ dryRun: true, ...sumJson(entries, freed), kept: [] });
  } else {
    for (const entry of entries.slice(0, MOST_NAMED)) terminal.line(nameOf(entry));
    if (entries.length > MOST_NAMED) terminal.line(`and ${String(entries.length - MOST_NAMED)} more`);
    terminal.line(`would go: ${amountOf(entries, freed)}`);
  }
  return EXIT_CODE.fine;
}

/** Says what was removed. */
export function reportRemoved({ entries, kept, isInterrupted }: Removed, { freed }: Plan, terminal: Terminal): number {
  if (terminal.isJson) {
    const stayed = kept.map(({ entry, reason }) => ({ entry: nameOf(entry), reason }));
    terminal.json({ dryRun: false, interrupted: isInterrupted, ...sumJson(entries, freed), kept: stayed });
  } else {
    terminal.line(`gone: ${amountOf(entries, freed)}`);
    for (const { entry, reason } of kept.slice(0, MOST_NAMED)) terminal.note(`${nameOf(entry)} stays: ${reason}`);
    if (kept.length > MOST_NAMED) terminal.note(`and ${String(kept.length - MOST_NAMED)} more`);
  }
  if (isInterrupted) return EXIT_CODE.interrupted;
  return kept.length === 0 ? EXIT_CODE.fine : EXIT_CODE.found;
}

function sumJson(entries: readonly CatalogEntry[], freed: Plan['freed']): object {
  return {
    removed: entries.map(nameOf),
    bytes: entries.reduce((total, entry) => total + freed(entry), 0),
    seconds: entries.reduce((total, { summary }) => total + (summary?.seconds ?? 0), 0),
  };
}
