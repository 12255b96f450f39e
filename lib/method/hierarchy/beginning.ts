/** What was known of a root when a computation began: what is met later, the computation itself may have attached. */
import type { Frame } from '../../trace/frame.js';
import type { Root } from '../state/root.js';

interface Beginning {
  readonly root: Root;
  /** Number of the last walk. */
  readonly walk: number;
  /** Did that meet all that was attached by then? */
  readonly isComplete: boolean;
}

const beginnings = new WeakMap<Frame, Beginning>();

/** Notes how a computation begins. */
export function noteBeginning(frame: Frame, beginning: Beginning): void {
  beginnings.set(frame, beginning);
}

/** How a computation began, as far as that concerns a root; `undefined` where nothing is known of that. */
export function beginningOf(frame: Frame, root: Root): Beginning | undefined {
  const beginning = beginnings.get(frame);
  return beginning?.root === root ? beginning : undefined;
}
