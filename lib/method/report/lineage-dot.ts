/** A lineage as Graphviz draws it. */
import { labelOf } from './lineage-label.js';
import type { LineageEdge, LineageNode } from './lineage-node.js';

const ATTRIBUTES: Record<LineageNode['kind'], string> = {
  entry: 'shape=box',
  file: 'shape=note',
  parameter: 'shape=box, style=rounded',
};

/** A graph in the language of Graphviz (https://graphviz.org/doc/info/lang.html), from left to right. */
export function dotOf(nodes: readonly LineageNode[], edges: readonly LineageEdge[]): string {
  const lines = [
    'digraph lineage {',
    '  graph [rankdir=LR, charset="UTF-8"];',
    '  node [fontname="Helvetica", fontsize=10];',
    '  edge [arrowsize=0.7];',
  ];
  for (const node of nodes) {
    const isMarked = node.kind === 'entry' && node.state !== undefined;
    const label = labelOf(node).map(escaped).join('\\n');
    lines.push(`  ${node.id} [label="${label}", ${ATTRIBUTES[node.kind]}${isMarked ? ', style=dashed' : ''}];`);
  }
  for (const { from, to } of edges) lines.push(`  ${from} -> ${to};`);
  return `${lines.join('\n')}\n}\n`;
}

/** A label takes `\N`, `\l` and HTML entities for more than what they say. */
function escaped(line: string): string {
  return line.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;');
}
