/** A grid of any number of rows and columns, of which only what is in sight is in the document. Moved in by keys. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface GridColumn {
  head: string;
  /** In pixels. */
  width: number;
  /** Its head is written upwards. */
  isUpright?: boolean;
}

export interface GridProps {
  label: string;
  columns: readonly GridColumn[];
  rowCount: number;
  cell: (row: number, column: number) => ComponentChildren;
  /** Further class of a cell. */
  classOf?: (row: number, column: number) => string;
  onOpen?: (row: number, column: number) => void;
  /** Height of the heads, in pixels. @defaultValue that of a row */
  headHeight?: number;
}

const ROW = 28;
/** Rows beyond what is in sight, so that scrolling finds something. */
const MORE = 4;
/** Browsers draw nothing much taller. Of more rows, the scroll bar moves several at a time. */
const TALLEST = 8_000_000;

interface Sight {
  top: number;
  left: number;
  height: number;
  width: number;
}

export function VirtualGrid({ label, columns, rowCount, cell, classOf, onOpen, headHeight = ROW }: GridProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState<Sight>({ top: 0, left: 0, height: 600, width: 1000 });
  const [at, setAt] = useState({ row: 0, column: 0 });
  const lefts = leftsOf(columns);
  const body = Math.min(rowCount * ROW, TALLEST);
  const rowsInSight = Math.max(1, Math.floor((sight.height - headHeight) / ROW));
  const rowsPerPixel = body < rowCount * ROW ? (rowCount - rowsInSight) / (body - sight.height + headHeight) : 1 / ROW;
  const first = Math.min(Math.floor(sight.top * rowsPerPixel), Math.max(0, rowCount - rowsInSight));

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const { scrollTop: top, scrollLeft: left, clientHeight: height, clientWidth: width } = element;
      setSight({ top, left, height, width });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  useEffect(() => {
    setAt({ row: Math.min(at.row, Math.max(0, rowCount - 1)), column: Math.min(at.column, columns.length - 1) });
  }, [rowCount, columns.length]);

  const move = (row: number, column: number): void => {
    const [to, side] = [clamp(row, rowCount), clamp(column, columns.length)];
    setAt({ row: to, column: side });
    const element = box.current;
    if (element === null) return;
    if (to < first || to >= first + rowsInSight - 1) {
      const top = to < first ? to : to - rowsInSight + 2;
      element.scrollTop = Math.max(0, top) / rowsPerPixel;
    }
    const [left = 0, right = 0] = [lefts[side], lefts[side + 1]];
    if (side === 0) element.scrollLeft = 0;
    else if (left < sight.left + (lefts[1] ?? 0)) element.scrollLeft = left - (lefts[1] ?? 0);
    else if (right > sight.left + sight.width) element.scrollLeft = right - sight.width;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step !== undefined) move(...step(at, rowsInSight, rowCount));
    else if (event.key === 'Enter' || event.key === ' ') onOpen?.(at.row, at.column);
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const found = (event.target as Element).closest<HTMLElement>('[data-row]');
    if (found === null) return;
    const [row, column] = [Number(found.dataset.row), Number(found.dataset.column)];
    setAt({ row, column });
    onOpen?.(row, column);
  };

  const shown = columnsInSight(lefts, sight);
  const from = Math.max(0, first - MORE);
  const to = Math.min(rowCount, first + rowsInSight + MORE + 1);
  // With a scroll bar that moves several rows at a time, rows stand where the reader is.
  const base = rowsPerPixel === 1 / ROW ? 0 : Math.min(sight.top, body - rowsInSight * ROW) - first * ROW;
  return (
    <div
      class="grid"
      role="grid"
      ref={box}
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      {...(rowCount > 0 && { 'aria-activedescendant': cellId(label, at.row, at.column) })}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div
        class="grid-row grid-head"
        role="row"
        aria-rowindex={1}
        style={{ height: px(headHeight), width: px(lefts.at(-1)) }}
      >
        {shown.map((column) => (
          <div
            key={column}
            role="columnheader"
            aria-colindex={column + 1}
            class={`grid-cell ${column === 0 ? 'stays' : ''} ${columns[column]?.isUpright === true ? 'upright' : ''}`}
            style={{ left: px(lefts[column]), width: px(columns[column]?.width) }}
            title={columns[column]?.head}
          >
            <span>{columns[column]?.head}</span>
          </div>
        ))}
      </div>
      <div class="grid-body" role="rowgroup" style={{ height: px(body), width: px(lefts.at(-1)) }}>
        {Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i).map((row) => (
          <div
            key={row}
            class="grid-row"
            role="row"
            aria-rowindex={row + 2}
            style={{ transform: `translateY(${px(base + row * ROW)})` }}
          >
            {shown.map((column) => (
              <div
                key={column}
                id={cellId(label, row, column)}
                role={column === 0 ? 'rowheader' : 'gridcell'}
                aria-colindex={column + 1}
                data-row={row}
                data-column={column}
                class={`grid-cell ${column === 0 ? 'stays' : ''} ${row === at.row && column === at.column ? 'at' : ''} ${classOf?.(row, column) ?? ''}`}
                style={{ left: px(lefts[column]), width: px(columns[column]?.width) }}
              >
                {cell(row, column)}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface At {
  row: number;
  column: number;
}

const STEPS: Readonly<Record<string, (at: At, page: number, rows: number) => [row: number, column: number]>> = {
  ArrowDown: ({ row, column }) => [row + 1, column],
  ArrowUp: ({ row, column }) => [row - 1, column],
  ArrowRight: ({ row, column }) => [row, column + 1],
  ArrowLeft: ({ row, column }) => [row, column - 1],
  PageDown: ({ row, column }, page) => [row + page, column],
  PageUp: ({ row, column }, page) => [row - page, column],
  Home: ({ column }) => [0, column],
  End: ({ column }, _page, rows) => [rows - 1, column],
};

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(index, count - 1));
}

function px(length = 0): string {
  return `${String(length)}px`;
}

function cellId(label: string, row: number, column: number): string {
  return `${label.replace(/\W/g, '-')}-${String(row)}-${String(column)}`;
}

/** Where each column begins, and where the last one ends. */
function leftsOf(columns: readonly GridColumn[]): number[] {
  const lefts = [0];
  for (const { width } of columns) lefts.push((lefts.at(-1) ?? 0) + width);
  return lefts;
}

/** The first column stays in sight. */
function columnsInSight(lefts: readonly number[], { left, width }: Sight): number[] {
  const shown: number[] = [];
  for (let column = 0; column < lefts.length - 1; column++) {
    const isIn = (lefts[column + 1] ?? 0) > left && (lefts[column] ?? 0) < left + width;
    if (column === 0 || isIn) shown.push(column);
  }
  return shown;
}
