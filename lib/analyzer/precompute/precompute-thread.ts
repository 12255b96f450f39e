/** Is this a thread that precomputes? Known to every copy of the package that the thread loads. */

const mark = Symbol.for('stowage.precomputes');

export function markAsWorker(): void {
  Object.defineProperty(globalThis, mark, { value: true });
}

export function isWorker(): boolean {
  return mark in globalThis;
}
