/** Which task waits for which, so that none waits for itself. */

/** Something that may wait for others of its kind: a computation. */
export interface Waiting {
  /** What it started or joined, and so may be waiting for. */
  readonly waitsFor: Set<Waiting>;
}

/** Does `one` wait, directly or through others, for `target`? The answer is the way from one to the other. */
export function wayOfWaiting<W extends Waiting>(one: W, target: W): W[] | undefined {
  const before = new Map<W, W | undefined>([[one, undefined]]);
  for (const current of before.keys()) {
    if (current === target) {
      const way: W[] = [];
      for (let step: W | undefined = current; step !== undefined; step = before.get(step)) way.unshift(step);
      return way;
    }
    for (const next of current.waitsFor as Set<W>) if (!before.has(next)) before.set(next, current);
  }
  return undefined;
}
