import type { Concrete } from './class-name.js';
import type { Root } from './root.js';

/** An analyzer's place under a root. */
export interface Binding {
  readonly root: Root;
  /** Instance path. */
  readonly path: string;
  readonly concrete: Concrete;
  /** The packages or scripts that define its root's class and its own. */
  readonly owner: string | undefined;
  /** Does the way to it lead through an array or Set index, where another object may sit next time? */
  readonly byIndex: boolean;
  /** Was it found after its root was tagged, where it may be attached at another time, or not at all, the next time? */
  readonly isLate: boolean;
  /** Number of the walk that found it. */
  readonly foundBy: number;
  /** Its own primitive fields when it was tagged. */
  readonly snapshot: Record<string, unknown>;
  /** Number of the tagging that reached it. */
  readonly tagging: number;
}
