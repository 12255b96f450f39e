/** What the walks from a root have met since its last tagging. Nothing here keeps an object alive. */
import { stopwatch } from '../../base/clock.js';

/** A collection of analyzers, and how many members it had by which walk. */
interface SeenCollection {
  object: WeakRef<object>;
  walk: number;
  counts: { walk: number; count: number }[];
}

/** The collections that an analyzer is a member of, by path. */
export interface Membership {
  /** Those on the way by which it is named; `undefined` where they lie too deep in one another. */
  readonly named: readonly string[] | undefined;
  /** Those on other ways, and what holds them. */
  readonly others: readonly { readonly path: string; readonly owner: WeakRef<object> | undefined }[];
}

let walks = 0;

/** How many walks there have been, of all roots together. */
export function walksSoFar(): number {
  return walks;
}

export class Reach {
  /** When the tagging was. */
  readonly since = stopwatch();
  /** What the last walk took. */
  walkSeconds = 0;
  /** What the walks took that looked for what was attached since. */
  lookSeconds = 0;
  /** Number of the last walk. */
  walk = 0;
  /** The analyzers of the root, by instance path. */
  private readonly bound = new Map<string, WeakRef<object>>();
  /** Those among them that have parameters. */
  private readonly parametered = new Map<string, WeakRef<object>>();
  /** Analyzers of other roots, both ways. */
  private readonly foreign = new Map<string, WeakRef<object>>();
  private readonly foreignPaths = new WeakMap<object, string>();
  /** The collections that all of these are members of, by path. */
  private readonly collections = new Map<string, SeenCollection>();
  private readonly memberships = new WeakMap<object, Membership>();

  /** A walk begins. */
  beginWalk(): void {
    this.walk = ++walks;
  }

  /** Notes which analyzer of the root stands at a path. */
  enter(path: string, analyzer: object): void {
    this.foreign.delete(path);
    this.bound.set(path, new WeakRef(analyzer));
  }

  /** The analyzer of the root at a path, if one was bound there and still lives. */
  at(path: string): object | undefined {
    return this.bound.get(path)?.deref();
  }

  /** Every analyzer of the root, by path. */
  analyzers(): Generator<[path: string, analyzer: object]> {
    return living(this.bound);
  }

  /** Notes that the analyzer at a path has parameters. */
  enterParameters(path: string, analyzer: object): void {
    this.parametered.set(path, new WeakRef(analyzer));
  }

  /** Has any of the root's analyzers parameters? */
  get hasParameters(): boolean {
    return this.parametered.size > 0;
  }

  /** Those that have parameters. */
  withParameters(): Generator<[path: string, analyzer: object]> {
    return living(this.parametered);
  }

  /** Notes that an analyzer of another root stands at a path. */
  enterForeign(path: string, object: object): void {
    this.bound.delete(path);
    this.foreign.set(path, new WeakRef(object));
    this.foreignPaths.set(object, path);
  }

  /** The analyzer of another root at a path. */
  foreignAt(path: string): object | undefined {
    return this.foreign.get(path)?.deref();
  }

  /** Where an analyzer of another root stands, if it does. */
  foreignPath(object: object): string | undefined {
    return this.foreignPaths.get(object);
  }

  /** Notes a collection that the present walk met. */
  enterCollection(path: string, object: object, count: number): void {
    const seen = this.collections.get(path);
    if (seen?.walk === this.walk) return;
    const counts = seen?.counts ?? [];
    if (counts.at(-1)?.count !== count) counts.push({ walk: this.walk, count });
    this.collections.set(path, { object: new WeakRef(object), walk: this.walk, counts });
  }

  /** The collection at a path, if the last walk met it. */
  collectionAt(path: string): object | undefined {
    const seen = this.collections.get(path);
    return seen?.walk === this.walk ? seen.object.deref() : undefined;
  }

  /** How many members a collection had by an earlier walk; none where there was no such collection. */
  countAt(path: string, walk: number): number {
    return this.collections.get(path)?.counts.findLast((each) => each.walk <= walk)?.count ?? 0;
  }

  enterMembership(object: object, membership: Membership): void {
    this.memberships.set(object, membership);
  }

  /** The collections that an analyzer is a member of; `undefined` where no walk has met it. */
  membershipOf(object: object): Membership | undefined {
    return this.memberships.get(object);
  }
}

function* living(refs: ReadonlyMap<string, WeakRef<object>>): Generator<[path: string, analyzer: object]> {
  for (const [path, ref] of refs) {
    const analyzer = ref.deref();
    if (analyzer !== undefined) yield [path, analyzer];
  }
}
