/** `stowage status`: what is up to date, what is not, why, and what curing it would take. */
import { analyzerFrom, moduleUrl, placed } from '../../analyzer/precompute/load-analyzer.js';
import { humanSeconds } from '../../base/text/human.js';
import { untag } from '../../method/hierarchy/tagging.js';
import {
  isPending,
  methodStatuses,
  secondsOfAll,
  type CallStatus,
  type MethodStatus,
  type StatusState,
} from '../../method/report/method-status.js';
import { callStatuses } from '../../method/report/status.js';
import { recordedStatuses } from '../choose/recorded-status.js';
import { pickEntries, tagsMeant } from '../choose/selection.js';
import type { CommonOptions, Context, Work } from '../terminal/command.js';
import { UsageError } from '../terminal/errors.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import type { Terminal } from '../terminal/terminal.js';

interface Options extends CommonOptions {
  module?: string;
  analyzer?: string;
  check?: true;
}

export const work: Work<Options> = async (texts, options, context) => {
  const { module, analyzer = 'default', check } = options;
  const { terminal } = context;
  if (module === undefined && options.analyzer !== undefined)
    throw new UsageError('--analyzer names an export: name its file, too, with --module');
  const calls =
    module === undefined
      ? recordedStatuses([...pickEntries(texts, context)])
      : await askedOf(module, analyzer, texts, context);
  const lines = methodStatuses(calls);
  const seconds = secondsOfAll(calls);
  if (terminal.isJson) terminal.json({ methods: lines, ...(seconds !== undefined && { seconds }) });
  else tell(lines, seconds, terminal);
  return check === true && lines.some(({ state }) => state !== 'current') ? EXIT_CODE.found : EXIT_CODE.fine;
};

/** What the program itself says of each tag: it knows what could be computed, and its own code and parameters. */
async function askedOf(
  module: string,
  name: string,
  texts: readonly string[],
  context: Context,
): Promise<CallStatus[]> {
  const { tmpdir, prefix } = context;
  const make = await analyzerFrom(moduleUrl(module), name);
  const calls: CallStatus[] = [];
  for (const tag of tagsMeant(texts.length === 0 ? ['*'] : texts, context)) {
    const analyzer = placed(await make(tag, []), tag, { tmpdir, ...(prefix !== undefined && { prefix }) });
    calls.push(...(await callStatuses(analyzer, 'stowage status')));
    untag(analyzer);
  }
  return calls;
}

const MARK_OF: Readonly<Record<StatusState, string>> = { current: '✔', older: '●', stale: '✖', missing: '○' };

function tell(lines: readonly MethodStatus[], seconds: number | undefined, terminal: Terminal): void {
  if (lines.length === 0) {
    terminal.note('nothing is stored here: name another folder of tags with --tmpdir or STOWAGE_TMPDIR');
    return;
  }
  terminal.table(lines, [
    { head: '', cell: ({ state }) => MARK_OF[state], isState: true },
    { head: 'TAG', cell: ({ tag }) => tag },
    { head: 'METHOD', cell: ({ instance, method }) => [instance, method].filter((part) => part !== '').join('.') },
    { head: 'CALLS', cell: callsOf, align: 'right', isWanted: lines.some(({ calls }) => calls > 1) },
    { head: 'COST', cell: costOf, align: 'right' },
    { head: '', cell: ({ reason }) => reason },
  ]);
  const pending = lines.filter(isPending).length;
  const cost = pending === 0 || seconds === undefined ? '' : `, about ${humanSeconds(seconds)} to compute`;
  terminal.line(`${String(lines.length - pending)} of ${String(lines.length)} methods need nothing${cost}`);
}

function callsOf({ calls, pending }: MethodStatus): string {
  return pending === 0 ? String(calls) : `${String(pending)}/${String(calls)}`;
}

function costOf({ state, seconds }: MethodStatus): string {
  if (!isPending({ state })) return '';
  return seconds === undefined ? '?' : humanSeconds(seconds);
}
