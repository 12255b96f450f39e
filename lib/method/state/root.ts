/** Roots: which dataset, and where its results lie. */
import { stopwatch } from '../../base/clock.js';
import { isOfRoot, type Identity } from '../../store/record/identity.js';
import { defaultTmpdir } from '../../store/entry/place.js';
import { scopeText } from '../../trace/names.js';
import { resultsMoved } from '../../trace/results.js';
import { ownerOf } from './owner.js';
import { isPathAtOrUnder } from './path-under.js';
import { concreteClassOf, distinctName, type Concrete } from './class-name.js';

/** Something happened to the memory of the analyzers at or under a path. */
interface Clearing {
  version: number;
  path: string;
}

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

/** Where results lie unless the user says otherwise. */
export function defaultPlace(): { tmpdir: string; prefix: string } {
  return { tmpdir: defaultTmpdir(), prefix: 'cache' };
}

/** The settings of one root object, shared by all analyzers that it reaches. Nothing here keeps the object alive. */
export class Root {
  readonly object: WeakRef<object>;
  readonly concrete: Concrete;
  /** The package or script that defines its class. */
  readonly owner: string | undefined;
  tag: string | undefined;
  prefix = defaultPlace().prefix;
  tmpdir = defaultPlace().tmpdir;
  /** Goes up whenever something in the memory of its analyzers may have to go. */
  version = 0;
  /** Goes up with every tagging: an analyzer that the last walk did not reach is no longer this root's. */
  tagging = 0;
  /** What the last walk over its objects took. */
  walkSeconds = 0;
  private clearings: Clearing[] = [];
  /** The analyzers that the last walks bound, by instance path. */
  private bound = new Map<string, WeakRef<object>>();
  /** The collections that they are members of, by path. */
  private collections = new Map<string, SeenCollection>();
  /** Which of them an analyzer is a member of. */
  private memberships = new WeakMap<object, Membership>();
  /** One for the root and for the settings of single methods that were copied from it. */
  private readonly lastWalk = { number: 0 };
  /** What the walks since the last tagging took, and when that was. */
  lookSeconds = 0;
  sinceTagging = stopwatch();
  /** Analyzers of other roots that the last walks met, both ways. */
  private foreign = new Map<string, WeakRef<object>>();
  private foreignPaths = new WeakMap<object, string>();
  /** Those among them that have parameters. */
  private parametered = new Map<string, WeakRef<object>>();

  constructor(object: object) {
    this.object = new WeakRef(object);
    this.concrete = concreteClassOf(object);
    this.owner = ownerOf(object);
  }

  /** What tells the dataset from others in this process. */
  get dataset(): string {
    return [this.tmpdir, this.prefix, this.tag].join('\0');
  }

  /** The dataset, and whose results in it: what its analyzers' paths are paths in. */
  get scope(): string {
    return scopeText(this.tmpdir, { prefix: this.prefix, tag: this.tag ?? '', rootClass: this.className });
  }

  /** Concrete class of the root object, told apart from another of its name in the same dataset. */
  get className(): string {
    return distinctName(this.dataset, this.concrete);
  }

  /** The same for the class of an analyzer that it reaches. */
  nameOf(concrete: Concrete): string {
    return distinctName(`${this.dataset}\0${this.className}`, concrete);
  }

  /** The same settings for one method to change; no other method sees the change. */
  copy(): Root {
    // The object itself may be gone, so there is nothing to construct from; all that is shared is replaced, never changed.
    return Object.assign(Object.create(Root.prototype) as Root, this);
  }

  /** Notes which analyzer stands at a path. */
  enter(path: string, analyzer: object): void {
    this.bound.set(path, new WeakRef(analyzer));
  }

  /** The analyzer at a path, if one was bound there and still lives. */
  at(path: string): object | undefined {
    return this.bound.get(path)?.deref();
  }

