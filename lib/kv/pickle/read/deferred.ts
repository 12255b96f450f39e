/** Values on the unpickler's stack that are known only when the whole pickle has been read. */

/** What stands for a value on the stack until the pickle has been read: it may still change, or be no data at all. */
export abstract class Deferred {
  /**
   * The value, always the same one; asked for when the pickle has been read.
   * @throws PickleError where it is no data
   */
  abstract value(): unknown;
}

/** A value that was made elsewhere and is complete. */
export class Complete extends Deferred {
  private readonly held: unknown;

  constructor(value: unknown) {
    super();
    this.held = value;
  }

  override value(): unknown {
    return this.held;
  }
}
