/** How long the rest will take, told from what was done. */

/** Weight of the newest in the mean: what comes next is like what came last, more than like the beginning. */
const WEIGHT = 0.2;

/** Seconds that the calls of each name took lately. A tag that was stored already takes next to nothing. */
export class TimeLeft {
  private readonly means = new Map<string, number>();
  private readonly left = new Map<string, number>();

  /** @param jobs how many are under way at a time */
  constructor(public jobs: number) {}

  /** There are calls of a name to do; fewer than none where they will not be done. */
  add(name: string, count: number): void {
    this.left.set(name, (this.left.get(name) ?? 0) + count);
  }

  /** One of them is done. */
  note(name: string, seconds: number): void {
    const mean = this.means.get(name);
    this.means.set(name, mean === undefined ? seconds : mean + WEIGHT * (seconds - mean));
    this.add(name, -1);
  }

  /** Seconds; `undefined` before anything is done. */
  get seconds(): number | undefined {
    if (this.means.size === 0) return undefined;
    const known = [...this.means.values()];
    // Of a name that was not seen yet, the others tell.
    const usual = known.reduce((sum, mean) => sum + mean, 0) / known.length;
    let total = 0;
    for (const [name, count] of this.left) total += Math.max(0, count) * (this.means.get(name) ?? usual);
    return total / this.jobs;
  }
}
