/**
 * Rich display in notebooks. tslab shows the value of a cell with `console.log` and asks for nothing richer; but a
 * logged value may say how it is shown, and tslab's own `display`, which it exports, sends HTML and pictures to the
 * notebook. Outside of a notebook nothing here does anything.
 */
import { inspect } from 'node:util';

/** A value as a notebook shows it: one of the two forms, and a line of text where there is only text. */
export interface Picture {
  html?: string;
  svg?: string;
  text: string;
}

/** As much of tslab's display as is used. */
interface Display {
  html(text: string): void;
  svg(text: string): void;
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
  try {
    // As a cell would load it: the kernel's own copy, the one that is connected.
    const { require: kernelRequire } = (globalThis as unknown as { __tslab__: { require(name: string): unknown } })
      .__tslab__;
    const { display } = kernelRequire('tslab') as { display: Display };
    if (svg !== undefined) display.svg(svg);
    else if (html !== undefined) display.html(html);
  } catch {
    // No cell is being run: there is the text.
  }
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
