/** A result as it lies on disk. */
import type { EntryRecord } from './record.js';

export interface StoredEntry {
  /** Path without extension. */
  stem: string;
  record: EntryRecord;
}
