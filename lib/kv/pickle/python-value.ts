/** What Python has and JavaScript has not, on its way into a pickle. */

/** A tuple, also where arrays are lists. */
export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** A class or function by its name. One object per name: it is written once, and fetched from the memo after that. */
export class GlobalName {
  constructor(
    readonly module: string,
    readonly name: string,
    /** The module's name in Python 2, which protocols 0 to 2 say. */
    readonly oldModule: string = module,
  ) {}
}

/** An object by the call that makes it, and the state that it is given after that. */
export class Reduced {
  constructor(
    readonly callable: GlobalName,
    readonly args: Tuple,
    readonly state?: Tuple,
  ) {}
}

/** A string that Python makes on the spot, so that it is not the same object as an equal one. */
export class FreshString {
  constructor(readonly text: string) {}
}
