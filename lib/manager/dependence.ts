/** What depends on what among the caches of a manager, by name, and the cached methods that depend on them. */
import type { MethodReference } from '../trace/results.js';

/** A cache by its name, or a cached method. */
export type Dependent = string | MethodReference;

export class Dependence {
  /** By the name of a cache, in the order in which they were registered. */
  private readonly dependents = new Map<string, Dependent[]>();

  add(root: string, dependent: Dependent): void {
    const known = this.dependents.get(root) ?? [];
    if (!known.some((each) => isSame(each, dependent))) this.dependents.set(root, [...known, dependent]);
  }

  /** Forgets what depends on a cache. */
  forget(root: string): void {
    this.dependents.delete(root);
  }

  /**
   * A cache and all that depends on it, directly or through others: each once, and none before what it depends on, save
   * where they depend on each other in a circle.
   */
  inOrderFrom(root: string): Dependent[] {
    const done: Dependent[] = [];
    const seen = new Set<Dependent>([root]);
    // A list, not the stack, carries the depth. The cache left last, after all that depends on it, comes first in the
    // end.
    const way: { of: Dependent; left: Dependent[] }[] = [{ of: root, left: this.of(root) }];
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const next = step.left.pop();
      if (next === undefined) {
        done.push(step.of);
        way.pop();
      } else if (!seen.has(next)) {
        seen.add(next);
        way.push({ of: next, left: this.of(next) });
      }
    }
    return done.reverse();
  }

  private of(dependent: Dependent): Dependent[] {
    return typeof dependent === 'string' ? [...(this.dependents.get(dependent) ?? [])] : [];
  }
}

/** A method is the same where it is the same call of it. */
function isSame(one: Dependent, other: Dependent): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  const [args, otherArgs] = [one.args, other.args];
  return (
    one.instance === other.instance &&
    one.method === other.method &&
    args?.length === otherArgs?.length &&
    (args ?? []).every((arg, i) => Object.is(arg, otherArgs?.[i]))
  );
}
