/** A lineage as Mermaid draws it. */
import { labelOf } from './lineage-label.js';
import type { LineageEdge, LineageNode } from './lineage-node.js';

const SHAPES: Record<LineageNode['kind'], readonly [open: string, close: string]> = {
  entry: ['["', '"]'],
  file: ['[("', '")]'],
  parameter: ['(["', '"])'],
};

/**
 * A flowchart in the language of Mermaid (https://mermaid.js.org/syntax/flowchart.html), from left to right.
 */
export function mermaidOf(nodes: readonly LineageNode[], edges: readonly LineageEdge[]): string {
  const lines = ['flowchart LR'];
  for (const node of nodes) {
    const [open, close] = SHAPES[node.kind];
    const isMarked = node.kind === 'entry' && node.state !== undefined;
    lines.push(`  ${node.id}${open}${labelOf(node).map(escaped).join('<br>')}${close}${isMarked ? ':::gone' : ''}`);
  }
  for (const { from, to } of edges) lines.push(`  ${from} --> ${to}`);
  lines.push('  classDef gone stroke-dasharray: 4 4');
  return `${lines.join('\n')}\n`;
}

/**
 * Within quotes Mermaid takes entity codes, `#quot;`. Written as such is whatever ends the quotes, is HTML or an entity
 * (`< > & #`), Markdown or mathematics (a backtick, `$`), a directive (`%%{`), a line break (backslash), an icon or a
 * style (`:`, `;`), or stands for an entity inside Mermaid itself (`ﬂ`, `¶`).
 */
const SPECIAL = /["#&<>\\`$%:;ﬂ¶]/g;

function escaped(line: string): string {
  return line.replace(SPECIAL, (character) => `#${character.charCodeAt(0)};`);
}
