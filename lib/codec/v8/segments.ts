/**
 * Array buffers on their way into a file. Of a buffer that is only seen through views, no more than the bytes that
 * some view covers is stored (a Buffer of ten bytes may sit in a pool of thousands, with other people's data around
 * it); views of one buffer share one buffer again when they come back.
 */

/** The size of a segment and the stored parts of it, as subarrays of the value's own memory. */
export interface Segment {
  readonly byteLength: number;
  readonly pieces: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
}

interface Use {
  readonly buffer: ArrayBuffer;
  ranges: [start: number, end: number][];
  align: number;
  whole: boolean;
}

/** Collects the buffers of one value; segment 0 is left to the caller. */
export class SegmentCollector {
  private readonly uses: Use[] = [];
  private readonly numberOf = new Map<ArrayBuffer, number>();
  private readonly offsets: { segment: number; values: unknown[]; at: number }[] = [];

  /** The segment of a buffer that is itself part of the value. */
  whole(buffer: ArrayBuffer): number {
    const segment = this.segmentOf(buffer);
    const use = this.use(segment);
    use.whole = true;
    return segment;
  }

  /**
   * The segment of a view's buffer. The offset of the view in the segment is known at the end only: `finish` puts it
   * at `values[at]`.
   */
  range(
    view: { buffer: ArrayBuffer; byteOffset: number; byteLength: number },
    align: number,
    values: unknown[],
    at: number,
  ): number {
    const segment = this.segmentOf(view.buffer);
    const use = this.use(segment);
    use.ranges.push([view.byteOffset, view.byteOffset + view.byteLength]);
    use.align = Math.max(use.align, align);
    values[at] = view.byteOffset;
    this.offsets.push({ segment, values, at });
    return segment;
  }

  /** The segments in order, from number 1 on; completes the offsets of the views. */
  finish(): Segment[] {
    const starts: number[] = [];
    const segments = this.uses.map((use) => {
      const { start, segment } = layOut(use);
      starts.push(start);
      return segment;
    });
    for (const { segment, values, at } of this.offsets) {
      values[at] = (values[at] as number) - (starts[segment - 1] as number);
    }
    return segments;
  }

  private segmentOf(buffer: ArrayBuffer): number {
    let segment = this.numberOf.get(buffer);
    if (segment === undefined) {
      segment = this.uses.push({ buffer, ranges: [], align: 1, whole: false });
      this.numberOf.set(buffer, segment);
    }
    return segment;
  }

  private use(segment: number): Use {
    return this.uses[segment - 1] as Use;
  }
}

function layOut(use: Use): { start: number; segment: Segment } {
  const { buffer } = use;
  if (use.whole) {
    const bytes = new Uint8Array(buffer);
    return { start: 0, segment: { byteLength: bytes.length, pieces: [{ offset: 0, bytes }] } };
  }
  const ranges = merged(use.ranges);
  // Views of different alignment must all stay aligned, hence the start is rounded down for the strictest of them.
  const [first] = ranges[0] as [number, number];
  const start = first - (first % use.align);
  const [, end] = ranges.at(-1) as [number, number];
  const pieces = ranges.map(([from, to]) => ({ offset: from - start, bytes: new Uint8Array(buffer, from, to - from) }));
  return { start, segment: { byteLength: end - start, pieces } };
}

/** Ranges that touch become one; the result is in order and has no empty range, save when all are empty. */
function merged(ranges: readonly [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}
