/** `stowage clear`: removes entries. */
import { refuseIfReadonly } from '../../base/settings.js';
import { settleAll } from '../../store/entry/leftovers.js';
import { forgetDamaged, forgetEntry } from '../../store/maintain/remove.js';
import { entriesOf, type StoredState } from '../choose/catalog.js';
import type { Work } from '../terminal/command.js';
import { confirm } from '../terminal/confirm.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { amountOf, carryOut, rehearse, reportRemoved, seenEntry, type Plan } from '../choose/removal.js';
import { nothingFits, pick } from '../choose/selection.js';

interface Options {
  dryRun?: true;
  yes?: true;
}

/** Foreign entries, and those that only a later version knows, stay. */
const KEPT: readonly StoredState[] = ['foreign', 'unreadable'];

export const work: Work<Options> = async (texts, { dryRun, yes }, context) => {
  const { terminal } = context;
  if (dryRun !== true) refuseIfReadonly('stowage clear');
  const { folders, patterns } = pick(texts, context);
  // A result that a dead process had all but stored would be finished later, and be back.
  if (dryRun !== true) for (const { path } of folders) settleAll(path);
  const entries = folders
    .flatMap((folder) => [...entriesOf(folder, patterns)])
    .filter(({ state }) => !KEPT.includes(state));
  if (entries.length === 0) throw nothingFits(texts, context);
  const plan: Plan = {
    entries,
    freed: ({ dataBytes, recordBytes }) => dataBytes + recordBytes,
    remove: (entry) => (entry.summary === undefined ? forgetDamaged(seenEntry(entry)) : forgetEntry(seenEntry(entry))),
  };
  if (dryRun === true) return rehearse(plan, terminal);
  if (!(await confirm(`Remove ${amountOf(entries, plan.freed)}?`, yes === true, terminal))) return EXIT_CODE.found;
  return reportRemoved(await carryOut(plan, terminal), plan, terminal);
};
