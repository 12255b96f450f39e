/**
 * Managed caches as the method cache sees them: what a computation read of one is noted like a parameter, and looked at
 * again before a result made of it is used. Neither side imports the other.
 */

/** What a read comes to now. */
export interface TableRead {
  /** Digest of what is read. */
  digest: string;
  /** Goes up when the whole is invalidated. */
  generation: number;
}

/** Something whose parts computations can read. */
export interface Table {
  /**
   * Reads again what a trace names. From now on, what was made of it leaves memory when it changes.
   * @param part as the trace has it
   * @throws anything, where it cannot be read now
   */
  read(part: string): TableRead;
}

const tables = new Map<string, Table>();

const keyOf = (scope: string, name: string): string => `${scope}\0${name}`;

/** Lets what was read of a table be found again. */
export function enterTable(scope: string, name: string, table: Table): void {
  tables.set(keyOf(scope, name), table);
}

/** Another table of that name stays. */
export function leaveTable(scope: string, name: string, table: Table): void {
  if (tables.get(keyOf(scope, name)) === table) tables.delete(keyOf(scope, name));
}

export function tableAt(scope: string, name: string): Table | undefined {
  return tables.get(keyOf(scope, name));
}
