/** A wait of some seconds, for synchronous and asynchronous callers. */
import { setTimeout as later } from 'node:timers/promises';
import type { Step } from './flow.js';

/** No other code knows it, so a thread that waits on it is never woken. */
let nobodysCell: Int32Array | undefined;

/**
 * Waits for some seconds: synchronously as a sleeping thread, which costs no time of the processor, asynchronously as a timer.
 * @param signal ends the asynchronous wait, which then rejects with the signal's reason
 */
export function pause(seconds: number, signal?: AbortSignal): Step<void> {
  return {
    sync() {
      nobodysCell ??= new Int32Array(new SharedArrayBuffer(4));
      Atomics.wait(nobodysCell, 0, 0, seconds * 1000);
    },
    // The timer keeps the process alive: a caller awaits it.
    async async() {
      await later(seconds * 1000, undefined, signal && { signal }).catch((error: unknown) => {
        throw signal?.aborted === true ? signal.reason : error;
      });
    },
  };
}
