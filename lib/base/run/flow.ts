/**
 * One way of a call, two worlds. What happens between a call and its value is written once, as a generator that
 * yields steps; a step knows how to be done synchronously and asynchronously, and the runner picks.
 */
import { isPromise } from 'node:util/types';

/** One effect: reading a file, say. */
export interface Step<T> {
  sync(): T | Later<T>;
  async(): Promise<T>;
}

/** A generator of steps that ends in a value of type `T`. */
export type Flow<T> = Generator<Step<unknown>, T, unknown>;

/** What a step answers when it turns out, in a synchronous run, to be asynchronous: the rest of the flow follows it. */
export class Later<T> {
  constructor(readonly promise: Promise<T>) {}
}

/** Yields one step and gives its result its type back. */
export function* perform<T>(step: Step<T>): Flow<T> {
  return (yield step) as T;
}

/** The flow of what needs no steps. */
export function* flowOf<T>(compute: () => T): Flow<T> {
  yield* [];
  return compute();
}

/** Runs a flow synchronously; the answer is a promise only if one of its steps turned out to be asynchronous. */
export function run<T>(flow: Flow<T>): T | Promise<T> {
  let next = flow.next();
  while (next.done !== true) {
    let result: unknown;
    try {
      result = next.value.sync();
    } catch (error) {
      next = flow.throw(error);
      continue;
    }
    if (result instanceof Later) return continueAsync(flow, result.promise);
    next = flow.next(result);
  }
  return next.value;
}

/** Runs a flow of steps that are all synchronous. @throws TypeError where one turned out not to be */
export function runNow<T>(flow: Flow<T>): T {
  const result = run(flow);
  if (isPromise(result)) throw new TypeError('a flow that must end at once has an asynchronous step');
  return result;
}

/** Runs a flow asynchronously from its first step. */
export async function runAsync<T>(flow: Flow<T>): Promise<T> {
  return finish(flow, flow.next());
}

async function continueAsync<T>(flow: Flow<T>, pending: Promise<unknown>): Promise<T> {
  return finish(flow, await settle(flow, pending));
}

async function finish<T>(flow: Flow<T>, first: IteratorResult<Step<unknown>, T>): Promise<T> {
  let next = first;
  while (next.done !== true) {
    const step = next.value;
    // Begun inside a promise, so that a step that throws instead of rejecting still runs the flow's `finally`.
    next = await settle(
      flow,
      new Promise((resolve) => {
        resolve(step.async());
      }),
    );
  }
  return next.value;
}

async function settle<T>(flow: Flow<T>, pending: Promise<unknown>): Promise<IteratorResult<Step<unknown>, T>> {
  let result: unknown;
  try {
    result = await pending;
  } catch (error) {
    return flow.throw(error);
  }
  return flow.next(result);
}
