/** Where names are known. */

/** A variable, a label or a `#name` that the text declares itself. */
export class Local {
  constructor(readonly name: string) {}
}

/** Stands for the `arguments` of any function. */
export const ARGUMENTS = new Local('arguments');

export interface ScopeKind {
  /** Do `var`s stay in here? */
  readonly holdsVar?: boolean;
  /** Does what is in it run later than what is around it: in a function, or for each instance? */
  readonly later?: boolean;
}

export class Scope {
  end = Infinity;
  readonly holdsVar: boolean;
  readonly later: boolean;
  private names: Map<string, Local> | undefined;

  constructor(
    readonly outer: Scope | undefined,
    readonly start: number,
    { holdsVar = false, later = false }: ScopeKind = {},
  ) {
    this.holdsVar = holdsVar;
    this.later = later;
  }

  declare(name: string, local?: Local): void {
    this.names ??= new Map();
    if (!this.names.has(name)) this.names.set(name, local ?? new Local(name));
  }

  own(name: string): Local | undefined {
    return this.names?.get(name);
  }

  find(name: string): Local | undefined {
    let local: Local | undefined;
    for (let at: Scope | undefined = this; at !== undefined && local === undefined; at = at.outer) local = at.own(name);
    return local;
  }
}
