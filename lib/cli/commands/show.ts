/** `stowage show`: an entry, and what its value looks like. */
import { humanBytes, humanSeconds } from '../../base/text/human.js';
import { readRecordText } from '../../store/record/read-text.js';
import type { Loaded } from '../../store/entry/load.js';
import { nameOfPart } from '../../code/part/difference.js';
import type { Part } from '../../code/part/code.js';
import type { CodeSeen } from '../../store/record/code-seen.js';
import { parseRecord, type EntryRecord } from '../../store/record/record.js';
import type { CatalogEntry } from '../choose/catalog.js';
import type { Work } from '../terminal/command.js';
import { CommandError } from '../terminal/errors.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { entryMeant, nameOf } from '../choose/entry-meant.js';
import { entryJson, stateOf, valueOf } from '../choose/ls-entries.js';
import { parameterName } from '../choose/standing.js';
import { loadValue, whyNot } from '../choose/stored-value.js';
import { moment } from '../terminal/moment.js';
import { plotFormatOf, writePlot } from '../terminal/plot.js';
import { previewJson, previewOf, showPreview, type Preview } from '../terminal/preview.js';
import type { Terminal } from '../terminal/terminal.js';

interface Options {
  plot?: string;
}

export const work: Work<Options> = async ([text = ''], { plot }, context) => {
  const format = plot === undefined ? undefined : plotFormatOf(plot);
  const entry = entryMeant(text, context);
  const record = parseRecord(readRecordText(`${entry.stem}.json`) ?? '');
  const loaded = record === undefined ? undefined : await loadValue(entry, record);
  const preview = loaded?.kind === 'value' ? previewOf(loaded.value, loaded.record.type) : undefined;
  const why = preview === undefined ? whyNot(entry, loaded) : undefined;
  const { terminal } = context;
  if (terminal.isJson) {
    terminal.json({
      ...entryJson(entry),
      ...(record !== undefined && { detail: record }),
      ...(preview ? { preview: previewJson(preview) } : { why }),
    });
  } else {
    showRecord(entry, record, terminal);
    terminal.line();
    if (preview !== undefined) showPreview(preview, terminal);
    else terminal.line(why);
  }
  if (plot !== undefined && format !== undefined) drawInto(plot, format, preview, nameOf(entry));
  return isWrong(entry, loaded) ? EXIT_CODE.found : EXIT_CODE.fine;
};

function isWrong({ state }: CatalogEntry, loaded: Loaded | undefined): boolean {
  return state === 'damaged' || loaded?.kind === 'corrupt' || loaded?.kind === 'missing';
}

function showRecord(entry: CatalogEntry, record: EntryRecord | undefined, terminal: Terminal): void {
  const facts: [name: string, text: string | undefined][] = [
    ['entry', nameOf(entry)],
    ['state', stateOf(entry)],
    ['arguments', record?.arguments?.preview],
    ['value', valueOf(entry)],
    ['dtype', record?.dtype],
    ['size', record && `${humanBytes(record.bytes)} in ${record.file ?? 'its record'}`],
    ['took', record && humanSeconds(record.seconds)],
    [
      'computed',
      record &&
        `${moment(record.computedAt)} by ${record.user} on ${record.host}, Node ${record.node}, stowage ${record.stowage}`,
    ],
    ['made of', record && madeOf(record)],
    ['state of the analyzer', record?.state && JSON.stringify(record.state)],
    ['code', record?.code],
    ['reaches', record?.codeSeen && partsIn(record.codeSeen)],
    ['earlier versions', record?.versions && versionsIn(record.versions)],
    ['generation', record === undefined || record.generation === 0 ? undefined : String(record.generation)],
    ['record', `${entry.stem}.json`],
  ];
  terminal.table(
    facts.filter(([, text]) => text !== undefined && text !== ''),
    [
      { head: '', cell: ([name]) => name },
      { head: '', cell: ([, text]) => text ?? '' },
    ],
  );
}

function versionsIn(versions: NonNullable<EntryRecord['versions']>): string {
  return versions.map(({ own, computedAt }) => `${moment(computedAt)} by code ${own}`).join('; ');
}

function madeOf({ trace }: EntryRecord): string {
  const names = trace.map((item) => {
    if ('call' in item) return `${item.call.instance}.${item.call.method}`;
    return 'file' in item ? item.file : parameterName(item, 'its parameters');
  });
  const some = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${some} and ${String(names.length - 5)} more` : some;
}

/** What the code reaches, nearest first. */
function partsIn({ parts, more = 0 }: CodeSeen): string {
  const all: Part[] = [...parts];
  for (const { parts: inner = [] } of all) all.push(...inner);
  const some = all.slice(0, 8).map((part) => [nameOfPart(part), part.value ?? ''].join(' ').trim());
  const count = all.length - some.length + more;
  return count === 0 ? some.join(', ') : `${some.join(', ')} and ${String(count)} more`;
}

function drawInto(file: string, format: 'svg' | 'png', preview: Preview | undefined, title: string): void {
  if (preview === undefined || preview.kind === 'other')
    throw new CommandError(`there is nothing to draw: ${title} is no array and no table, or cannot be read`);
  writePlot(file, format, preview, title);
}
