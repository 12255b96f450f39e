/** `stowage verify`: is everything what was written? */
import { relative } from 'node:path';
import { humanBytes } from '../../base/text/human.js';
import { entryStem, fileName } from '../../key/names/path-name.js';
import { refuseIfReadonly } from '../../base/settings.js';
import type { Identity } from '../../store/record/identity.js';
import type { VerifyProblem, VerifyReport } from '../../store/maintain/verify-report.js';
import { verifyFolder } from '../../store/maintain/verify.js';
import type { Work } from '../terminal/command.js';
import { recordNamesIn, type EntryName } from '../choose/entry-names.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { progressOf } from '../terminal/progress.js';
import { pick } from '../choose/selection.js';
import type { TagFolder } from '../choose/tag-folder.js';
import type { Terminal } from '../terminal/terminal.js';

interface Options {
  repair?: true;
}

/** Foreign entries, and those that this command cannot read, are no fault. */
const HARMLESS: readonly VerifyProblem[] = ['foreign', 'unreadable'];

export const work: Work<Options> = async (texts, { repair = false }, context) => {
  const { terminal } = context;
  if (repair) refuseIfReadonly('stowage verify --repair');
  const { folders, patterns } = pick(texts, context);
  const progress = progressOf(
    'verifying',
    () => folders.reduce((count, folder) => count + recordsIn(folder), 0),
    terminal,
  );
  const reports: VerifyReport[] = [];
  const isInterrupted = await terminal.io.interruptible(async (signal) => {
    for (const folder of folders) {
      const { isWhole, fits } = patterns.within(folder);
      const matches = (identity: Identity): boolean => fits(nameIn(identity));
      const report = await verifyFolder(folder.path, {
        repair,
        signal,
        onEntry: progress.step,
        ...(!isWhole && { matches }),
      });
      reports.push(report);
      if (signal.aborted) break;
    }
    return signal.aborted;
  });
  progress.end();
  if (terminal.isJson) terminal.json(reports);
  else tell(reports, context.tmpdir, terminal);
  if (isInterrupted) return EXIT_CODE.interrupted;
  return reports.some(isWrong) ? EXIT_CODE.found : EXIT_CODE.fine;
};

function recordsIn({ path }: TagFolder): number {
  return [...recordNamesIn(path)].length;
}

function nameIn({ instance, method, key, name }: Identity): EntryName {
  if (name !== undefined) return { name: fileName(name) };
  return { name: entryStem(instance, method), ...(key !== undefined && { key }) };
}

function isWrong({ problems }: VerifyReport): boolean {
  return (Object.entries(problems) as [VerifyProblem, number][]).some(
    ([problem, count]) => count > 0 && !HARMLESS.includes(problem),
  );
}

function tell(reports: readonly VerifyReport[], tmpdir: string, terminal: Terminal): void {
  const findings = reports.flatMap((report) => report.findings);
  if (findings.length > 0) {
    terminal.table(findings, [
      { head: 'FILE', cell: ({ file }) => relative(tmpdir, file) },
      { head: 'PROBLEM', cell: ({ problem }) => problem },
      {
        head: '',
        cell: ({ removed }) => (removed === true ? 'removed' : ''),
        isWanted: findings.some(({ removed }) => removed),
      },
      { head: 'DETAIL', cell: ({ detail }) => detail },
    ]);
  }
  const sum = (count: (report: VerifyReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  const pruned = sum((report) => report.pruned);
  const versions = sum((report) => report.versions);
  terminal.line(
    `${String(sum(({ sound }) => sound))} of ${String(sum(({ entries }) => entries))} entries are sound, ` +
      `${humanBytes(sum(({ bytes }) => bytes))} of data${pruned === 0 ? '' : `, ${String(pruned)} of them pruned`}` +
      (versions === 0 ? '' : `, ${String(versions)} of them earlier versions`),
  );
}
