/** Which root has which object, and under which name: what a tagging comes to, by what is documented of it. */
import type { ClassPlan, Situation } from './plan.js';

export interface Name {
  /** Number of the root. */
  root: number;
  path: string;
  /** Found after the tagging. */
  isLate: boolean;
}

/** A collection in an object: its path, and whose it is. */
export interface Container {
  path: string;
  node: number;
  slot: 'list' | 'map';
}

/** A way on which the walk goes on. */
interface Way {
  node: number;
  path: string;
  container?: Container;
}

export class Names {
  private readonly names = new Map<number, Name>();
  /** The collections of which an object is a member, by the number of the root that reaches them. */
  private readonly memberships = new Map<string, Map<string, Container>>();
  /** Where a root reaches an object of another root. */
  private readonly foreign = new Map<string, string>();
  /** Are those there that are attached once the roots are tagged? */
  private isComplete = true;

  constructor(
    private readonly situation: Situation,
    private readonly classes: readonly ClassPlan[],
  ) {}

  of(node: number): Name | undefined {
    return this.names.get(node);
  }

  /** The collections of which an object is a member, as far as a root reaches them. */
  collectionsOf(root: number, node: number): Container[] {
    return [...(this.memberships.get(`${root} ${node}`)?.values() ?? [])];
  }

  /** Where a root reaches an object that another has. */
  pathOfForeign(root: number, node: number): string | undefined {
    return this.foreign.get(`${root} ${node}`);
  }

  /** All roots are tagged, before what comes late is attached. */
  start(): void {
    this.names.clear();
    this.isComplete = false;
    for (const root of this.situation.roots.keys()) this.tag(root);
    this.isComplete = true;
    this.look();
  }

  /** Those that a root has anew. */
  tag(root: number): void {
    for (const [node, name] of this.names) if (name.root === root) this.names.delete(node);
    this.walk(root, false);
  }

  /** Those that no tagging has reached yet. */
  look(): void {
    for (const root of this.situation.roots.keys()) this.walk(root, true);
  }

  tagOf(node: number): string | undefined {
    const name = this.names.get(node);
    return name && this.situation.roots[name.root]?.tag;
  }

  /** Breadth first; a collection is a step of its own. */
  private walk(root: number, isLate: boolean): void {
    const top = this.situation.roots[root]?.node ?? 0;
    const others = new Set(this.situation.roots.map(({ node }) => node).filter((node) => node !== top));
    const isAbsent = (node: number): boolean => !this.isComplete && this.situation.nodes[node]?.late === true;
    const seen = new Set<number>([top]);
    for (const known of [this.memberships, this.foreign])
      for (const key of known.keys()) if (key.startsWith(`${root} `)) known.delete(key);
    const { memberships } = this;
    const queue: (Way | (() => Way[]))[] = [{ node: top, path: 'root' }];
    for (const way of queue) {
      if (typeof way === 'function') {
        for (const inside of way()) add(inside);
        continue;
      }
      if (others.has(way.node) || (this.names.get(way.node)?.root ?? root) !== root)
        this.foreign.set(`${root} ${way.node}`, way.path);
      if (others.has(way.node)) continue;
      if (!this.names.has(way.node) && (way.node === top || this.isAnalyzer(way.node)))
        this.names.set(way.node, { ...way, root, isLate });
      for (const next of this.below(way)) add(next);
    }

    function add(way: Way | (() => Way[])): void {
      if (typeof way !== 'function') {
        if (isAbsent(way.node)) return;
        if (way.container !== undefined) {
          const key = `${root} ${way.node}`;
          const known = memberships.get(key) ?? new Map<string, Container>();
          memberships.set(key, known.set(way.container.path, way.container));
        }
        if (seen.has(way.node)) return;
        seen.add(way.node);
      }
      queue.push(way);
    }
  }

  private below({ node, path }: Way): (Way | (() => Way[]))[] {
    const plan = this.situation.nodes[node];
    if (plan === undefined) return [];
    const single = (slot: 'left' | 'right' | 'hidden'): Way[] =>
      plan[slot] === undefined ? [] : [{ node: plan[slot], path: `${path}/${slot}` }];
    const members = (slot: 'list' | 'map', entries: [number | string, number][]) => (): Way[] => {
      const container = { path: `${path}/${slot}`, node, slot };
      return entries.map(([key, member]) => ({ node: member, path: `${container.path}/${key}`, container }));
    };
    return [
      ...single('left'),
      ...single('right'),
      members('list', [...plan.list.entries()]),
      members('map', plan.map),
      ...single('hidden'),
    ];
  }

  private isAnalyzer(node: number): boolean {
    const plan = this.classes[this.situation.nodes[node]?.cls ?? 0];
    return plan !== undefined && (plan.methods.length > 0 || plan.parameters > 0);
  }
}
