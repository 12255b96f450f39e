/** What a value looks like: facts, pictures, rows. */
import type { Loaded } from '../../store/entry/load.js';
import { readRecordText } from '../../store/record/read-text.js';
import { parseRecord } from '../../store/record/record.js';
import { entryAt } from '../../cli/choose/catalog.js';
import { recordNamesIn } from '../../cli/choose/entry-names.js';
import { loadValue, whyNot } from '../../cli/choose/stored-value.js';
import { previewOf, type Preview } from '../../cli/terminal/preview.js';
import { cellText } from '../../cli/terminal/table-rows.js';
import { chart, panelOfNumbers } from '../../show/chart.js';
import type { Numbers } from '../../show/numbers.js';
import type { RowsMessage, ValueMessage } from '../contract/messages.js';
import type { Row } from '../watch/row.js';
import { factsOfNumbers } from './facts.js';
import { sliceOf } from './slice.js';

/** A value as it was last loaded. */
export type Seen = { preview: Preview } | { why: string };

/** So many values stay loaded: a slider asks for the same one again and again. */
const MOST_LOADED = 2;

export class Values {
  private readonly loaded = new Map<string, Promise<Seen>>();

  async of(row: Row): Promise<Seen> {
    const name = `${row.id} ${row.seal ?? ''} ${row.stored}`;
    const seen = this.loaded.get(name) ?? look(row);
    this.loaded.delete(name);
    this.loaded.set(name, seen);
    const [oldest] = this.loaded.keys();
    if (this.loaded.size > MOST_LOADED && oldest !== undefined) this.loaded.delete(oldest);
    return seen;
  }

  async message(row: Row): Promise<ValueMessage> {
    const seen = await this.of(row);
    if ('why' in seen) return { kind: 'none', why: seen.why };
    const { preview } = seen;
    if (preview.kind === 'other') return { kind: 'text', text: preview.text };
    if (preview.kind === 'table') return { kind: 'table', columns: preview.table.columns, count: preview.table.count };
    const { numbers, statistics } = preview;
    return {
      kind: 'numbers',
      shape: [...numbers.shape],
      facts: factsOfNumbers(statistics),
      hasPicture: statistics.count > statistics.nan,
    };
  }

  /** Rows of a table, as texts. */
  async rows(row: Row, from: number, count: number): Promise<RowsMessage> {
    const seen = await this.of(row);
    if ('why' in seen || seen.preview.kind !== 'table') return { from, rows: [] };
    const { table } = seen.preview;
    const length = Math.max(0, Math.min(count, MOST_ROWS, table.count - from));
    const rows = Array.from({ length }, (_, i) =>
      table.columns.map((_column, column) => cutOff(cellText(table.cell(from + i, column)))),
    );
    return { from, rows };
  }

  /** An SVG; `undefined` where there is nothing to draw. @throws UsageError where the slice makes no sense */
  async picture(row: Row, slice: string | undefined): Promise<string | undefined> {
    const numbers = await this.numbers(row);
    return (
      numbers && pictureOf(`${row.folder.tag} ${row.method}`, slice === undefined ? numbers : sliceOf(numbers, slice))
    );
  }

  async numbers(row: Row): Promise<Numbers | undefined> {
    const seen = await this.of(row);
    return 'preview' in seen && seen.preview.kind === 'numbers' ? seen.preview.numbers : undefined;
  }
}

const MOST_ROWS = 500;
const LONGEST_CELL = 200;

function cutOff(text: string): string {
  return text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`;
}

export function pictureOf(title: string, numbers: Numbers): string {
  return chart(title, [panelOfNumbers(numbers)]);
}

async function look({ folder, place }: Row): Promise<Seen> {
  const now = [...recordNamesIn(folder.path, (name) => name === place.name)].find(({ stem }) => stem === place.stem);
  const entry = now && entryAt(folder, now);
  if (entry === undefined) return { why: 'it is no longer there' };
  const record = parseRecord(readRecordText(`${place.stem}.json`) ?? '');
  let loaded: Loaded | undefined;
  try {
    loaded = record === undefined ? undefined : await loadValue(entry, record);
  } catch (error) {
    return { why: error instanceof Error ? error.message : 'it cannot be read' };
  }
  return loaded?.kind === 'value'
    ? { preview: previewOf(loaded.value, loaded.record.type) }
    : { why: whyNot(entry, loaded) };
}
