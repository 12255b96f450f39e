/** What a remote is to all that is built on it: objects with names, each there as a whole or not at all. */

/** An object as a list shows it. */
export interface Listed {
  name: string;
  bytes: number;
  /** Seconds since the epoch. */
  modifiedAt: number;
}

/** How one request is made. */
export interface Asking {
  /** Ends it; it then throws what the signal has as reason. @defaultValue it may take as long as something happens */
  signal?: AbortSignal;
}

/** How an object is put. */
export interface Putting extends Asking {
  /**
   * Only where there is none of the name. A backend that cannot promise that puts all the same: of several who do so at once
   * the last one wins.
   */
  ifAbsent?: boolean;
}

/**
 * A place for objects. Names are of letters, digits and `_ . = - /`. What fails is a RemoteError.
 */
export interface Backend {
  /** For messages; without secrets. */
  readonly url: string;
  /**
   * The bytes of an object; `undefined` where there is none.
   * @param most of an object that has more bytes, no more than these and one
   */
  get(name: string, most: number, asking?: Asking): Promise<Uint8Array | undefined>;
  /** @returns whether it was put; `false` where one was there that is not to be replaced */
  put(name: string, bytes: Uint8Array, putting?: Putting): Promise<boolean>;
  /** All objects whose names begin so, in no order. */
  list(prefix: string, asking?: Asking): AsyncIterable<Listed>;
  head(name: string, asking?: Asking): Promise<Listed | undefined>;
  /** That it is gone already is no fault. */
  delete(name: string, asking?: Asking): Promise<void>;
}
