/** What a function is: itself, and what it reaches. */

/**
 * How far a function is looked into.
 * - `'method'`: its own text alone.
 * - `'package'`: and whatever it reaches in the program's own files; an installed package counts as its name and version.
 * - `'all'`: and into installed packages, too.
 */
export type CodeDepth = 'method' | 'package' | 'all';

/** From the least to the most. */
export const DEPTHS = ['method', 'package', 'all'] as const satisfies readonly CodeDepth[];

export function shallower(one: CodeDepth, other: CodeDepth): CodeDepth {
  return DEPTHS.indexOf(one) < DEPTHS.indexOf(other) ? one : other;
}

/**
 * What a part is. `helper`: a function; `method`: one of the analyzer's own class, or of a class it extends. `cached`: a
 * function whose results are cached, and traced on their own. `package`: an installed package; `builtin`: of the
 * engine or of Node, known by its name. `unseen`: what cannot be looked into, and changes unnoticed.
 */
export type PartKind =
  'helper' | 'method' | 'class' | 'constant' | 'data' | 'cached' | 'package' | 'builtin' | 'unseen';

/** One thing that a function reaches, directly or through another part. */
export interface Part {
  /** As the code that reaches it calls it: `scale`, `config.gain`, `this.helper`. */
  readonly name: string;
  readonly kind: PartKind;
  /** Where it is written, as a path or URL; absent for values. */
  readonly file?: string;
  /** Digest of itself, without what it reaches. */
  readonly digest: string;
  /** Of a constant, as a text for people; of a package its version; of what is unseen the reason. */
  readonly value?: string;
  /** What it reaches that was not met nearer to the function. */
  readonly parts?: readonly Part[];
}

/** What a function is. */
export interface Code {
  /** Digest of all of it: the same wherever the same code, built by whatever tool, reaches the same. */
  readonly digest: string;
  /** Digest of its own text alone. */
  readonly own: string;
  /** What it reaches, each part once, nearest first; at most {@link MOST_PARTS} of them. */
  readonly parts: readonly Part[];
  /** How many parts more there are. */
  readonly more: number;
  /** Names and reasons of what cannot be looked into. */
  readonly opaque: readonly string[];
  /** How far it was looked into: less than was asked for where {@link why} says so. */
  readonly depth: CodeDepth;
  readonly why?: string;
}

/** A record should stay readable. */
export const MOST_PARTS = 50;
