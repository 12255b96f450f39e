/** Caches that last until the end of the turn: while a program asks one question after another, and no longer. */

let waiting: Set<() => void> | undefined;

/** Runs it when the event loop turns next, once however often it was asked for. It must not throw. */
export function atEndOfTurn(work: () => void): void {
  if (waiting === undefined) {
    waiting = new Set();
    setImmediate(() => {
      const works = waiting ?? [];
      waiting = undefined;
      for (const each of works) each();
    });
  }
  waiting.add(work);
}
