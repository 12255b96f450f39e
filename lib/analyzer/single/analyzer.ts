/** The base class of those who analyse one dataset. */
import { InvalidOptionError } from '../../base/errors.js';
import { humanBytes, humanSeconds } from '../../base/text/human.js';
import { htmlTable, showInNotebook } from '../../show/notebook.js';
import { clearCache } from '../../method/api/clearing.js';
import { datasetOf, tagOf, type Dataset } from '../../method/hierarchy/dataset.js';
import { isRootToBe } from '../../method/hierarchy/root-to-be.js';
import { storedResults } from '../../method/report/stored-results.js';
import { setPrefix, setTagOnceConstructed, setTmpdir, tagConstructed } from '../../method/hierarchy/tagging.js';
import { dateOfTag } from './date-of-tag.js';
import { instanceFor } from './instances.js';
import { whereaboutsOf } from './whereabouts.js';
import { summaryHeadings, summaryRows, summaryTable } from './summary-table.js';

/** A subclass of {@link Analyzer} whose constructor takes the tag first. */
export type AnalyzerClass<A extends Analyzer, Args extends readonly unknown[]> = new (tag: string, ...args: Args) => A;

/** Options of {@link Analyzer.get}. */
export interface GetOptions<Args extends readonly unknown[] = []> {
  /**
   * Clear the tag's cached results, so that they are computed anew when they are next asked for.
   * @defaultValue `false`
   */
  recalc?: boolean;
  /** Further arguments of the constructor. They tell instances apart, and must be such as tell calls apart. */
  args?: Args;
  /** The folder in which the tags' folders lie. @defaultValue the class's `tmpdir`, or that of {@link setTmpdir} */
  tmpdir?: string | URL;
  /** What stands before the tag in the folder's name. @defaultValue the class's `prefix`, or that of {@link setPrefix} */
  prefix?: string;
}

/** {@link GetOptions}; they may be left out where the constructor needs nothing but the tag. */
export type GetArguments<Args extends readonly unknown[]> = [] extends Args
  ? [options?: GetOptions<Args>]
  : [options: GetOptions<Args> & { args: Args }];

/** What {@link Analyzer.info} tells. */
export interface AnalyzerInfo extends Dataset {
  /** Name of the concrete class. */
  class: string;
  /** The moment that the tag names; absent where it names none. */
  date?: Date;
  /** Number of stored results. */
  entries: number;
  /** Their data on disk. */
  bytes: number;
  /** What computing them took. */
  seconds: number;
  /** What the calls that this process answered from the cache would have taken, as far as their results are in memory. */
  saved: number;
}

/**
 * Analyses one dataset, named by a tag. Subclass it, give it parts as fields, decorate expensive methods with
 * `@cacheOnDisk`: its instances tag themselves once they are constructed, the fields of subclasses included.
 *
 * ```ts
 * class Night extends Analyzer {
 *   readonly slopes = new Slopes(this);
 * }
 *
 * Night.get('LBTISX20240410_112233').slopes.strehl();
 * ```
 *
 * Methods that constructors and field initialisers call on the object under construction run uncached: its identity is
 * not known before they are done. An Analyzer that another one holds is a root of its own, with its own tag.
 */
export class Analyzer {
  /** The folder in which the tags' folders of this class and its subclasses lie. @defaultValue that of {@link setTmpdir} */
  static readonly tmpdir: string | URL | undefined = undefined;

  /** What stands before the tag in the name of its folder. @defaultValue that of {@link setPrefix} */
  static readonly prefix: string | undefined = undefined;

  /**
   * @param tag names the dataset
   * @throws InvalidTagError where it cannot name a folder
   */
  constructor(tag: string) {
    const { tmpdir, prefix } = new.target;
    if (prefix !== undefined) setPrefix(this, prefix);
    if (tmpdir !== undefined) setTmpdir(this, tmpdir);
    setTagOnceConstructed(this, tag);
  }

