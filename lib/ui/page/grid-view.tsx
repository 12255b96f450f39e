/** Tags × methods. */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { GridMessage, State } from '../contract/messages.js';
import { useAnswer } from './api.js';
import { go } from './route.js';
import { STATES } from './state-mark.js';
import { VirtualGrid } from './virtual-grid.js';

export function GridView({ version }: { version: number }): VNode {
  const { value, error } = useAnswer<GridMessage>('grid', {}, version);
  const cells = useMemo(
    () => new Map(value?.cells.map((cell) => [cell[0] * value.methods.length + cell[1], cell] as const)),
    [value],
  );
  if (error !== undefined) return <p role="alert">{error}</p>;
  if (value === undefined) return <p class="quiet">Reading records…</p>;
  const { tags, methods } = value;
  if (tags.length === 0) return <p class="quiet">Nothing is stored in {value.folder}.</p>;
  const cellAt = (row: number, column: number): GridMessage['cells'][number] | undefined =>
    cells.get(row * methods.length + column - 1);
  const narrow = innerWidth < 600;
  return (
    <VirtualGrid
      label="Tags and methods"
      rowCount={tags.length}
      headHeight={narrow ? 150 : 190}
      columns={[
        { head: 'Tag', width: narrow ? 120 : 200 },
        ...methods.map((head) => ({ head, width: 44, isUpright: true })),
      ]}
      cell={(row, column) => {
        if (column === 0) return tags[row];
        const [, , state = 'missing', count = 0, reason = ''] = cellAt(row, column) ?? [];
        const [mark, word] = STATES[state];
        const text = `${methods[column - 1] ?? ''}: ${word}${count > 1 ? `, ${String(count)} calls` : ''}${reason === '' ? '' : `, ${reason}`}`;
        return (
          <span title={text}>
            <span aria-hidden="true">{count > 1 ? `${mark}${String(count)}` : mark}</span>
            <span class="unseen">{text}</span>
          </span>
        );
      }}
      classOf={(row, column) => (column === 0 ? '' : `mark ${stateAt(cellAt(row, column))}`)}
      onOpen={(row, column) => {
        const method = column === 0 ? undefined : methods[column - 1];
        go('entries', { tag: tags[row], method });
      }}
    />
  );
}

function stateAt(cell: GridMessage['cells'][number] | undefined): State {
  return cell === undefined ? 'missing' : cell[2];
}
