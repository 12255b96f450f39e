/** A step of the walk over a root's objects: how an object is reached, and which collections it is a member of. */
import { isMap, isProxy, isSet } from 'node:util/types';

/** An object that the walk reached. */
export interface Reached {
  object: object;
  /** Instance path, made when it is asked for: most objects of a large graph are never named. */
  path(): string;
  /** Does the way to it lead through an array or Set index? */
  byIndex: boolean;
  /**
   * The arrays, Maps, Sets and plain objects that it is a member of, and those that these are members of; complete when
   * the walk is over. `undefined` where they lie too deep in one another to be followed.
   */
  collections(): Collections | undefined;
}

/** A collection that the walk met. */
export interface Collection {
  readonly path: string;
  readonly object: object;
  /** What holds it, through other collections or by itself. */
  readonly owner: object | undefined;
}

/** The collections that an object is a member of. */
export interface Collections {
  /** On the way by which it is named. */
  readonly named: readonly Collection[];
  /** On other ways. */
  readonly others: readonly Collection[];
}

/** Each is a line in the trace of every result that uses an analyzer inside them. */
const MOST_COLLECTIONS = 64;

/** Makes the last part of a path out of what is known of the step. */
export type Labeller = (part: unknown, place: number) => string;

/** A step of the walk. One class and no closures: there are as many of them as objects. */
export class Step implements Reached {
  /** Collections on other ways that it is a member of. */
  also: Step[] | undefined;
  private collects: boolean | undefined;
  private collection: Collection | undefined;

  constructor(
    readonly object: object,
    private readonly parent: Step | undefined,
    private readonly label: Labeller,
    private readonly part: unknown,
    private readonly place: number,
    readonly byIndex: boolean,
    /** Is it a proxy, or does it lie behind one? */
    readonly madeUp: boolean,
  ) {}

  path(): string {
    const labels = [this.label(this.part, this.place)];
    for (let step = this.parent; step !== undefined; step = step.parent) labels.push(step.label(step.part, step.place));
    return labels.reverse().join('');
  }

  collections(): Collections | undefined {
    const above = this.above();
    if (above.length > MOST_COLLECTIONS) return undefined;
    const others = new Set<Step>();
    // The loops see what is added while they run.
    for (const way of [[this, ...above], others])
      for (const { also = [] } of way)
        for (const step of also)
          for (const each of [step, ...step.above()]) if (!above.includes(each)) others.add(each);
    return { named: above.map((step) => step.asCollection()), others: [...others].map((step) => step.asCollection()) };
  }

  /** The collections around it, up to the next object that is none; not many more than can be followed. */
  private above(): Step[] {
    const steps: Step[] = [];
    for (let step = this.parent; step?.isCollection === true && steps.length <= MOST_COLLECTIONS; step = step.parent)
      steps.push(step);
    return steps;
  }

  get isCollection(): boolean {
    return (this.collects ??= isCollection(this.object));
  }

  private asCollection(): Collection {
    const owner = (this.above().at(-1) ?? this).parent?.object;
    return (this.collection ??= { path: this.path(), object: this.object, owner });
  }
}

function isCollection(object: object): boolean {
  if (isProxy(object)) return false;
  return Array.isArray(object) || isMap(object) || isSet(object) || Object.getPrototypeOf(object) === Object.prototype;
}

// Their own getters: a property of the collection may hide them.
const sizeOfMap = Reflect.getOwnPropertyDescriptor(Map.prototype, 'size')?.get as (this: object) => number;
const sizeOfSet = Reflect.getOwnPropertyDescriptor(Set.prototype, 'size')?.get as (this: object) => number;

/** How many members a collection has; `undefined` for what is none. Asks no proxy. */
export function memberCount(object: object): number | undefined {
  if (!isCollection(object)) return undefined;
  if (Array.isArray(object)) return object.length;
  if (isMap(object)) return sizeOfMap.call(object);
  return isSet(object) ? sizeOfSet.call(object) : Object.keys(object).length;
}
