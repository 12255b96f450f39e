/** Values drawn into a file, by Observable Plot on a document of its own, since there is no browser. */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import type * as PlotPackage from '@observablehq/plot';
import type * as ResvgPackage from '@resvg/resvg-js';
import { load } from '../../base/packages/optional.js';
import { userPath } from '../../base/files/user-path.js';
import { CommandError, UsageError } from './errors.js';
import { firstPlane, gridOf, rangeOf, short, type Grid, type Numbers } from '../../show/numbers.js';
import type { Preview } from './preview.js';

/** What is used of it; its own types are of a module by another name. */
interface Domino {
  createDocument(html: string): object;
}

/** The element of a document that is drawn; types of a browser's are not at hand. */
interface Drawing {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

type Drawable = Exclude<Preview, { kind: 'other' }>;
type Options = PlotPackage.PlotOptions;

/** @throws UsageError where the file's name says no format */
export function plotFormatOf(file: string): 'svg' | 'png' {
  const extension = extname(file).toLowerCase();
  if (extension === '.svg' || extension === '.png') return extension.slice(1) as 'svg' | 'png';
  throw new UsageError(`--plot writes .svg and .png files, not '${file}'`);
}

/** @throws CommandError where there is nothing to draw, or a package is missing */
export async function writePlot(file: string, format: 'svg' | 'png', preview: Drawable, title: string): Promise<void> {
  // Before anything is drawn: it is an optional package.
  const rasterize = format === 'png' ? rasterizer() : undefined;
  const plot = await import('@observablehq/plot');
  const { createDocument } = load<Domino>('@mixmark-io/domino');
  const document = createDocument('<html><body></body></html>');
  const options = preview.kind === 'numbers' ? optionsOf(preview.numbers, plot) : optionsOfTable(preview, plot);
  const element = plot.plot({
    document,
    width: 800,
    marginLeft: 60,
    ...options,
    ariaLabel: title,
  }) as unknown as Drawing;
  element.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  element.setAttribute('style', 'background: white');
  writeFileSync(userPath(file) ?? file, rasterize?.(element.outerHTML) ?? element.outerHTML);
}

function rasterizer(): (svg: string) => Uint8Array {
  try {
    const { Resvg } = load<typeof ResvgPackage>('@resvg/resvg-js');
    return (svg) => new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, background: 'white' }).render().asPng();
  } catch (cause) {
    throw new CommandError(
      'for .png files the optional package @resvg/resvg-js must be installed; .svg files need nothing',
      { cause },
    );
  }
}

type Plot = typeof PlotPackage;

function optionsOf(numbers: Numbers, plot: Plot): Options {
  return numbers.shape.length < 2 ? lineOf(numbers, plot) : mapOf(numbers, plot);
}

/** More points than pixels show nothing. */
const mostPoints = 2000;

function lineOf(numbers: Numbers, plot: Plot): Options {
  const length = numbers.shape[0] ?? 1;
  const grid = gridOf(numbers.shape.length === 0 ? { ...numbers, shape: [1], stride: [1] } : numbers, {
    rows: 1,
    columns: mostPoints,
  });
  const points = Array.from(grid.means, (value, i) => ({ index: Math.floor((i * length) / grid.columns), value }));
  const mark = points.length === 1 ? plot.dot : plot.lineY;
  return { marks: [mark(points, { x: 'index', y: 'value' })] };
}

function mapOf(numbers: Numbers, plot: Plot): Options {
  const plane = firstPlane(numbers);
  const [height = 0, width = 0] = plane.shape;
  const grid = gridOf(plane, { rows: 100, columns: 100 });
  const cells = cellsOf(grid, { height, width });
  const { low, high } = rangeOf(grid.means);
  return {
    height: Math.min(Math.max((700 * height) / Math.max(width, 1), 100), 1200),
    color: { scheme: 'viridis' },
    x: { label: low > high ? 'column' : `column (colour from ${short(low)} to ${short(high)})` },
    y: { label: 'row', reverse: true },
    marks: [
      plot.rect(cells, {
        x1: 'left',
        x2: 'right',
        y1: 'top',
        y2: 'bottom',
        fill: 'value',
        inset: 0,
        shapeRendering: 'crispEdges',
      }),
    ],
  };
}

interface Cell {
  left: number;
  right: number;
  top: number;
  bottom: number;
  value: number;
}

function cellsOf({ rows, columns, means }: Grid, { height, width }: { height: number; width: number }): Cell[] {
  return Array.from(means, (value, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return {
      left: (column * width) / columns,
      right: ((column + 1) * width) / columns,
      top: (row * height) / rows,
      bottom: ((row + 1) * height) / rows,
      value,
    };
  });
}

/** The columns that hold numbers, one above the other, by row; each over its own range, which stands beside it. */
function optionsOfTable({ table }: Extract<Preview, { kind: 'table' }>, plot: Plot): Options {
  const step = Math.max(1, Math.ceil(table.count / mostPoints));
  const rows = Array.from({ length: Math.ceil(table.count / step) }, (_, i) => i * step);
  const labels: string[] = [];
  const points = table.columns.flatMap(({ name }, column) => {
    const cells = rows.map((row) => ({ row, value: numberIn(table.cell(row, column)) }));
    const range = rangeOf(cells.map(({ value }) => value));
    if (range.low > range.high) return [];
    const label = `${name}\n${short(range.low)} … ${short(range.high)}`;
    labels.push(label);
    const width = range.high - range.low || 1;
    return cells.map(({ row, value }) => ({ row, column: label, share: (value - range.low) / width }));
  });
  if (points.length === 0) throw new CommandError('there is nothing to draw: no column of the table holds numbers');
  return {
    height: 60 + 120 * labels.length,
    marginRight: 160,
    fy: { domain: labels, label: null },
    y: { axis: null },
    marks: [plot.frame({ stroke: '#ddd' }), plot.lineY(points, { x: 'row', y: 'share', fy: 'column' })],
  };
}

function numberIn(cell: unknown): number {
  return typeof cell === 'number' || typeof cell === 'bigint' ? Number(cell) : NaN;
}
