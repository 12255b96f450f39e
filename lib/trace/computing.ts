import { isPromise } from 'node:util/types';
import { Later, type Step } from '../base/run/flow.js';
import { computeIn, type Frame } from './frame.js';

/** What a computation came to, and whether it came as a promise. */
export interface Computed {
  value: unknown;
  isAsync: boolean;
}

/** Computes in a frame. What turns out to return a promise makes the rest of the way asynchronous. */
export function computing(frame: Frame, compute: () => unknown): Step<Computed> {
  return {
    sync() {
      const result = computeIn(frame, compute);
      if (!isPromise(result)) return { value: result, isAsync: false };
      return new Later(result.then((value) => ({ value, isAsync: true })));
    },
    async async() {
      return { value: await computeIn(frame, compute), isAsync: true };
    },
  };
}
