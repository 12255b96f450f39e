/** Where names are known. */

/** A variable, a label or a `#name` that the text declares itself. */
export class Local {
  constructor(readonly name: string) {}
}

/** Stands for the `arguments` of any function. */
export const ARGUMENTS = new Local('arguments');

/** `'static'`: `var`s stay in it. `'later'`: what is in it runs later than what is around it, too, as in a function. */
export type ScopeKind = 'block' | 'static' | 'later';

export class Scope {
  end = Infinity;
  private names: Map<string, Local> | undefined;

  constructor(
    readonly outer: Scope | undefined,
    readonly start: number,
    readonly kind: ScopeKind = 'block',
  ) {}

  declare(name: string, local?: Local): void {
    this.names ??= new Map();
    if (!this.names.has(name)) this.names.set(name, local ?? new Local(name));
  }

  own(name: string): Local | undefined {
    return this.names?.get(name);
  }

  find(name: string): Local | undefined {
    return this.own(name) ?? this.outer?.find(name);
  }
}
