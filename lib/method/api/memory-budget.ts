import { memory } from '../../store/entry/memory.js';

/**
 * Sets how many bytes of results all analyzers of the process may keep in memory. What does not fit is taken out, least
 * recently used first as far as one flag a value can tell; it stays on disk. A value larger than the whole budget is
 * returned and not kept.
 *
 * @param bytes lengths of the values as they are stored
 * @defaultValue a quarter of the memory that the process may use
 * @throws InvalidOptionError where it is no number of bytes
 */
export function setMemoryBudget(bytes: number): void {
  memory.setBudget(bytes);
}
