/** What an entry was made of, and what was made of it, as a graph to walk. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { LineageMessage } from '../contract/messages.js';
import { useAnswer } from './api.js';
import { go, linkTo } from './route.js';
import { StateMark } from './state-mark.js';

const WIDTH = 250;
const HEIGHT = 74;
const GAP = { x: 50, y: 14 };
/** Room for the mark of the focus. */
const EDGE = 6;

type Node = LineageMessage['nodes'][number];

interface Placed extends Node {
  x: number;
  y: number;
}

export function LineageView({ id, version }: { id: string; version: number }): VNode {
  const { value, error } = useAnswer<LineageMessage>('lineage', { id }, version);
  const [changed, setChanged] = useState<string>();
  const box = useRef<HTMLDivElement>(null);
  if (error !== undefined) return <p role="alert">{error}</p>;
  if (value === undefined) return <p class="quiet">Following traces…</p>;
  const nodes = placed(value.nodes);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stale = changed === undefined ? new Set<string>() : madeOf(changed, value.edges);
  const size = {
    width: Math.max(...nodes.map(({ x }) => x)) + WIDTH,
    height: Math.max(...nodes.map(({ y }) => y)) + HEIGHT,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = DIRECTIONS[event.key];
    const from = byId.get((event.target as HTMLElement).dataset.id ?? '');
    if (direction === undefined || from === undefined) return;
    event.preventDefault();
    const near = nearest(from, nodes, direction);
    if (near !== undefined) box.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(near.id)}"]`)?.focus();
  };
  return (
    <>
      <h2>Lineage of {byId.get(id)?.name}</h2>
      <p class="quiet">
        Left is what it was made of, right what was made of it. What a change of the chosen one would make stale is
        marked. Arrow keys walk, Enter puts another one into the middle.{' '}
        <a href={linkTo('entry', { id })}>Back to the entry</a>
        {value.isCut && ' There is more than is shown here.'}
      </p>
      <div class="lineage" ref={box} onKeyDown={onKeyDown} role="group" aria-label="Lineage" tabIndex={-1}>
        <svg width={size.width} height={size.height} aria-hidden="true">
          {value.edges.map(([from, to]) => {
            const [a, b] = [byId.get(from), byId.get(to)];
            if (a === undefined || b === undefined) return null;
            const [x, y, u, v] = [a.x + WIDTH, a.y + HEIGHT / 2, b.x, b.y + HEIGHT / 2];
            const isStale = stale.has(to) && (stale.has(from) || from === changed);
            return (
              <path
                key={`${from}\0${to}`}
                class={isStale ? 'edge stale' : 'edge'}
                d={`M${String(x)} ${String(y)} C${String(x + GAP.x)} ${String(y)} ${String(u - GAP.x)} ${String(v)} ${String(u)} ${String(v)}`}
              />
            );
          })}
        </svg>
        {nodes.map((node) => (
          <button
            key={node.id}
            type="button"
            data-id={node.id}
            class={`node ${node.id === id ? 'middle' : ''} ${stale.has(node.id) ? 'would-be-stale' : ''}`}
            style={{ left: `${String(node.x)}px`, top: `${String(node.y)}px` }}
            title={node.detail}
            onFocus={() => {
              setChanged(node.id);
            }}
            onMouseEnter={() => {
              setChanged(node.id);
            }}
            onClick={() => {
              if (node.isEntry) go(node.id === id ? 'entry' : 'lineage', { id: node.id });
            }}
          >
            <b>{node.name}</b>
            <small>{node.detail}</small>
            <span>
              <StateMark state={node.state} />
              {stale.has(node.id) && ' · would be stale'}
            </span>
          </button>
        ))}
      </div>
    </>
  );
}

/** Columns from left to right, each from top to bottom. */
function placed(nodes: readonly Node[]): Placed[] {
  const first = Math.min(...nodes.map(({ column }) => column));
  const heights = new Map<number, number>();
  return nodes.map((node) => {
    const row = heights.get(node.column) ?? 0;
    heights.set(node.column, row + 1);
    return { ...node, x: EDGE + (node.column - first) * (WIDTH + GAP.x), y: EDGE + row * (HEIGHT + GAP.y) };
  });
}

/** All that was made of it, through any depth. */
function madeOf(id: string, edges: LineageMessage['edges']): Set<string> {
  const found = new Set<string>();
  const open = [id];
  for (const each of open) {
    for (const [from, to] of edges) {
      if (from !== each || found.has(to)) continue;
      found.add(to);
      open.push(to);
    }
  }
  return found;
}

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function nearest(from: Placed, nodes: readonly Placed[], [dx, dy]: readonly [number, number]): Placed | undefined {
  const ahead = nodes.filter(({ x, y }) => (x - from.x) * dx + (y - from.y) * dy > 0 && (dx !== 0 || x === from.x));
  const distance = ({ x, y }: Placed): number => Math.abs(x - from.x) * 4 + Math.abs(y - from.y);
  return ahead.sort((one, other) => distance(one) - distance(other))[0];
}
