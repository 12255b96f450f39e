/**
 * Which results in memory were made of what: when something changes, what was computed from it leaves memory, through any
 * depth and across analyzers. On disk nothing has to be done: there the trace of each result tells.
 */
import { unfinished } from './frame.js';

/** A result in memory, as its dependence is concerned. */
export interface Dependent {
  /** Its own name, by which others depend on it. */
  readonly name: string;
  /**
   * Takes it, and it alone, out of memory.
   * @param digest that the thing it was made of has now; `undefined` where that is not known
   */
  drop(digest?: string): void;
  /** Is there nothing left to take out? */
  isGone(): boolean;
}

/** Something that a result was made of, and the digest that it had then. */
export interface Ingredient {
  name: string;
  digest: string;
}

/** What a dependent was made with. */
interface Link {
  dependent: WeakRef<Dependent>;
  digest: string;
}

/** That a thing was no longer what it was. */
export interface Change {
  name: string;
  /** That it has now; `undefined` where that is not known. */
  digest: string | undefined;
}

/** So many of the latest changes are remembered. */
const MOST_CHANGES = 4096;

/** Neither side is kept alive; a dependent that is gone still leads to those that were made of it. */
class Dependents {
  /**
   * By the name of the ingredient, then by the name of the dependent; of one name there is one for each of several roots
   * on one dataset.
   */
  private readonly links = new Map<string, Map<string, Link[]>>();
  private readonly latest: Change[] = [];
  /** How many changes there were before the latest. */
  private older = 0;
  private entered = 0;
  private nextTidying = 1024;

  /** How many changes there were so far. */
  get changes(): number {
    return this.older + this.latest.length;
  }

  /** What has changed since there were so many changes; `undefined` where that is not remembered. */
  changesSince(count: number): readonly Change[] | undefined {
    return count < this.older ? undefined : this.latest.slice(count - this.older);
  }

  /** Is something that a result was made of no longer what it was, since there were so many changes? */
  haveChangedSince(count: number, ingredients: () => readonly Ingredient[]): boolean {
    const changes = this.changesSince(count);
    if (changes?.length === 0) return false;
    return (
      changes === undefined ||
      ingredients().some((one) => changes.some(({ name, digest }) => name === one.name && digest !== one.digest))
    );
  }

  enter(ingredients: Iterable<Ingredient>, dependent: Dependent): void {
    const ref = new WeakRef(dependent);
    for (const { name, digest } of ingredients) {
      let known = this.links.get(name);
      if (known === undefined) this.links.set(name, (known = new Map<string, Link[]>()));
      const others = (known.get(dependent.name) ?? []).filter((link) => link.dependent.deref()?.isGone() === false);
      known.set(dependent.name, [...others, { dependent: ref, digest }]);
      this.entered++;
    }
    if (this.entered >= this.nextTidying) this.tidy();
  }

  /**
   * Drops from memory all that was made of the thing of this name, unless it had the digest that it has now.
   * @returns how many left memory
   */
  drop(name: string, digest?: string): number {
    const names: string[] = [];
    let count = this.dropLinks(name, digest, names);
    // The loop sees what is pushed while it runs: it, not the stack, carries the depth.
    for (const each of names) count += this.dropLinks(each, undefined, names);
    this.remember({ name, digest });
    for (const each of names) this.remember({ name: each, digest: undefined });
    for (const frame of unfinished) {
      frame.hearOf(name, digest);
      for (const each of names) frame.hearOf(each, undefined);
    }
    return count;
  }

  /** Drops what was made of anything whose name passes. */
  dropWhere(matches: (name: string) => boolean): void {
    for (const name of [...this.links.keys()]) if (matches(name)) this.drop(name);
    for (const frame of unfinished)
      for (const name of frame.uses.keys()) if (matches(name)) frame.hearOf(name, undefined);
  }

  private remember(change: Change): void {
    this.latest.push(change);
    if (this.latest.length <= MOST_CHANGES) return;
    this.older += MOST_CHANGES / 2;
    this.latest.splice(0, MOST_CHANGES / 2);
  }

  /** The names of all that was made of something. */
  names(): Set<string> {
    return new Set([...this.links.values()].flatMap((known) => [...known.keys()]));
  }

  private dropLinks(name: string, digest: string | undefined, names: string[]): number {
    const known = this.links.get(name);
    if (known === undefined) return 0;
    let count = 0;
    for (const [dependentName, links] of known) {
      const outdated = links.filter((link) => link.digest !== digest);
      if (outdated.length === 0) continue;
      if (outdated.length === links.length) known.delete(dependentName);
      else
        known.set(
          dependentName,
          links.filter((link) => link.digest === digest),
        );
      for (const { dependent } of outdated) {
        const held = dependent.deref();
        if (held?.isGone() === false) count++;
        held?.drop(digest);
      }
      names.push(dependentName);
    }
    if (known.size === 0) this.links.delete(name);
    return count;
  }

  /** Forgets dependents that are gone and lead nowhere, each time there are twice as many as after the last time. */
  private tidy(): void {
    this.entered = 0;
    for (const [name, known] of this.links) {
      for (const [dependentName, links] of known) {
        const isGone = links.every(({ dependent }) => dependent.deref() === undefined);
        if (isGone && !this.links.has(dependentName)) known.delete(dependentName);
      }
      if (known.size === 0) this.links.delete(name);
      this.entered += known.size;
    }
    this.nextTidying = Math.max(1024, 2 * this.entered);
  }
}

/** The dependents of the process. */
export const dependents = new Dependents();