  /** Notes a collection of analyzers that the present walk met. */
  enterCollection(path: string, object: object, count: number): void {
    const seen = this.collections.get(path);
    if (seen?.walk === this.walk) return;
    const counts = seen?.counts ?? [];
    if (counts.at(-1)?.count !== count) counts.push({ walk: this.walk, count });
    this.collections.set(path, { object: new WeakRef(object), walk: this.walk, counts });
  }

  /** The collection of analyzers at a path, if the last walk met it. */
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

  /** Notes that an analyzer of another root is reached at a path. */
  enterForeign(path: string, object: object): void {
    this.foreign.set(path, new WeakRef(object));
    this.foreignPaths.set(object, path);
  }

  /** The analyzer of another root at a path. */
  foreignAt(path: string): object | undefined {
    return this.foreign.get(path)?.deref();
  }

  /** Where an analyzer of another root is reached, if it is. */
  foreignPath(object: object): string | undefined {
    return this.foreignPaths.get(object);
  }

  /** Notes that the analyzer at a path has parameters. */
  enterParameters(path: string, analyzer: object): void {
    this.parametered.set(path, new WeakRef(analyzer));
  }

  /** Has any of its analyzers parameters? */
  get hasParameters(): boolean {
    return this.parametered.size > 0;
  }

  /** Every analyzer that is bound, by path. */
  analyzers(): Generator<[path: string, analyzer: object]> {
    return living(this.bound);
  }

  /** Those that have parameters. */
  withParameters(): Generator<[path: string, analyzer: object]> {
    return living(this.parametered);
  }

  /** A walk begins; all walks of the process have one count, so that they can be told apart from outside a root. */
  beginWalk(): void {
    this.lastWalk.number = ++walks;
  }

  /** Number of the last walk. */
  get walk(): number {
    return this.lastWalk.number;
  }

  /** A new tagging binds anew. */
  startTagging(): void {
    this.tagging++;
    this.bound = new Map();
    this.collections = new Map();
    this.memberships = new WeakMap();
    this.lookSeconds = 0;
    this.sinceTagging = stopwatch();
    this.foreign = new Map();
    this.foreignPaths = new WeakMap();
    this.parametered = new Map();
  }

  /** Another tag, another place: no memory of before holds. */
  renew(): void {
    this.version++;
    this.clearings = [{ version: this.version, path: 'root' }];
    resultsMoved();
  }

  /** What lies in memory at or under a path must go. */
  forget(path: string): void {
    this.version++;
    this.clearings = this.clearings.filter((clearing) => !isPathAtOrUnder(clearing.path, path));
    this.clearings.push({ version: this.version, path });
  }

  /** Must the memory of an analyzer at `path`, right at `version`, go? */
  affects(path: string, version: number): boolean {
    return this.clearings.some((clearing) => clearing.version > version && isPathAtOrUnder(path, clearing.path));
  }
}

function* living(refs: ReadonlyMap<string, WeakRef<object>>): Generator<[path: string, analyzer: object]> {
  for (const [path, ref] of refs) {
    const analyzer = ref.deref();
    if (analyzer !== undefined) yield [path, analyzer];
  }
}

/** Is it an entry of a root's dataset, and of a root of its class? */
export function isEntryOf({ prefix, tag, className: rootClass }: Root, identity: Identity): boolean {
  return tag !== undefined && isOfRoot(identity, { prefix, tag, rootClass });
}

let walks = 0;

/** How many walks there have been. */
export function walksSoFar(): number {
  return walks;
}

const roots = new WeakMap<object, Root>();
const live = new Set<Root>();

/** The root that an object is, made if need be. */
export function rootFor(object: object): Root {
  let root = roots.get(object);
  if (root === undefined) {
    root = new Root(object);
    roots.set(object, root);
    live.add(root);
  }
  return root;
}

/** The root that an object is, if it is one. */
export function rootOf(object: object): Root | undefined {
  return roots.get(object);
}

/** Roots that have a tag and whose object still lives, in the order in which they became roots. */
export function taggedRoots(): Root[] {
  for (const root of live) if (root.object.deref() === undefined) live.delete(root);
  return [...live].filter((root) => root.tag !== undefined);
}
