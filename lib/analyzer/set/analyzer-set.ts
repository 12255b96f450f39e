/** Many analyzers of one class as one. */
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import { isThenable } from '../../base/run/is-thenable.js';
import { tagsIn } from '../../store/maintain/tags-in.js';
import { Analyzer, type AnalyzerClass, type GetOptions } from '../single/analyzer.js';
import { broadcast, type Broadcast } from './broadcast.js';
import { dateOfTag } from '../single/date-of-tag.js';
import { gather, type Gathered } from './gather.js';
import { whereaboutsOf } from '../single/whereabouts.js';
import type { SetResults } from './set-results.js';
import { selectTags, type TagSelection } from './tag-selection.js';

/** Options of {@link AnalyzerSet}, for all members; `recalc` clears each when it is first used through the set. */
export type AnalyzerSetOptions<Args extends readonly unknown[] = []> = GetOptions<Args>;

/** {@link AnalyzerSetOptions}; they may be left out where the constructor of the class needs nothing but the tag. */
export type SetArguments<Args extends readonly unknown[]> = [] extends Args
  ? [options?: AnalyzerSetOptions<Args>]
  : [options: AnalyzerSetOptions<Args> & { args: Args }];

/** The results of {@link AnalyzerSet.map}; a promise of them where they are asynchronous. */
export type Mapped<R> = [R] extends [PromiseLike<infer V>] ? Promise<V[]> : R[];

/** A class as the set asks it for its instances; it may have a `get` of its own. */
interface Getter<A, Args extends readonly unknown[]> {
  get(tag: string, options: GetOptions<Args>): A;
}

/** Options of {@link AnalyzerSet.each}. */
export interface EachOptions {
  /** How many asynchronous computations are under way at a time. @defaultValue 4 */
  jobs?: number;
}

/**
 * Many tags as one. Members are made when they are needed, with {@link Analyzer.get}, and not kept: a set of a thousand
 * nights holds a thousand names.
 *
 * ```ts
 * const nights = new AnalyzerSet(Night, 'LBTISX2024*');
 * nights.each((night) => night.slopes.rms()).values; // number[]
 * nights.all.slopes.rms().stack();                   // the same, as one ndarray
 * nights.each((night) => night.report()).table();    // an Arrow table with a column 'tag'
 * ```
 */
export class AnalyzerSet<
  A extends Analyzer,
  Args extends readonly unknown[] = readonly unknown[],
> implements Iterable<A> {
  /** The tags, each once. */
  readonly tags: readonly string[];
  /** The tmpdir in which the results of the members lie. */
  readonly tmpdir: string;
  /** What stands before the tag in the name of each folder. */
  readonly prefix: string;
  private readonly options: AnalyzerSetOptions<Args>;
  private readonly known: ReadonlySet<string>;
  /** Tags whose members are still to be cleared. */
  private toRecalc: Set<string>;

  /**
   * @param Class the class of the members
   * @param selection a list of tags, which need not exist; a pattern such as `'LBTISX2024*'` or a range `{ from, to }` of
   *   dates over the tags of which something is stored
   * @throws InvalidOptionError where the class is no Analyzer or the selection is none
   */
  constructor(
    readonly Class: AnalyzerClass<A, Args>,
    selection: TagSelection,
    ...[options]: SetArguments<Args>
  ) {
    if (typeof Class !== 'function' || !(Class.prototype instanceof Analyzer)) {
      throw new InvalidOptionError('an AnalyzerSet needs a class that extends Analyzer');
    }
    const given = options ?? {};
    const { tmpdir, prefix } = whereaboutsOf(Class, given);
    this.tmpdir = tmpdir;
    this.prefix = prefix;
    this.options = { ...given, tmpdir, prefix };
    this.tags = selectTags(selection, () => tagsIn(tmpdir, prefix));
    this.known = new Set(this.tags);
    this.toRecalc = new Set(given.recalc === true ? this.tags : []);
  }

  /** Number of tags. */
  get length(): number {
    return this.tags.length;
  }

  /** Further arguments of the members' constructors. */
  get args(): readonly unknown[] {
    return this.options.args ?? [];
  }

  /** The member of a tag. @throws InvalidOptionError where the set has no such tag */
  get(tag: string): A {
    if (!this.known.has(tag))
      throw new InvalidOptionError(`the set has no tag '${tag}'${didYouMean(tag, this.known.keys())}`);
    const analyzer = (this.Class as unknown as Getter<A, Args>).get(tag, {
      ...this.options,
      recalc: this.toRecalc.has(tag),
    });
    this.toRecalc.delete(tag);
    return analyzer;
  }

  /** The member at a place, counted from the end where it is negative; `undefined` where there is none. */
  at(index: number): A | undefined {
    const tag = this.tags.at(index);
    return tag === undefined ? undefined : this.get(tag);
  }

  /** The members, each made when its turn comes. What making one throws ends the loop. */
  *[Symbol.iterator](): Generator<A, void, undefined> {
    for (const tag of this.tags) yield this.get(tag);
  }

  /**
   * Computes something of every member, one after the other. What one throws does not stop the others.
   * @param compute may be asynchronous; then `each` is to be awaited
   */
  each<R>(compute: (analyzer: A, tag: string) => R, { jobs = 4 }: EachOptions = {}): Gathered<R> {
    if (!Number.isInteger(jobs) || jobs < 1)
      throw new InvalidOptionError(`jobs must be a whole number from 1, not ${String(jobs)}`);
    return gather(this.tags, (tag) => compute(this.get(tag), tag), jobs);
  }

  /** The results of {@link each} as an array; a promise of it where they are asynchronous. @throws AnalyzerSetError where a tag failed, with the results of the others */
  map<R>(compute: (analyzer: A, tag: string) => R, options: EachOptions = {}): Mapped<R> {
    const results: unknown = this.each(compute, options);
    const values = (each: unknown): unknown => (each as SetResults<unknown>).values;
    return (isThenable(results) ? results.then(values) : values(results)) as Mapped<R>;
  }

  /**
   * All members under one name: `set.all.slopes.rms(3)` calls `slopes.rms(3)` of each, `set.all.slopes.gain` reads the field
   * of each. Arrays, ndarrays, Maps, tables and the like are results; other objects are parts, and lead further.
   * @throws InvalidOptionError where no member has the property
   */
  get all(): Broadcast<A> {
    return broadcast(this) as Broadcast<A>;
  }

  /** The set of the tags that `keep` picks by name or date. No member is made. */
  filter(keep: (tag: string, date: Date | undefined) => boolean): AnalyzerSet<A, Args> {
    return this.of(this.tags.filter((tag) => keep(tag, dateOfTag(tag))));
  }

  /** The set of those of its tags that a pattern or a range of dates picks, or a list, all of which it must have. */
  select(selection: TagSelection): AnalyzerSet<A, Args> {
    const tags = selectTags(selection, () => this.tags);
    const unknown = tags.find((tag) => !this.known.has(tag));
    if (unknown !== undefined)
      throw new InvalidOptionError(`the set has no tag '${unknown}'${didYouMean(unknown, this.known.keys())}`);
    return this.of(tags);
  }

  private of(tags: readonly string[]): AnalyzerSet<A, Args> {
    const part = new AnalyzerSet<A, Args>(this.Class, tags, ...([this.options] as unknown as SetArguments<Args>));
    // What was cleared through one of the two is not cleared again through the other.
    part.toRecalc = this.toRecalc;
    return part;
  }
}
