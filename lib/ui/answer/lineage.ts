/** What is around an entry: what it was made of to the left, what was made of it to the right, in columns. */
import { humanSeconds } from '../../base/text/human.js';
import type { LineageMessage } from '../contract/messages.js';
import type { Row } from '../watch/row.js';
import type { States } from '../watch/states.js';
import type { Watch } from '../watch/watch.js';

type Node = LineageMessage['nodes'][number];

/** More than a reader takes in: the rest is walked to. */
const MOST_NODES = 120;

export function lineageOf(watch: Watch, row: Row): LineageMessage {
  const { states } = watch.now();
  const nodes = new Map<string, Node>([[row.id, nodeOf(row, 0, states)]]);
  const edges = new Map<string, [string, string]>();
  let isCut = false;
  const walk = (step: -1 | 1): void => {
    const open = [row];
    for (const from of open) {
      const column = (nodes.get(from.id)?.column ?? 0) + step;
      for (const near of step < 0 ? madeOf(from, states, column) : usersOf(from, states, column)) {
        const { node, next } = near;
        if (!nodes.has(node.id) && nodes.size >= MOST_NODES) {
          isCut = true;
          continue;
        }
        const edge: [string, string] = step < 0 ? [node.id, from.id] : [from.id, node.id];
        edges.set(edge.join('\0'), edge);
        if (nodes.has(node.id)) continue;
        nodes.set(node.id, node);
        if (next !== undefined) open.push(next);
      }
    }
  };
  walk(-1);
  walk(1);
  return { nodes: [...nodes.values()], edges: [...edges.values()], isCut };
}

interface Near {
  node: Node;
  next?: Row;
}

function madeOf({ uses, files }: Row, states: States, column: number): Near[] {
  const results = uses.map(({ of, label }): Near => {
    const used = states.named(of);
    if (used !== undefined) return { node: nodeOf(used, column, states), next: used };
    return {
      node: { id: `?${label}`, name: label, state: 'missing', column, detail: 'no longer stored', isEntry: false },
    };
  });
  const read = files.map(({ file, bytes }): Near => ({
    node: {
      id: `file ${file}`,
      name: file,
      state: 'current',
      column,
      detail: `file of ${bytes} bytes`,
      isEntry: false,
    },
  }));
  return [...results, ...read];
}

function usersOf(row: Row, states: States, column: number): Near[] {
  return states
    .usersOf(row)
    .filter(({ place }) => place.version === undefined)
    .map((user) => ({ node: nodeOf(user, column, states), next: user }));
}

function nodeOf(row: Row, column: number, states: States): Node {
  const { state, reason } = states.of(row);
  const facts = [
    row.folder.tag,
    row.arguments === '' ? '' : `(${row.arguments})`,
    row.value,
    humanSeconds(row.seconds),
    reason,
  ];
  return {
    id: row.id,
    name: row.method,
    state,
    column,
    detail: facts.filter((fact) => fact !== '').join(' · '),
    isEntry: true,
  };
}
