/** Promises that fail without ending the process: their failure is reported in events. */

/** A promise that need not be awaited: an event has reported its failure, which shows again when it is awaited. */
export function quietly<T>(promise: Promise<T>): Promise<T> {
  inBackground(promise);
  return promise;
}

/** A promise that is never awaited. */
export function inBackground(promise: Promise<unknown> | undefined): void {
  promise?.catch(() => undefined);
}
