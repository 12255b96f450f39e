/** What need not be computed again: a result that is stored, and was made of what it would be made of now. */
import { keyOf, type Asked, type Identity, type Made } from './oracle.js';

/** What is stored of a call. */
interface Stored {
  identity: Identity;
  uses: string;
  /** Pruned results are still what others were made of. */
  hasData: boolean;
  isOnDisk: boolean;
}

export function callText({ node, method, n }: Asked): string {
  return `${node}.m${method}(${n})`;
}

/** What may be computed on the way of calls. */
interface Allowance {
  /** How often each call may be computed; by its text. */
  counts: Map<string, number>;
  /** Each call of the way, by its text. */
  calls: Map<string, Made>;
}

export class Ideal {
  private readonly stored = new Map<string, Stored>();
  private readonly seen = new Map<string, Identity>();
  /** How often results of a name were invalidated. */
  private readonly generations = new Map<string, number>();

  generationOf(identity: Identity): string {
    const generation = this.generations.get(keyOf(identity));
    return generation === undefined ? '' : `#${generation}`;
  }

  /**
   * What may be computed on the way of calls.
   * @param isElsewhere in another process, which does not have what only memory has
   */
  allow(asked: readonly Made[], isElsewhere: boolean): Allowance {
    const counts = new Map<string, number>();
    const calls = new Map<string, Made>();
    const done = new Set<string>();
    // Failures are not kept: what fails while a stored result is looked at may not fail when it is called, and is asked again.
    const conceded = asked.some(fails) ? Infinity : 0;
    const visit = (made: Made, isNeeded: boolean): void => {
      const key = keyOf(made.identity);
      const text = callText(made.identity);
      calls.set(text, made);
      this.seen.set(key, made.identity);
      if (done.has(key)) return;
      const stored = made.isKept ? this.stored.get(key) : undefined;
      const isThere = stored?.uses === usesOf(made) && (stored.isOnDisk || !isElsewhere);
      const isFresh = isThere && (stored.hasData || !isNeeded);
      const isComputed = !isFresh && (made.isKept || isNeeded);
      if (isComputed) {
        counts.set(text, (counts.get(text) ?? (made.isKept ? 0 : conceded)) + 1);
        if (made.isKept) done.add(key);
      }
      for (const each of made.calls) visit(each, isComputed);
    };
    for (const made of asked) visit(made, true);
    return { counts, calls };
  }

  /** Notes that a call was computed and stored. */
  store(made: Made, isOnDisk: boolean): void {
    if (!made.isKept) return;
    this.stored.set(keyOf(made.identity), { identity: made.identity, uses: usesOf(made), hasData: true, isOnDisk });
  }

  /** Results that only memory had are gone. */
  forget(): void {
    this.drop(({ isOnDisk }) => !isOnDisk);
  }

  /** What is stored is gone. */
  clear(isMeant: (identity: Identity) => boolean): void {
    this.drop(({ identity }) => isMeant(identity));
    for (const [key, identity] of this.seen) if (isMeant(identity)) this.generations.delete(key);
  }

  /** The data of what is stored is gone. */
  prune(isMeant: (identity: Identity) => boolean): void {
    for (const stored of this.stored.values()) if (isMeant(stored.identity)) stored.hasData = false;
  }

  /** What is stored is no longer right, whatever comes out of computing it again. */
  invalidate(isMeant: (identity: Identity) => boolean): void {
    this.drop(({ identity }) => isMeant(identity));
    for (const [key, identity] of this.seen) if (isMeant(identity)) this.generations.set(key, ++this.lastGeneration);
  }
  private lastGeneration = 0;

  private drop(isMeant: (stored: Stored) => boolean): void {
    for (const [key, stored] of this.stored) if (isMeant(stored)) this.stored.delete(key);
  }
}

function usesOf({ uses }: Made): string {
  return JSON.stringify([...uses]);
}

/** Does a call fail, or one that it makes? */
function fails({ outcome, calls }: Made): boolean {
  return 'error' in outcome || calls.some(fails);
}
