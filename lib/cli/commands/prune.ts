/** `stowage prune`: makes room. */
import { now } from '../../base/clock.js';
import { refuseIfReadonly } from '../../base/settings.js';
import { forgetEntry, pruneEntry } from '../../store/maintain/remove.js';
import type { Work } from '../terminal/command.js';
import { confirm } from '../terminal/confirm.js';
import { UsageError } from '../terminal/errors.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import type { RecordedCode } from '../../store/record/code-seen.js';
import { choosePrunable, freedBy, latestCodes, type PruneConditions } from '../choose/prune-choice.js';
import { amountOf, carryOut, rehearse, reportRemoved, seenEntry, type Plan } from '../choose/removal.js';
import { pickEntries } from '../choose/selection.js';

interface Options extends PruneConditions {
  dryRun?: true;
  yes?: true;
}

export const work: Work<Options> = async (texts, options, context) => {
  const { terminal } = context;
  const { olderThan, unusedFor, code, maxSize, keepVersions, forget, dryRun, yes } = options;
  const conditions = [olderThan, unusedFor, code, maxSize, keepVersions];
  if (texts.length === 0 && conditions.every((condition) => condition === undefined)) {
    throw new UsageError(
      'say what is to go: tags or entries, --older-than, --unused-for, --max-size, --code or --keep-versions',
    );
  }
  if (dryRun !== true) refuseIfReadonly('stowage prune');
  // The latest result of a method may be of another tag than those that are meant.
  const latest = code === true ? latestCodes(pickEntries([], context)) : new Map<string, RecordedCode>();
  const entries = choosePrunable([...pickEntries(texts, context)], options, latest, now());
  const plan: Plan = {
    entries,
    freed: freedBy(forget === true),
    remove: (entry) => (forget === true ? forgetEntry : pruneEntry)(seenEntry(entry)),
  };
  if (dryRun === true || entries.length === 0) return rehearse(plan, terminal);
  const question = `Remove ${forget === true ? 'data and records' : 'the data'} of ${amountOf(entries, plan.freed)}?`;
  if (!(await confirm(question, yes === true, terminal))) return EXIT_CODE.found;
  return reportRemoved(await carryOut(plan, terminal), plan, terminal);
};
