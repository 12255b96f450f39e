/** The contract of a codec: one format, value ↔ bytes. */
import type { LibraryInRecord } from '../../library/file-form.js';

/** The facts about a value in its record, beside its bytes. */
export interface ValueNotes {
  /** The exact JavaScript type to restore: `'Float64Array'`, `'ndarray'`, `'Table'`, … */
  type: string;
  /** NumPy's name of the element type, `'<f8'` for example, where there is one. */
  dtype?: string;
  /** Lengths of the dimensions, outermost first, where there are any. */
  shape?: number[];
  /** Length of the data before it was compressed: what the value takes in memory, more or less. */
  plainBytes?: number;
  /** The library whose class the value has, where an array or a table is not one of this program's own kinds. */
  library?: LibraryInRecord;
}

/** A value on its way to disk. */
export interface Encoded extends ValueNotes {
  /** The file's bytes in order. They may be views of the value's own memory: nothing is copied on the way. */
  chunks: Uint8Array[];
}

/** One format. A codec never writes files itself and keeps no state. */
export interface Codec {
  /** Its name in records and in the option `codec`. */
  readonly name: string;
  /** Extension of its data files, without a dot; absent for values that live in the record itself. */
  readonly extension?: string;
  /** Of a codec that compresses: the one whose files it does. */
  readonly plain?: Codec;
  /** A value it takes, tried through encode and decode when the codec is registered. */
  readonly sample: unknown;
  /** Can this codec bring the value back exactly? Cheap, and never throws. */
  accepts(value: unknown): boolean;
  /** @throws UncacheableValueError where some part of the value cannot be brought back exactly */
  encode(value: unknown): Encoded;
  /**
   * Where the body starts, given the first bytes of a file, so that the body can be read into a buffer of its own;
   * `undefined` where more of the file must be seen. A codec without this method gets the whole file as body.
   * @throws FormatError where the file cannot be of this format
   */
  bodyOffset?(head: Uint8Array, fileSize: number): number | undefined;
  /**
   * @param body the bytes from `bodyOffset` on, at offset 0 of an ArrayBuffer that the value may keep
   * @param head the bytes before the body
   * @throws FormatError where the bytes are not of this format
   */
  decode(body: Uint8Array<ArrayBuffer>, notes: ValueNotes, head: Uint8Array): unknown;
}
