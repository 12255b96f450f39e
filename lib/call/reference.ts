/** A stored result that is loaded when it is asked for. */

/** A reference to one stored result, which can be handed on in its place. @typeParam Value what it is */
export interface Reference<Value = unknown> {
  /** The file that holds it: its data, or its record where it lives there. */
  readonly file: string;
  /**
   * The value, as it was stored: read, verified and decoded at each call, and not kept in memory.
   * @throws NotStoredError where it is gone, damaged, or another one by now
   */
  load(): Value;
}
