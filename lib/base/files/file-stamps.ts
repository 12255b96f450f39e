/**
 * Input files whose content was compared because their quick signs (times, inode) were not those of the record. Their
 * signs of now are noted here until the record is written again, so that they are compared once and not in every process.
 */

const stamps = new WeakMap<object, object>();

/** @param item of a trace, as it was read from a record; @param state that takes its place, of the same content */
export function noteStamp(item: object, state: object): void {
  stamps.set(item, state);
}

/** The trace with what was noted of its files; `undefined` where nothing was. */
export function stampedAnew<Item extends object>(trace: readonly Item[]): Item[] | undefined {
  if (!trace.some((item) => stamps.has(item))) return undefined;
  return trace.map((item) => ({ ...item, ...stamps.get(item) }));
}