  /**
   * The analyzer of a tag: the same instance for the same class, tag, arguments and place, as long as it is in use.
   * Instances are held weakly, so that a loop over a thousand tags keeps none of them, and results that are needed
   * again are loaded from disk. An instance that was given another tag, prefix or tmpdir by hand is no longer returned.
   *
   * @throws InvalidTagError where the tag cannot name a folder
   * @throws UnkeyableArgumentError where an argument hides its state
   */
  static get<A extends Analyzer, Args extends readonly unknown[]>(
    this: AnalyzerClass<A, Args>,
    tag: string,
    ...[options]: GetArguments<Args>
  ): A {
    const { recalc = false, args, tmpdir, prefix } = options ?? {};
    const place = whereaboutsOf(this, { tmpdir, prefix });
    const analyzer = instanceFor(this, [tag, place.tmpdir, place.prefix, ...(args ?? [])], () => {
      const made = new this(tag, ...(args ?? ([] as unknown as Args)));
      if (prefix !== undefined) setPrefix(made, prefix);
      if (tmpdir !== undefined) setTmpdir(made, tmpdir);
      return made;
    });
    if (recalc) analyzer.recalc();
    return analyzer;
  }

  /** The tag, as it was last set. */
  get tag(): string {
    return tagOf(this) ?? '';
  }

  /** The moment that the tag names, see {@link dateOfTag}; `undefined` where it names none. */
  get date(): Date | undefined {
    return dateOfTag(this.tag);
  }

  /**
   * Removes the cached results of this analyzer and everything below it: they are computed anew when they are next
   * asked for.
   * @throws InvalidOptionError where the object is still under construction
   * @throws StowageError where a file cannot be removed
   * @throws ReadonlyError where nothing may be written
   */
  recalc(): void {
    tagConstructed();
    if (isRootToBe(this)) {
      throw new InvalidOptionError(
        `recalc() of a ${this.constructor.name} was called by its own constructor, before it is known what belongs to it: ` +
          'call it afterwards, or get the analyzer with get(tag, { recalc: true })',
      );
    }
    clearCache(this);
  }

  /**
   * What there is to know at a glance. A subclass may add to it: `{ ...super.info(), seeing: 0.8 }`.
   * @throws UnsafeFolderError where the folder of the tag is not to be trusted
   * @throws StowageError `STOWAGE_DISK` where it cannot be read
   */
  info(): AnalyzerInfo {
    const { date } = this;
    const results = storedResults(this, 'info');
    const sum = (part: (result: (typeof results)[number]) => number): number =>
      results.reduce((total, result) => total + part(result), 0);
    return {
      class: this.constructor.name,
      // Untagged by hand, it has no place.
      ...(datasetOf(this) ?? { tag: '', prefix: '', tmpdir: '', folder: '' }),
      ...(date !== undefined && { date }),
      entries: results.length,
      bytes: sum(({ record }) => record.bytes),
      seconds: sum(({ record }) => record.seconds),
      saved: sum(({ record, hits }) => record.seconds * hits),
    };
  }

  /**
   * A table of the cached results: of each its method and instance, its arguments, its type, its bytes, the seconds
   * that computing it took, and the seconds that calls of this process saved by finding it.
   * @returns plain text, a line for each result between a heading and a total
   * @throws UnsafeFolderError where the folder of the tag is not to be trusted
   * @throws StowageError `STOWAGE_DISK` where it cannot be read
   */
  summary(): string {
    const { heading, total } = headlines(this);
    return [heading, ...summaryTable(storedResults(this, 'summary')), total].join('\n');
  }
}

function headlines(analyzer: Analyzer): { heading: string; total: string } {
  const { class: name, tag, entries, bytes, seconds, saved } = analyzer.info();
  return {
    heading: `${name} ${tag}`,
    total: `${entries} ${entries === 1 ? 'result' : 'results'}, ${humanBytes(bytes)}, ${humanSeconds(seconds)} to compute, ${humanSeconds(saved)} saved`,
  };
}

showInNotebook(Analyzer.prototype, (analyzer) => {
  const { heading, total } = headlines(analyzer);
  const html = htmlTable(summaryHeadings, summaryRows(storedResults(analyzer, 'summary')), `${heading}: ${total}`);
  return { html, text: `${heading}: ${total}` };
});
