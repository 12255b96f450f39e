/** Entries in a list, all or those that are looked for. */
import type { ComponentChildren, VNode } from 'preact';
import type { EntriesMessage, EntryRow, State } from '../contract/messages.js';
import { humanBytes, humanSeconds } from '../../base/text/human.js';
import { Act } from './act.js';
import { useAnswer } from './api.js';
import { useRows } from './pages-of-rows.js';
import { go, type Route } from './route.js';
import { StateMark, STATES } from './state-mark.js';
import { VirtualGrid } from './virtual-grid.js';

const COLUMNS: readonly { head: string; width: number; cell: (row: EntryRow) => ComponentChildren }[] = [
  { head: 'Method', width: 240, cell: ({ method }) => method },
  { head: 'Tag', width: 150, cell: ({ tag }) => tag },
  { head: 'Arguments', width: 180, cell: (row) => row.arguments },
  { head: 'State', width: 120, cell: ({ state }) => <StateMark state={state} /> },
  { head: 'Value', width: 170, cell: ({ value }) => value },
  { head: 'Size', width: 90, cell: ({ bytes }) => humanBytes(bytes) },
  { head: 'Took', width: 90, cell: ({ seconds }) => humanSeconds(seconds) },
  { head: 'Why', width: 400, cell: ({ reason }) => reason },
];

/** So many entries can be meant at once. */
const MOST_MEANT = 500;

export function ListView({ query, version }: { query: Route['query']; version: number }): VNode {
  const { tag, method, state, text } = query;
  const meant = { tag, method, state, text };
  const { value } = useAnswer<EntriesMessage>('entries', { ...meant, from: 0, count: MOST_MEANT }, version);
  const rowAt = useRows<EntryRow>('entries', meant, version);
  const search = (change: Record<string, string>): void => {
    go('entries', { ...query, ...change });
  };
  return (
    <>
      <form
        class="search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <label>
          Find{' '}
          <input
            type="search"
            value={text ?? ''}
            onInput={(event) => {
              search({ text: event.currentTarget.value });
            }}
          />
        </label>
        <label>
          State{' '}
          <select
            value={state ?? ''}
            onChange={(event) => {
              search({ state: event.currentTarget.value });
            }}
          >
            <option value="">any</option>
            {(Object.keys(STATES) as State[]).map((each) => (
              <option key={each} value={each}>
                {STATES[each][1]}
              </option>
            ))}
          </select>
        </label>
        {(['tag', 'method'] as const).map((name) =>
          query[name] === undefined ? null : (
            <button
              key={name}
              type="button"
              onClick={() => {
                search({ [name]: '' });
              }}
            >
              {name} {query[name]} <span aria-hidden="true">×</span>
              <span class="unseen">: show all</span>
            </button>
          ),
        )}
        <output>{value === undefined ? '' : `${String(value.total)} entries`}</output>
        {value !== undefined && value.total > 0 && value.total <= MOST_MEANT && (
          <Act ids={value.rows.map(({ id }) => id)} />
        )}
      </form>
      <VirtualGrid
        label="Entries"
        rowCount={value?.total ?? 0}
        columns={COLUMNS}
        cell={(row, column) => {
          const entry = rowAt(row);
          return entry === undefined ? '…' : COLUMNS[column]?.cell(entry);
        }}
        onOpen={(row) => {
          const entry = rowAt(row);
          if (entry !== undefined) go('entry', { id: entry.id });
        }}
      />
    </>
  );
}
