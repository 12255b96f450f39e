/** What a lineage is made of. */
import type { StoredFacts } from './stored-facts.js';

/** A result: stored, or no longer. */
export interface LineageEntry extends StoredFacts {
  kind: 'entry';
  /** `entry1`, `entry2`, … by instance path, method and arguments; for edges and pictures. */
  id: string;
  /** Instance path: how the root reaches the analyzer. */
  instance: string;
  /** `Class.method`. */
  method: string;
  /** The arguments, readable; absent for a plain call, and for one that is missing and had large arguments. */
  arguments?: string;
  /** Call key; absent for a plain call. */
  key?: string;
  /**
   * `'missing'`: something was made of it, and it is no longer stored. `'pruned'`: its data was removed to make room, and
   * what was made of it holds. `'invalidated'`: said to be wrong by hand, and not computed again since. Absent for what is stored; whether that would be used, `explainAll` says.
   */
  state?: 'missing' | 'pruned' | 'invalidated';
  /** The file that holds the result, or its record where that is all there is. */
  file?: string;
  /**
   * What its code reaches, the nearest first: `helper scale (lib/photometry.ts)`, `constant GAIN 3`; no more than 20 are
   * named. Absent where it reaches nothing, or that is not known.
   */
  code?: readonly string[];
}

/** A file that a method declared with `dependsOnFile`. */
export interface LineageFile {
  kind: 'file';
  /** `file1`, `file2`, … by path. */
  id: string;
  /** Absolute path. */
  file: string;
  /** Path as the record has it: relative to the tmpdir where inside it. */
  name: string;
  /** Its size when the youngest of the results was computed; absent where there was no such file. */
  bytes?: number;
}

/** A parameter of an analyzer that the method of another one read, or a part of a managed cache that a method read. */
export interface LineageParameter {
  kind: 'parameter';
  /** `parameter1`, `parameter2`, … by instance path and name. */
  id: string;
  /** Instance path of the analyzer, or name of the managed cache. */
  instance: string;
  /**
   * Name of the `@parameter`; `'*'` for all that belongs to an analyzer of which a method was called. Of a managed cache:
   * `["key"]`, or `contents` for all of it.
   */
  parameter: string;
}

/** A result, or something that results were made of. */
export type LineageNode = LineageEntry | LineageFile | LineageParameter;

/** From what was used to what used it, by ids of nodes. */
export interface LineageEdge {
  from: string;
  to: string;
}
