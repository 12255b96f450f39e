/** The settings of a cache: kept in its database, so that all who open the folder share them, Python included. */
import type { EvictionPolicy } from './eviction-policy.js';

/** What a setting can be. */
export type SettingValue = string | number | bigint | boolean | null;

/** The settings that every cache has. */
export interface Settings {
  /** Whether hits and misses are counted (0 or 1), see {@link Cache.stats}. */
  statistics: number;
  /** Whether there is an index on tags (0 or 1), see {@link Cache.createTagIndex}. */
  tagIndex: number;
  /** Which items go first when the cache is full, see {@link EVICTION_POLICY}. */
  evictionPolicy: EvictionPolicy;
  /**
   * Bytes from which on items are culled: files and database together. The values being written go beyond it, one for
   * each writer; and as long as a value is larger than the `cullLimit` items that its write culls, the rest of it,
   * which the next writes or `cull` make up for.
   */
  sizeLimit: number;
  /** How many items at most one write culls; 0 leaves culling to {@link Cache.cull}. */
  cullLimit: number;
  /** `PRAGMA auto_vacuum`: 0 never, 1 full, 2 incremental. Counts when the database is made. */
  sqliteAutoVacuum: number;
  /** `PRAGMA cache_size`, in pages. */
  sqliteCacheSize: number;
  /** `PRAGMA journal_mode`. */
  sqliteJournalMode: string;
  /** `PRAGMA mmap_size`, in bytes. */
  sqliteMmapSize: number;
  /** `PRAGMA synchronous`: 0 off, 1 normal, 2 full, 3 extra. */
  sqliteSynchronous: number;
  /** Bytes from which on a value lives in a file of its own. */
  diskMinFileSize: number;
  /** Pickle protocol of written keys and values, 0 to 5. Keys of one cache must agree on it to be found. */
  diskPickleProtocol: number;
}

/** All settings of a cache, those that we have no name for included. */
export type AllSettings = Settings & Record<string, SettingValue>;

/**
 * Settings of a new cache, the same as python-diskcache's. Mind the size limit of 1 GiB: what goes beyond it is culled,
 * and said with an `evict` event.
 */
export const DEFAULT_SETTINGS: Readonly<Settings> = Object.freeze({
  statistics: 0,
  tagIndex: 0,
  evictionPolicy: 'least-recently-stored',
  sizeLimit: 2 ** 30,
  cullLimit: 10,
  sqliteAutoVacuum: 1,
  sqliteCacheSize: 2 ** 13,
  sqliteJournalMode: 'wal',
  sqliteMmapSize: 2 ** 26,
  sqliteSynchronous: 1,
  diskMinFileSize: 2 ** 15,
  diskPickleProtocol: 5,
});

/** Counts that the database keeps among the settings; its triggers and look-ups change them. */
export const METADATA = ['count', 'size', 'hits', 'misses'] as const;

/** Name of a count that the database keeps. */
export type MetadataName = (typeof METADATA)[number];

type Letter =
  | 'A'
  | 'B'
  | 'C'
  | 'D'
  | 'E'
  | 'F'
  | 'G'
  | 'H'
  | 'I'
  | 'J'
  | 'K'
  | 'L'
  | 'M'
  | 'N'
  | 'O'
  | 'P'
  | 'Q'
  | 'R'
  | 'S'
  | 'T'
  | 'U'
  | 'V'
  | 'W'
  | 'X'
  | 'Y'
  | 'Z';

/** Settings of pragmas and disks beyond the known ones: `sqliteTempStore`, `diskCompressLevel`. */
export type FurtherSettings = Partial<Record<`${'sqlite' | 'disk'}${Letter}${string}`, SettingValue | undefined>>;
