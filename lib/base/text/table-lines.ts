/** Tables as text, of nothing but columns: for a reader and for `awk`. */

/** Which side of its column a cell keeps to: text the left, numbers the right. */
export type Align = 'left' | 'right';

export interface TableLayout {
  /** The text of every cell, headers among them. */
  rows: readonly (readonly string[])[];
  aligns: readonly Align[];
  /** Characters that fit in a line. @defaultValue any number */
  width?: number | undefined;
  /** Colours a piece of a cell. @defaultValue none is coloured */
  paint?: (piece: string, row: number, column: number) => string;
}

/** Blanks between columns. */
const GAP = 2;

/** No column that gives way gets narrower. */
const NARROWEST = 12;

/**
 * Columns are as wide as their widest cell. Where a line would not fit, the widest columns of text give way, and what they hold
 * goes on in the next line; numbers stay whole.
 */
export function tableLines({ rows, aligns, width = Infinity, paint = (piece) => piece }: TableLayout): string[] {
  const widths = fittingWidths(rows, aligns, width);
  return rows.flatMap((row, at) => {
    const cells = row.map((text, column) => piecesOf(text, widths[column] ?? 0));
    const height = Math.max(1, ...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((pieces, column) => {
          const piece = pieces[line] ?? '';
          const blanks = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(piece)));
          const text = piece === '' ? '' : paint(piece, at, column);
          return aligns[column] === 'right' ? blanks + text : text + blanks;
        })
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  });
}

function fittingWidths(rows: TableLayout['rows'], aligns: readonly Align[], width: number): number[] {
  const widths = aligns.map((_, column) => Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))));
  let excess = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width;
  for (; excess > 0; excess--) {
    let widest: number | undefined;
    for (const [column, each] of widths.entries()) {
      const most = widest === undefined ? NARROWEST : (widths[widest] ?? 0);
      if (aligns[column] === 'left' && each > most) widest = column;
    }
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** Cut where a name or a sentence has a joint, if there is one not too far from the edge. */
function piecesOf(text: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = Array.from(text);
  while (widthOf(rest) > width) {
    let end = 0;
    for (let taken = 0; end < rest.length; end++) {
      taken += widthOf(rest[end] ?? '');
      if (taken > width && end > 0) break;
    }
    const joint = rest.slice(0, end).findLastIndex((character) => ' /.,'.includes(character)) + 1;
    if (joint > end / 2) end = joint;
    pieces.push(rest.slice(0, end).join('').trimEnd());
    rest = rest.slice(end);
  }
  return [...pieces, rest.join('')];
}

/** East Asian characters and emoji take two columns of a terminal, marks on letters none: Unicode Standard Annex 11. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu;
const MARKS = /\p{Mn}|\u200d|\ufe0f/gu;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string | readonly string[]): number {
  const whole = typeof text === 'string' ? text : text.join('');
  const characters = typeof text === 'string' ? Array.from(text).length : text.length;
  return characters + (whole.match(WIDE)?.length ?? 0) - (whole.match(MARKS)?.length ?? 0);
}
