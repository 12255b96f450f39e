/** Names of what a computation can use beside results and files: equal names are the same thing, here and in records. */

/** A dataset, and whose results in it: what the paths of analyzers are paths in. */
export interface Scope {
  prefix: string;
  tag: string;
  /** Concrete class of the root. */
  rootClass: string;
}

/** One text for one scope. */
export function scopeText(tmpdir: string, { prefix, tag, rootClass }: Scope): string {
  return [tmpdir, prefix, tag, rootClass].join('\0');
}

/** A parameter of the analyzer at a path in a scope; `'*'` for all that belongs to the analyzer. */
export function parameterName(scope: string, instance: string, parameter: string): string {
  return `parameter ${scope}\0${instance}\0${parameter}`;
}
