/** What a result was made of, as its record says it. */
import { fullPath } from '../../base/files/data-roots.js';
import type { Identity } from './identity.js';

/** A call as it can be read again. */
export interface StoredArguments {
  /** Readable, bounded. */
  preview: string;
  /** V8 blob in base64, where it is at most 4 KiB: the call can be repeated from it. */
  encoded?: string;
}

/** The arguments of a record as a trace has them. */
export function tracedArguments(stored: StoredArguments | undefined): string | null | undefined {
  return stored === undefined ? undefined : (stored.encoded ?? null);
}

/** An upstream result that a computation used. */
export interface TracedCall {
  call: Identity;
  /** Where it lies, if not under the tmpdir of the result that used it; `$raw` and the like is a data root. */
  tmpdir?: string;
  /** Its arguments, as {@link StoredArguments} has them; absent for a call without, `null` where they were too large. */
  arguments?: string | null;
  /** It returns a promise: it cannot be computed again on the way of a synchronous call. */
  async?: true;
  /** Its analyzer was attached when its root was tagged: where none stands there now, the result is another one. */
  attached?: true;
  digest: string;
  generation: number;
  /** The line of its code, as its own record has it; absent where that is not known. */
  code?: string;
}

/** A file that a computation declared. */
export interface TracedFile {
  /** Relative to the tmpdir where inside it, `$raw/…` in the data root `raw`, absolute elsewhere. */
  file: string;
  bytes: number;
  /** Modification time in nanoseconds. */
  mtimeNs: string;
  /** Inode and time of change in nanoseconds; absent in older records, and where there was no such file. */
  inode?: string;
  ctimeNs?: string;
  /** When the content was compared again, in seconds since the epoch, because the other signs were no longer the same. */
  checkedAt?: number;
  /** Checksum of the content; `'absent'` where there was no such file. */
  checksum: string;
}

/**
 * A parameter of an analyzer that a computation read, or all that belongs to an analyzer that it called. What it read of
 * a managed cache is written likewise, with a `generation`: who does not know of those finds no root there, and computes
 * again.
 */
export interface TracedParameter {
  /**
   * Name of the `@parameter`; `'*'` for all of them and what `[cacheKey]()` returns; `'~unwatched'` for those of other
   * analyzers that cannot be watched, `'~members'` for how many members the collection at the path has, `'~standing'` for
   * which class or which analyzer of another root stands there, `'~code '` and a name for the code of a cached method that
   * was called, and left no result. Of a managed cache: `["key"]`, or
   * `contents` for all of it.
   */
  parameter: string;
  /** Instance path of the analyzer, or name of the managed cache. */
  instance: string;
  /** The analyzer's root; absent where it is that of the result that used the parameter. Of a managed cache: its manager. */
  root?: TracedRoot;
  digest: string;
  /** What it was when the computation began, which changed it itself: `'absent'` where there was no analyzer. */
  before?: string;
  /** Of a managed cache alone: goes up when it is invalidated. */
  generation?: number;
}

/** Stands before the name of a method of which only the code is known. No parameter has such a label. */
export const CODE_MARK = '~code ';

export function isTracedCode({ parameter }: TracedParameter): boolean {
  return parameter.startsWith(CODE_MARK);
}

/** Another root than that of a result, and its dataset. */
export interface TracedRoot {
  /** Absent where it is that of the result. */
  tmpdir?: string;
  prefix: string;
  tag: string;
  rootClass: string;
}

/** What a result used, in the order in which it used it. */
export type Traced = TracedCall | TracedFile | TracedParameter;

/** The tmpdir of what a record traces. @param tmpdir of the record itself */
export function tmpdirOfTraced({ tmpdir: stored }: { tmpdir?: string }, tmpdir: string): string {
  return stored === undefined ? tmpdir : fullPath(stored, tmpdir);
}
