/** Values drawn into a file. */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import type * as ResvgPackage from '@resvg/resvg-js';
import { messageOf } from '../../base/thrown.js';
import { MissingPackageError } from '../../base/errors.js';
import { loadPeer } from '../../base/packages/optional.js';
import { userPath } from '../../base/files/user-path.js';
import { chart, MOST_POINTS, panelOfColumn, panelOfNumbers, type Panel } from '../../show/chart.js';
import { CommandError, UsageError } from './errors.js';
import type { Preview } from './preview.js';
import type { TableRows } from './table-rows.js';

type Drawable = Exclude<Preview, { kind: 'other' }>;

/** @throws UsageError where the file's name says no format */
export function plotFormatOf(file: string): 'svg' | 'png' {
  const extension = extname(file).toLowerCase();
  if (extension === '.svg' || extension === '.png') return extension.slice(1) as 'svg' | 'png';
  throw new UsageError(`--plot writes .svg and .png files, not '${file}'`);
}

/** @throws CommandError where there is nothing to draw, or a package is missing */
export function writePlot(file: string, format: 'svg' | 'png', preview: Drawable, title: string): void {
  // Before anything is drawn: it is an optional package.
  const rasterize = format === 'png' ? rasterizer() : undefined;
  const svg = chart(title, preview.kind === 'numbers' ? [panelOfNumbers(preview.numbers)] : panelsOf(preview.table));
  writeFileSync(userPath(file) ?? file, rasterize?.(svg) ?? svg);
}

function rasterizer(): (svg: string) => Uint8Array {
  try {
    const { Resvg } = loadPeer<typeof ResvgPackage>('@resvg/resvg-js', 'a .png file (.svg needs nothing)');
    return (svg) => new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, background: 'white' }).render().asPng();
  } catch (cause) {
    if (cause instanceof MissingPackageError) throw cause;
    throw new CommandError(`@resvg/resvg-js cannot be loaded: ${messageOf(cause)}; .svg files need nothing`, { cause });
  }
}

/** The columns that hold numbers, by row. */
function panelsOf({ columns, count, cell }: TableRows): Panel[] {
  const step = Math.max(1, Math.ceil(count / MOST_POINTS));
  const rows = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
  const panels = columns
    .map(({ name }, column) =>
      panelOfColumn(
        name,
        rows.map((row) => numberIn(cell(row, column))),
      ),
    )
    .filter((panel) => panel !== undefined);
  const last = panels.pop();
  if (last === undefined) throw new CommandError('there is nothing to draw: no column of the table holds numbers');
  return [...panels, { ...last, x: { label: 'row', from: 0, to: rows.at(-1) ?? 0 } }];
}

function numberIn(cell: unknown): number {
  return typeof cell === 'number' || typeof cell === 'bigint' ? Number(cell) : NaN;
}
