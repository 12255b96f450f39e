/** What hands parts to hosts: a scheduler, or a queue that workers take from. */
import type { RunFolder } from './run-folder.js';

export interface PartQueue {
  /** Hands parts over together. @throws where they are refused, in the words of who refused them */
  submit(run: RunFolder, parts: readonly number[]): Promise<string>;
  /** The parts that wait or are being computed; `undefined` where it cannot be told now. */
  present(run: RunFolder): Promise<ReadonlySet<number> | undefined>;
  /** Ends all parts of a run. */
  cancel(run: RunFolder): Promise<void>;
  /** What was last heard of a part that has vanished, to be read by people. */
  lastWords(run: RunFolder, part: number): string;
}
