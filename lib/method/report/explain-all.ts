/** A table of everything that is stored, and that could be. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Verdicts } from '../../trace/frame.js';
import { runNow, type Flow } from '../../base/run/flow.js';
import { humanBytes, humanSeconds } from '../../base/text/human.js';
import { htmlTable, showInNotebook } from '../../show/notebook.js';
import { compareNames } from '../../base/text/order.js';
import type { StoredEntry } from '../../store/record/stored-entry.js';
import { loadEntry } from '../../store/entry/load.js';
import { placeOf } from '../../store/disk/place.js';
import type { EntryRecord } from '../../store/record/record.js';
import { decodeArguments, previewOf } from '../../store/record/arguments.js';
import { explainCall, IS_OFF, whyPruned, type EntryState, type Explanation, type Known } from './explain.js';
import { resultFileOf } from '../../store/entry/result-file.js';
import { settings } from '../state/options.js';
import { partsOf } from '../hierarchy/subtree.js';
import { Subjects, type Subject } from './known-calls.js';
import { factsOf, type StoredFacts } from './stored-facts.js';

/** A row of {@link explainAll}. */
export interface ExplainedEntry extends StoredFacts {
  /** Instance path: how the root reaches the analyzer. */
  instance: string;
  /** `Class.method`. */
  method: string;
  /** The arguments, readable; absent for a plain call. */
  arguments?: string;
  /** Call key; absent for a plain call. */
  key?: string;
  /** As {@link explain} says it. */
  state: EntryState;
  /** Why, in words. */
  reasons: string[];
  /** The file that holds the result, or its record where that is all there is. */
  file?: string;
}

/**
 * Says what is there: which results of an object and everything below it are stored, in memory, stale or damaged, what
 * they cost, and which are still to be computed. One row for each stored entry, also of analyzers that are not attached
 * now, and for each cached getter, and each cached method that needs no arguments, of the analyzers that are attached.
 * The rows fit a table: `console.table(await explainAll(root), ['instance', 'method', 'state', 'bytes'])`.
 *
 * Computes nothing. The stored data is read and verified as a call would; other work of the process goes on between one
 * entry and the next.
 *
 * @param object a root, an analyzer below one, or an array, Map or object that holds analyzers
 * @returns rows by instance path, then method, then arguments; none where no tag reaches the object
 * @throws InvalidOptionError where `object` is no object
 * @throws UnsafeFolderError where the folder of the tag is not to be trusted
 * @throws StowageError `STOWAGE_DISK` where it cannot be read
 */
export async function explainAll(object: object): Promise<ExplainedEntry[]> {
  const rows: ExplainedEntry[] = [];
  for await (const { subject, explanation } of explainedSubjects(object, 'explainAll')) {
    rows.push(rowOf(subject, explanation));
  }
  return showInNotebook(rows.sort(inOrder), (shown) => ({
    html: htmlTable(
      ['instance', 'method', 'arguments', 'state', 'reasons', 'size', 'cost'],
      shown.map((row) => [
        row.instance,
        row.method,
        row.arguments,
        row.state,
        row.reasons.join('; '),
        ...quantitiesOf(row),
      ]),
    ),
    text: `${shown.length} results and calls`,
  }));
}

/** A call or an entry, and what a call would find. */
export interface ExplainedSubject {
  subject: Subject;
  explanation: Explanation;
}

/** Those of an object and everything below it, one after the other. @param caller whose name a fault is told under */
export async function* explainedSubjects(object: object, caller: string): AsyncGenerator<ExplainedSubject> {
  for (const part of partsOf(object, caller)) {
    const subjects = await Subjects.of(part);
    const known: Known = { verdicts: new Verdicts(), siblingsOf: (call) => subjects.siblingsOf(call) };
    for (const subject of subjects) {
      yield { subject, explanation: explained(subject, known) };
      await nextTurn();
    }
  }
}

function quantitiesOf({ bytes, seconds }: ExplainedEntry): string[] {
  return [bytes === undefined ? '' : humanBytes(bytes), seconds === undefined ? '' : humanSeconds(seconds)];
}

function inOrder(one: ExplainedEntry, other: ExplainedEntry): number {
  return (
    compareNames(one.instance, other.instance) ||
    compareNames(one.method, other.method) ||
    compareNames(one.arguments ?? '', other.arguments ?? '') ||
    compareNames(one.key ?? '', other.key ?? '')
  );
}

function rowOf({ identity, stored, encodedArguments }: Subject, explanation: Explanation): ExplainedEntry {
  const { state, reasons, file, record = stored?.record } = explanation;
  const preview = record?.arguments?.preview ?? decodeArguments(encodedArguments)?.map(previewOf).join(', ');
  return {
    instance: identity.instance,
    method: identity.method,
    ...(preview !== undefined && preview !== '' && { arguments: preview }),
    ...(identity.key !== undefined && { key: identity.key }),
    state,
    reasons,
    ...(file !== undefined && { file }),
    ...(record !== undefined && factsOf(record)),
  };
}

function explained(subject: Subject, known: Known): Explanation {
  const { call, stored, fault } = subject;
  if (stored !== undefined && call === undefined) return explainUnattached(subject, stored);
  if (call === undefined) return { state: 'missing', reasons: [`it cannot be looked for: ${String(fault)}`] };
  const explanation = explainCall(call, [], known);
  if (stored === undefined || explanation.state !== 'missing' || explanation.record !== undefined) return explanation;
  return { state: 'missing', reasons: [notInPlace(stored)] };
}

/** No call can ask for it now; it is looked at as far as it speaks for itself. */
function explainUnattached({ tmpdir, identity }: Subject, stored: StoredEntry): Explanation {
  const { stem, record } = stored;
  const about = { file: resultFileOf(stem, record), record };
  if (settings.off) return { state: 'untagged', reasons: [IS_OFF], ...about };
  try {
    const loaded = runNow(
      loadEntry(placeOf(tmpdir, identity), identity, { refuse: whetherInvalidated, writable: false }),
    );
    switch (loaded.kind) {
      case 'value':
        return { state: 'disk', reasons: [NOT_ATTACHED], ...about };
      case 'refused':
        return { state: 'stale', reasons: [loaded.reason, NOT_ATTACHED], ...about };
      case 'corrupt':
        return { state: 'corrupt', reasons: [loaded.reason, NOT_ATTACHED], ...about };
      case 'unreadable':
        return { state: 'corrupt', reasons: [`unreadable here: ${loaded.error.message}`, NOT_ATTACHED], ...about };
      case 'pruned':
        return { state: 'pruned', reasons: [whyPruned(loaded.record), NOT_ATTACHED], ...about };
      case 'missing':
        return { state: 'missing', reasons: [notInPlace(stored)] };
    }
  } catch (error) {
    return { state: 'missing', reasons: [`the disk cannot be read: ${String(error)}`], ...about };
  }
}

const NOT_ATTACHED = 'its analyzer is not attached';

// eslint-disable-next-line require-yield -- a flow without steps
function* whetherInvalidated(record: EntryRecord): Flow<string | undefined> {
  return record.invalidated === true ? 'invalidated' : undefined;
}

function notInPlace({ stem }: StoredEntry): string {
  return `${stem}.json is not where a call would look for it, or has just been removed`;
}
