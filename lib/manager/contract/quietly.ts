/** Promises that fail without ending the process: their failure is reported in events. */

/** A promise that nobody has to await: what goes wrong has been said in an event, and shows again when it is awaited. */
export function quietly<T>(promise: Promise<T>): Promise<T> {
  inBackground(promise);
  return promise;
}

/** One that nobody awaits. */
export function inBackground(promise: Promise<unknown> | undefined): void {
  promise?.catch(() => undefined);
}
