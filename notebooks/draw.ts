/** Plots without a browser: Observable Plot on a document of its own. */
import { createRequire } from 'node:module';
import { plot, type PlotOptions } from '@observablehq/plot';

/** Its own types are of a module by another name. */
const domino = createRequire(import.meta.url)('@mixmark-io/domino') as { createDocument(html: string): never };

/** The types of a browser's elements are not at hand. */
const plotElement = plot as (options: PlotOptions) => unknown;

/** The picture as HTML: what `display.html` of tslab takes. */
export function draw(options: PlotOptions): string {
  const document = domino.createDocument('<html><body></body></html>');
  const element = plotElement({ document, style: 'background: white; color: #222', ...options });
  return (element as { readonly outerHTML: string }).outerHTML;
}
