/** What `check` found, one object a finding. Nothing is printed and nothing thrown. */

/** A cache's database and its folder do not agree. */
export class CheckWarning {
  /** What was found, and where. */
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }

  /** The kind of finding, and what was found. */
  toString(): string {
    return `${this.constructor.name}: ${this.message}`;
  }
}

/**
 * A file in the folder that no item refers to: left by a process that ended while it wrote, or made by another program.
 */
export class UnknownFileWarning extends CheckWarning {}

/** A folder with nothing in it. */
export class EmptyDirWarning extends CheckWarning {}
