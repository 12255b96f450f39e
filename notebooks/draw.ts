/** Plots without a browser: Observable Plot on a document of its own. */
import { createRequire } from 'node:module';
import { plot, type PlotOptions } from '@observablehq/plot';

/** Its own types are of a module by another name. */
const domino = createRequire(import.meta.url)('@mixmark-io/domino') as { createDocument(html: string): never };

/** The types of a browser's elements are not at hand. */
const plotElement = plot as (options: PlotOptions) => unknown;

/** As much of an element as is used. */
interface Drawing {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

/** The picture as HTML: what `display.html` of tslab takes. */
export function draw(options: PlotOptions): string {
  const document = domino.createDocument('<html><body></body></html>');
  const drawing = plotElement({ document, ...options }) as Drawing;
  // Legible on a dark page, too.
  drawing.setAttribute('style', 'background: white; color: #222; max-width: 100%');
  return drawing.outerHTML;
}
