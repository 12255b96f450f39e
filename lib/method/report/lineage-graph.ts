/** A lineage: what was made of what, and the ways to draw it. */
import type * as VizPackage from '@viz-js/viz';
import { loadPeer } from '../../base/packages/optional.js';
import { dotOf } from './lineage-dot.js';
import { mermaidOf } from './lineage-mermaid.js';
import type { LineageEdge, LineageNode } from './lineage-node.js';

let graphviz: Promise<VizPackage.Viz> | undefined;

/** What was made of what. Made by {@link lineage}; plain data, that `JSON.stringify` writes, and ways to draw it. */
export class Lineage {
  constructor(
    /** Results, then files, then parameters. */
    readonly nodes: readonly LineageNode[],
    /** From what was used to what used it. */
    readonly edges: readonly LineageEdge[],
  ) {}

  /**
   * For Markdown: a README, an issue, a wiki, wherever a `mermaid` block is drawn. More than 500 edges are drawn only
   * where Mermaid's setting `maxEdges` allows it.
   */
  toMermaid(): string {
    return mermaidOf(this.nodes, this.edges);
  }

  /** For Graphviz: to lay out otherwise, or to make a PDF for a paper of it: `dot -Tpdf lineage.dot`. */
  toDot(): string {
    return dotOf(this.nodes, this.edges);
  }

  /**
   * For a page or a notebook: a picture, laid out by Graphviz, which is loaded now. Laying out holds up the process,
   * for seconds where there are more than a thousand nodes.
   * @throws MissingPackageError where the package `@viz-js/viz`, a peer dependency, is not installed
   */
  async toSvg(): Promise<string> {
    graphviz ??= loadPeer<typeof VizPackage>('@viz-js/viz', 'Lineage.toSvg').instance();
    const svg = (await graphviz).renderString(this.toDot(), { format: 'svg', engine: 'dot' });
    // What embeds it into a page or a notebook takes the element alone.
    return svg.slice(svg.indexOf('<svg'));
  }
}
