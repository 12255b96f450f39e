/** Reading the parts of a v8 blob in order, each within its bounds. */
import { FormatError } from '../../base/errors.js';

/** What was read of a file, unchecked. */
export interface PackedFile {
  readonly values: unknown[];
  readonly shapes: string[][];
  readonly code: Uint32Array;
  readonly segments: readonly StoredSegment[];
}

/** A segment in the file. */
export interface StoredSegment {
  readonly byteLength: number;
  readonly pieces: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
}

/** An object that exists, and what remains to be put into it when all objects exist. */
export interface Shell {
  readonly object: object;
  fill?(resolve: (items: List) => unknown[]): void;
}

/** Items of a list that was passed over, to be resolved when all objects exist. */
export interface List {
  readonly count: number;
  readonly codeAt: number;
  readonly valueAt: number;
  readonly hasReferences: boolean;
}

/** The one message for data that contradict the format: the checksum tells whether the disk is to blame. */
export function malformed(detail = 'its contents contradict each other'): FormatError {
  return new FormatError(`not a readable v8 blob: ${detail}`);
}

/** Reads code and values in order; each word and each value is consumed once, which bounds the work by the file. */
export class Reader {
  private readonly file: PackedFile;
  private readonly buffers: (ArrayBuffer | undefined)[] = [];
  private codeAt = 0;
  private valueAt = 0;

  constructor(file: PackedFile) {
    this.file = file;
  }

  /** Is there another object? @throws FormatError where there is none, but primitives are left over */
  get hasMore(): boolean {
    if (this.codeAt < this.file.code.length) return true;
    if (this.valueAt !== this.file.values.length) throw malformed();
    return false;
  }

  word(): number {
    const word = this.file.code[this.codeAt++];
    if (word === undefined) throw malformed();
    return word;
  }

  value(): unknown {
    if (this.valueAt >= this.file.values.length) throw malformed();
    return this.file.values[this.valueAt++];
  }

  text(): string {
    const value = this.value();
    if (typeof value !== 'string') throw malformed();
    return value;
  }

  number(): number {
    const value = this.value();
    if (typeof value !== 'number') throw malformed();
    return value;
  }

  /** A number of bytes or elements, or a place among them. */
  size(): number {
    const value = this.number();
    if (!Number.isSafeInteger(value) || value < 0) throw malformed();
    return value;
  }

  shape(): readonly string[] {
    const shape = this.file.shapes[this.word()];
    if (shape === undefined) throw malformed();
    return shape;
  }

  /** Passes over the items of a list. */
  list(count: number): List {
    const flag = this.word();
    if (flag > 1) throw malformed();
    const list = { count, codeAt: this.codeAt, valueAt: this.valueAt, hasReferences: flag === 1 };
    if (flag === 0) {
      this.valueAt += count;
    } else {
      const end = this.codeAt + count;
      if (end > this.file.code.length) throw malformed();
      while (this.codeAt < end) if (this.file.code[this.codeAt++] === 0) this.valueAt++;
    }
    if (this.valueAt > this.file.values.length) throw malformed();
    return list;
  }

  resolve(list: List, object: (number: number) => object): unknown[] {
    const { values, code } = this.file;
    if (!list.hasReferences) return values.slice(list.valueAt, list.valueAt + list.count);
    let { valueAt } = list;
    const items = new Array<unknown>(list.count);
    for (let index = 0; index < list.count; index++) {
      const word = code[list.codeAt + index] as number;
      items[index] = word === 0 ? values[valueAt++] : object(word - 1);
    }
    return items;
  }

  /** The buffer of a segment; the same one each time. */
  buffer(number: number): ArrayBuffer {
    const existing = this.buffers[number];
    if (existing !== undefined) return existing;
    const segment = number === 0 ? undefined : this.file.segments[number];
    if (segment === undefined) throw malformed();
    const buffer = new ArrayBuffer(segment.byteLength);
    for (const { offset, bytes } of segment.pieces) new Uint8Array(buffer, offset, bytes.length).set(bytes);
    this.buffers[number] = buffer;
    return buffer;
  }
}
