import type { Concrete } from './class-name.js';
import type { Root } from './root.js';

/** An analyzer's place under a root. */
export interface Binding {
  readonly root: Root;
  /** Instance path. */
  readonly path: string;
  readonly concrete: Concrete;
  /** Was it reached by an array or Set index, so that another object may sit there next time? */
  readonly byIndex: boolean;
  /** Its own primitive fields when it was tagged. */
  readonly snapshot: Record<string, unknown>;
  /** Number of the tagging that reached it. */
  readonly tagging: number;
}
