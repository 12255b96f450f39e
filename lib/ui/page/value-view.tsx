/** What a value looks like: a picture with sliders, a table in windows, or a text. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Fact, ValueMessage } from '../contract/messages.js';
import { addressOf, useAnswer } from './api.js';
import { useRows } from './pages-of-rows.js';
import { VirtualGrid } from './virtual-grid.js';

interface Props {
  id: string;
  /** Another one is another value. */
  version: number;
  title: string;
}

export function ValueView({ id, version, title }: Props): VNode {
  const { value, error } = useAnswer<ValueMessage>('value', { id }, version);
  if (error !== undefined) return <p role="alert">{error}</p>;
  if (value === undefined) return <p class="quiet">Reading the value…</p>;
  switch (value.kind) {
    case 'none':
      return <p class="quiet">{value.why}</p>;
    case 'text':
      return <pre>{value.text}</pre>;
    case 'table':
      return <Table id={id} version={version} columns={value.columns} count={value.count} />;
    case 'numbers':
      return (
        <div class="value">
          <Facts of={value.facts} />
          {value.hasPicture && <Picture id={id} version={version} title={title} shape={value.shape} />}
        </div>
      );
  }
}

export function Facts({ of: facts }: { of: readonly Fact[] }): VNode {
  return (
    <p class="facts">
      {facts.map(([name, text]) => (
        <span key={name}>
          {name} <b>{text}</b>
        </span>
      ))}
    </p>
  );
}

/** The two longest axes are drawn, in their order; of the others the reader chooses. */
function Picture({ id, version, title, shape }: Props & { shape: readonly number[] }): VNode {
  const longest = shape.map((length, axis) => ({ length, axis })).sort((one, other) => other.length - one.length);
  const drawn = new Set(longest.slice(0, 2).map(({ axis }) => axis));
  const [places, setPlaces] = useState(() => shape.map(() => 0));
  const slice =
    shape.length < 3
      ? undefined
      : shape.map((_, axis) => (drawn.has(axis) ? ':' : String(places[axis] ?? 0))).join(',');
  return (
    <figure>
      <img
        src={addressOf('picture', { id, slice, version })}
        alt={`Picture of ${title}${slice === undefined ? '' : ` [${slice}]`}`}
      />
      {slice !== undefined && (
        <figcaption>
          {shape.map((length, axis) =>
            drawn.has(axis) ? null : (
              <label key={axis}>
                Axis {axis}: {places[axis]} of 0 to {length - 1}{' '}
                <input
                  type="range"
                  min={0}
                  max={length - 1}
                  value={places[axis]}
                  onInput={(event) => {
                    const place = Number(event.currentTarget.value);
                    setPlaces((last) => last.map((each, i) => (i === axis ? place : each)));
                  }}
                />
              </label>
            ),
          )}
        </figcaption>
      )}
    </figure>
  );
}

interface TableProps {
  id: string;
  version: number;
  columns: readonly { name: string; type: string }[];
  count: number;
}

function Table({ id, version, columns, count }: TableProps): VNode {
  const rowAt = useRows<string[]>('rows', { id }, version);
  return (
    <div class="table">
      <p class="quiet">{count} rows</p>
      <VirtualGrid
        label="Rows"
        rowCount={count}
        columns={[
          { head: 'Row', width: 100 },
          ...columns.map(({ name, type }) => ({ head: `${name}: ${type}`, width: 150 })),
        ]}
        cell={(row, column) => (column === 0 ? row : (rowAt(row)?.[column - 1] ?? '…'))}
      />
    </div>
  );
}
