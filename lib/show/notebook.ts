/**
 * Rich display in notebooks. tslab shows the value of a cell with `console.log` and asks for nothing richer; but a
 * logged value may say how it is shown, and tslab's kernel sends HTML and pictures to the notebook. A picture goes there in
 * two forms: SVG, and HTML that shows it, since what exports notebooks as pages (nbconvert) strips SVG. Outside of a notebook
 * nothing here does anything.
 */
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { textBytes } from '../base/text/text-bytes.js';

/** A value as a notebook shows it: one of the two forms, and a line of text where there is only text. */
export interface Picture {
  html?: string;
  svg?: string;
  text: string;
}

/** As much of tslab as is used: what it exports, and the one way to show several forms of one value. */
interface Tslab {
  display: { html(text: string): void };
}
interface TslabKernel {
  lastWriteDisplayData(shown: { data: object; metadata: object; transient: object }, isUpdate: boolean): void;
}

/** Does this process run the cells of a notebook? tslab leaves this name behind for them. */
export function isNotebook(): boolean {
  return '__tslab__' in globalThis;
}

/** Lets a notebook show an object, or, given a prototype, all objects of a class. */
export function showInNotebook<T extends object>(target: T, picture: (shown: T) => Picture): T {
  if (!isNotebook()) return target;
  Object.defineProperty(target, inspect.custom, {
    configurable: true,
    value(this: T, depth: number, options: { depth?: number | null }) {
      const { html, svg, text } = picture(this);
      // Within something else there is room for the text alone.
      const isNested = typeof options.depth === 'number' && depth < (inspect.defaultOptions.depth ?? 2);
      if (!isNested) display({ html, svg });
      return text;
    },
  });
  return target;
}

function display({ html, svg }: { html: string | undefined; svg: string | undefined }): void {
  const inHtml = svg === undefined ? html : imageOf(svg);
  if (inHtml === undefined) return;
  try {
    // As a cell would load it: the kernel's own copy, the one that is connected.
    const { require: kernelRequire } = (globalThis as unknown as { __tslab__: { require(name: string): unknown } })
      .__tslab__;
    if (svg === undefined || !displayBoth(svg, inHtml)) (kernelRequire('tslab') as Tslab).display.html(inHtml);
  } catch {
    // No cell is being run: there is the text.
  }
}

/** A tslab that keeps its kernel elsewhere shows the HTML alone. */
function displayBoth(svg: string, html: string): boolean {
  try {
    // Beside the program that runs: cells cannot load it by name.
    const kernel = createRequire(process.argv[1] ?? '')('../dist/jupyter.js') as TslabKernel;
    const data = { 'image/svg+xml': svg, 'text/html': html };
    kernel.lastWriteDisplayData({ data, metadata: {}, transient: {} }, false);
    return true;
  } catch {
    return false;
  }
}

/** A picture as HTML that no filter of scripts and drawings strips. */
function imageOf(svg: string): string {
  const bytes = textBytes(svg).toString('base64');
  return `<img alt="" style="max-width:100%; background:white" src="data:image/svg+xml;base64,${bytes}">`;
}

/** A cell's content: text, a number, or nothing. */
export type HtmlCell = string | number | undefined;

/** A table; numbers stand on the right. */
export function htmlTable(headings: readonly string[], rows: readonly (readonly HtmlCell[])[], caption = ''): string {
  const cell = (content: HtmlCell): string =>
    typeof content === 'number'
      ? `<td style="text-align:right">${content}</td>`
      : `<td style="text-align:left">${escaped(content ?? '')}</td>`;
  return [
    '<table>',
    ...(caption === '' ? [] : [`<caption style="text-align:left">${escaped(caption)}</caption>`]),
    `<thead><tr>${headings.map((heading) => `<th style="text-align:left">${escaped(heading)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`),
    '</tbody></table>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
