/** A lineage as a tree in characters: each result, and below it what it was made of. */
import type { Lineage } from '../../method/report/lineage-graph.js';
import { labelOf } from '../../method/report/lineage-label.js';
import type { LineageNode } from '../../method/report/lineage-node.js';

/** A node on its way into the tree. */
interface Branch {
  node: LineageNode;
  /** What stands before its own line, and before those below it. */
  first: string;
  below: string;
}

/** What was shown already is named again, and not taken apart again. */
export function* treeOf({ nodes, edges }: Lineage): Generator<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const sources = new Map<string, LineageNode[]>();
  const used = new Set<string>();
  for (const { from, to } of edges) {
    const node = byId.get(from);
    used.add(from);
    if (node !== undefined) sources.set(to, [...(sources.get(to) ?? []), node]);
  }
  const tops = nodes.filter(({ id }) => !used.has(id));
  const shown = new Set<string>();
  const pending: Branch[] = tops.map((node) => ({ node, first: '', below: '' })).reverse();
  // A list, not the stack, carries the depth.
  for (let branch = pending.pop(); branch !== undefined; branch = pending.pop()) {
    const { node, first, below } = branch;
    const children = sources.get(node.id) ?? [];
    const isKnown = shown.has(node.id) && children.length > 0;
    yield `${first}${labelOf(node).join('  ')}${isKnown ? '  (see above)' : ''}`;
    if (isKnown) continue;
    shown.add(node.id);
    const branches = children.map((child, i) => {
      const isLast = i === children.length - 1;
      return { node: child, first: `${below}${isLast ? '└─ ' : '├─ '}`, below: `${below}${isLast ? '   ' : '│  '}` };
    });
    pending.push(...branches.reverse());
  }
}
