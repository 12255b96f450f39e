/** `stowage remote`: what lies in a remote, whether it is sound, and what of it can go. */
import { now } from '../../base/clock.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { refuseIfReadonly } from '../../base/settings.js';
import { humanBytes } from '../../base/text/human.js';
import { wildcards } from '../../base/text/wildcards.js';
import { survey, tagsIn, type SurveyReport } from '../../remote/work/survey.js';
import { remoteMeant, type RemoteMeant } from '../choose/remote-meant.js';
import type { Work } from '../terminal/command.js';
import { UsageError } from '../terminal/errors.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { moment } from '../terminal/moment.js';
import { progressOf } from '../terminal/progress.js';
import type { Terminal } from '../terminal/terminal.js';

interface Options {
  remote?: string;
  data?: true;
  repair?: true;
  dryRun?: true;
  grace?: number;
}

/** Seconds for which data may wait for its record. */
const GRACE = 86_400;

type Action = (meant: RemoteMeant, texts: readonly string[], options: Options, terminal: Terminal) => Promise<number>;

const ls: Action = async ({ backend }, texts, _, terminal) => {
  const matches = matching(texts);
  const tags = (await tagsIn(backend)).filter(({ folder }) => matches(folder));
  if (terminal.isJson) terminal.json(tags);
  else
    terminal.table(tags, [
      { head: 'FOLDER', cell: ({ folder }) => folder },
      { head: 'RECORDS', cell: ({ records }) => String(records), align: 'right' },
      { head: 'SIZE', cell: ({ bytes }) => humanBytes(bytes), align: 'right' },
      { head: 'LATEST', cell: ({ latest }) => moment(latest) },
    ]);
  return EXIT_CODE.fine;
};

const verify: Action = async (meant, texts, { data = false, repair = false }, terminal) => {
  if (repair) refuseIfReadonly('stowage remote verify --repair');
  const { report, isInterrupted } = await surveyed(meant, 'verifying', terminal, {
    data,
    repair,
    before: Infinity,
    matches: matching(texts),
  });
  if (terminal.isJson) terminal.json(report);
  else {
    tellRefused(report, terminal);
    const removed = report.removed === 0 ? '' : `, ${String(report.removed)} removed`;
    terminal.line(`${String(report.sound)} of ${String(report.records)} records are sound${removed}`);
  }
  if (isInterrupted) return EXIT_CODE.interrupted;
  return report.refused.length === 0 ? EXIT_CODE.fine : EXIT_CODE.found;
};

const gc: Action = async (meant, texts, { dryRun = false, grace = GRACE }, terminal) => {
  if (texts.length > 0) throw new UsageError('remote gc looks at all tags: data may be that of any of them');
  if (!dryRun) refuseIfReadonly('stowage remote gc');
  const { report, isInterrupted } = await surveyed(meant, 'looking', terminal, {
    collect: true,
    dryRun,
    before: now() - grace,
  });
  if (terminal.isJson) terminal.json(report);
  else {
    tellRefused(report, terminal);
    const { removed, bytes } = report;
    terminal.line(`${dryRun ? 'would go' : 'removed'}: ${String(removed)} objects, ${humanBytes(bytes)}`);
  }
  return isInterrupted ? EXIT_CODE.interrupted : EXIT_CODE.fine;
};

const ACTIONS: Readonly<Record<string, Action>> = { ls, verify, gc };

export const work: Work<Options> = async ([name = '', ...texts], options, { terminal }) => {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  const names = Object.keys(ACTIONS);
  if (action === undefined)
    throw new UsageError(`remote takes ${names.join(', ')}, not '${name}'${didYouMean(name, names)}`);
  return action(remoteMeant(options, terminal), texts, options, terminal);
};

async function surveyed(
  { backend, signer }: RemoteMeant,
  doing: string,
  terminal: Terminal,
  options: Parameters<typeof survey>[2],
): Promise<{ report: SurveyReport; isInterrupted: boolean }> {
  const progress = progressOf(doing, () => 0, terminal);
  const surveyedAll = await terminal.io.interruptible(async (signal) => {
    const onProgress = ({ done, total }: { done: number; total: number }): void => {
      progress.moveTo(done, total);
    };
    return { report: await survey(backend, signer, { ...options, signal, onProgress }), isInterrupted: signal.aborted };
  });
  progress.end();
  return surveyedAll;
}

/** Folders by the tag, or by their own name. */
function matching(texts: readonly string[]): (folder: string) => boolean {
  const patterns = texts.map((text) => wildcards(text));
  return (folder) =>
    patterns.length === 0 ||
    patterns.some((pattern) => pattern.test(folder) || pattern.test(folder.replace(/^cache/, '')));
}

function tellRefused({ refused }: SurveyReport, terminal: Terminal): void {
  if (refused.length === 0) return;
  terminal.table(refused, [
    { head: 'OBJECT', cell: ({ url }) => url },
    { head: 'REFUSED', cell: ({ reason }) => reason },
  ]);
}
