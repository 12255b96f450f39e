/** What the members of a set came to. */
import { inspect } from 'node:util';
import type { NdArray } from 'ndarray';
import type { Table } from 'apache-arrow';
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError, StowageError } from '../../base/errors.js';
import { htmlTable, showInNotebook } from '../../show/notebook.js';
import { stackRows } from './stack-rows.js';
import { tableOfRows, type TableOptions } from './table-of-rows.js';

/**
 * The results of the members of a set, in the order of its tags. A tag that failed is in {@link errors}, and cannot be
 * overlooked: everything that takes the results together throws an {@link AnalyzerSetError} then. {@link succeeded}
 * sets it aside.
 */
export class SetResults<T> implements Iterable<[tag: string, value: T]> {
  /**
   * @param all every tag of the set, in order
   * @param found what those that did not fail came to
   * @param errors what the others threw, by tag
   */
  constructor(
    private readonly all: readonly string[],
    private readonly found: ReadonlyMap<string, T>,
    readonly errors: ReadonlyMap<string, Error>,
  ) {}

  /** The tags that have a result. */
  get tags(): string[] {
    return this.all.filter((tag) => this.found.has(tag));
  }

  /** Number of tags that have a result. */
  get length(): number {
    return this.found.size;
  }

  /** The results of the tags that did not fail, as if there had been no others. */
  get succeeded(): SetResults<T> {
    return new SetResults(this.tags, this.found, new Map());
  }

  /** Pairs of tag and result. @throws AnalyzerSetError where a tag failed */
  [Symbol.iterator](): Iterator<[tag: string, value: T]> {
    this.throwErrors();
    return this.tags.map((tag): [string, T] => [tag, this.found.get(tag) as T])[Symbol.iterator]();
  }

  /** The results. @throws AnalyzerSetError where a tag failed */
  get values(): T[] {
    return [...this].map(([, value]) => value);
  }

  /**
   * The result of one tag.
   * @throws what the tag threw
   * @throws InvalidOptionError where there is no such tag
   */
  get(tag: string): T {
    const error = this.errors.get(tag);
    if (error !== undefined) throw error;
    if (!this.found.has(tag))
      throw new InvalidOptionError(`'${tag}' is no tag of these results${didYouMean(tag, this.found.keys())}`);
    return this.found.get(tag) as T;
  }

  /**
   * The results as one ndarray, whose first axis is the tag, of the dtype that they have: `n` arrays of shape `[a, b]`
   * become `[n, a, b]`, `n` numbers a float64 array `[n]`. Takes typed arrays, ndarrays, arrays of numbers, and numbers.
   * The elements are copied.
   *
   * @throws AnalyzerSetError where a tag failed
   * @throws InvalidOptionError where types or shapes differ, or a result is nothing of the kind
   */
  stack(): NdArray {
    return stackRows([...this]);
  }

  /**
   * The results as an Arrow table with the tag as its first column. Plain objects give a column for each of their keys,
   * Arrow tables are put below each other, and anything else is a column of its own. Numbers become float64, bigints
   * int64, strings utf8, dates timestamps in milliseconds, booleans, and typed arrays lists of their type; `null` and
   * absent values are null.
   *
   * @throws AnalyzerSetError where a tag failed
   * @throws InvalidOptionError where values of one column are of different types, or of a type that has no column
   */
  table(options: TableOptions = {}): Table {
    return tableOfRows([...this], options);
  }

  private throwErrors(): void {
    if (this.errors.size > 0) throw new AnalyzerSetError(this.errors, this.succeeded);
  }
}

showInNotebook(SetResults.prototype, (results) => {
  const rows = [...results.succeeded].map(([tag, value]) => [
    tag,
    typeof value === 'number' ? value : inspect(value, { breakLength: Infinity, maxArrayLength: 6 }),
  ]);
  const failed = [...results.errors].map(([tag, error]) => [tag, String(error)]);
  return {
    html: htmlTable(['tag', 'result'], [...rows, ...failed]),
    text: `results of ${rows.length} tags, ${failed.length} failed`,
  };
});

/** Some tags of a set failed; what the others came to is there. */
export class AnalyzerSetError extends StowageError {
  /** What was thrown, by tag. */
  readonly errors: ReadonlyMap<string, Error>;
  /** Those that succeeded. */
  readonly results: SetResults<unknown>;

  constructor(errors: ReadonlyMap<string, Error>, results: SetResults<unknown>) {
    const [first] = errors;
    const others = errors.size === 1 ? '' : `, and ${errors.size - 1} more`;
    super(
      'STOWAGE_ANALYZER_SET',
      `${errors.size} of ${errors.size + results.length} tags failed: '${String(first?.[0])}' with ${String(first?.[1])}${others}. ` +
        'The property errors has each by its tag; results, or succeeded of the results, has the other tags',
      { cause: first?.[1] },
    );
    this.errors = errors;
    this.results = results;
  }
}
