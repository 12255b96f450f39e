/** Roots: which dataset, and where its results lie. */
import { moveGate } from '../../base/gate.js';
import { isOfRoot, type Identity } from '../../store/record/identity.js';
import { defaultTmpdir } from '../../store/disk/default-tmpdir.js';
import { storedFolder } from '../../base/files/data-roots.js';
import type { RemoteSettings } from '../../remote/contract/remote-options.js';
import { resultsMoved } from '../../trace/results.js';
import { ownerOf } from './owner.js';
import { isPathAtOrUnder } from './path-under.js';
import { Reach } from './reach.js';
import { concreteClassOf, distinctName, type Concrete } from './class-name.js';

/** Something happened to the memory of the analyzers at or under a path. */
interface Clearing {
  version: number;
  path: string;
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
  /** Where its results are taken from and pushed to; `false`: nowhere; `undefined`: where those of the process are. */
  remote: RemoteSettings | false | undefined;
  /** Goes up whenever something in the memory of its analyzers may have to go. */
  version = 0;
  /** Goes up with every tagging: an analyzer that the last walk did not reach is no longer this root's. */
  tagging = 0;
  private clearings: Clearing[] = [];
  /** What the walks from it have met; the settings of single methods that are copied from it share that. */
  reach = new Reach();

  constructor(object: object) {
    this.object = new WeakRef(object);
    this.concrete = concreteClassOf(object);
    this.owner = ownerOf(object);
  }

  /** What tells the dataset from others in this process. */
  get dataset(): string {
    return [this.tmpdir, this.prefix, this.tag].join('\0');
  }

  /** The same for digests that are stored: from other machines, too. */
  get storedDataset(): string {
    return [storedFolder(this.tmpdir), this.prefix, this.tag].join('\0');
  }

  /** The dataset, and whose results in it: what its analyzers' paths are paths in. */
  get scope(): string {
    return `${this.dataset}\0${this.className}`;
  }

  get storedScope(): string {
    return `${this.storedDataset}\0${this.className}`;
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

  /** A new tagging binds anew. */
  startTagging(): void {
    this.tagging++;
    this.reach = new Reach();
  }

  /** Another tag, another place: no memory of before holds. */
  renew(): void {
    this.version++;
    moveGate();
    this.clearings = [{ version: this.version, path: 'root' }];
    resultsMoved();
  }

  /** What lies in memory at or under a path must go. */
  forget(path: string): void {
    this.version++;
    moveGate();
    this.clearings = this.clearings.filter((clearing) => !isPathAtOrUnder(clearing.path, path));
    this.clearings.push({ version: this.version, path });
  }

  /** Must the memory of an analyzer at `path`, right at `version`, go? */
  affects(path: string, version: number): boolean {
    return this.clearings.some((clearing) => clearing.version > version && isPathAtOrUnder(path, clearing.path));
  }
}

/** Is it an entry of a root's dataset, and of a root of its class? */
export function isEntryOf({ prefix, tag, className: rootClass }: Root, identity: Identity): boolean {
  return tag !== undefined && isOfRoot(identity, { prefix, tag, rootClass });
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
