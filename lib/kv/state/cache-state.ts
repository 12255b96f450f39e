/** What a cache consists of behind its methods. The database is opened when it is first needed. */
import { mkdirSync } from 'node:fs';
import { toSeconds } from '../../base/text/duration.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import type { CacheOptions } from './cache-options.js';
import { acquire, release, type Connection } from '../database/connection.js';
import { Disk, type DiskClass } from '../disk/disk.js';
import { DatabaseError } from '../base/errors.js';
import { evictionRule, type EvictionRule } from '../settings/eviction-policy.js';
import { folderOf } from '../disk/folder-of.js';
import { prepareFolder } from '../database/schema.js';
import { nameWithin } from '../settings/setting-names.js';
import { checkSetting, isSetting } from '../settings/setting-values.js';
import { DEFAULT_SETTINGS, type AllSettings, type SettingValue } from '../settings/settings.js';

/** Seconds that a call waits for others. */
const DEFAULT_TIMEOUT = 60;

/** A cache that has its connection, and what belongs to it. */
interface Opened {
  readonly connection: Connection;
  readonly settings: AllSettings;
  readonly disk: Disk;
  /** The key of {@link abandoned}. */
  readonly lease: object;
}

/** Caches that were let go of without being closed: their connection is given back. */
const abandoned = new FinalizationRegistry<Connection>(release);

export class CacheState {
  readonly directory: string;
  readonly timeout: number;
  private readonly DiskClass: DiskClass;
  /** What the constructor was told. */
  private readonly told: Record<string, SettingValue>;
  /** The same, until it has been written. */
  private given: Record<string, SettingValue>;
  private opened: Opened | undefined;
  /** What outlives {@link close}. */
  private kept: { settings: AllSettings; disk: Disk } | undefined;

  constructor(
    directory: string | URL | undefined,
    { timeout = DEFAULT_TIMEOUT, disk = Disk, ...settings }: CacheOptions,
  ) {
    this.timeout = toSeconds(timeout, 'timeout');
    if (disk !== Disk && !(typeof disk === 'function' && disk.prototype instanceof Disk)) {
      throw new InvalidOptionError('disk must be Disk, JSONDisk or a class derived from them');
    }
    this.DiskClass = disk;
    this.told = this.given = checkGiven(settings);
    this.directory = makeFolder(directory);
  }

  get connection(): Connection {
    return this.open().connection;
  }

  get settings(): AllSettings {
    return this.open().settings;
  }

  get disk(): Disk {
    return this.open().disk;
  }

  /** What the eviction policy does. */
  get rule(): EvictionRule {
    return evictionRule(this.settings.evictionPolicy);
  }

  close(): void {
    if (this.opened === undefined) return;
    const { connection, lease } = this.opened;
    if (connection.users === 1 && connection.frames.length > 0) {
      throw new InvalidOptionError(`the cache in ${this.directory} cannot be closed within its own transaction`);
    }
    this.opened = undefined;
    abandoned.unregister(lease);
    release(connection);
  }

  /** Lets go of a database that was removed: the next use opens the database that is in the folder then. */
  refresh(): void {
    if (this.opened === undefined) return;
    const { connection } = this.opened;
    if (connection.frames.length > 0 || connection.isInPlace) return;
    this.close();
    this.kept = undefined;
    this.given = this.told;
  }

  private open(): Opened {
    if (this.opened !== undefined) return this.opened;
    const connection = acquire(this.directory);
    try {
      const stored = prepareFolder(connection, this.given, (settings) => this.makeDisk(settings));
      // Opened again after `close`, a cache keeps what `reset` made of it.
      const { settings, disk } = (this.kept ??= { settings: stored, disk: this.makeDisk(stored) });
      this.given = {};
      const lease = {};
      abandoned.register(this, connection, lease);
      return (this.opened = { connection, settings, disk, lease });
    } catch (error) {
      release(connection);
      throw error;
    }
  }

  /** @throws what the disk's class throws where it cannot work with the settings */
  makeDisk(settings: AllSettings): Disk {
    const options: Record<string, SettingValue> = {};
    for (const [name, value] of Object.entries(settings)) {
      const option = nameWithin('disk', name);
      if (option !== undefined) options[option] = value;
    }
    return new this.DiskClass(this.directory, options);
  }
}

function checkGiven(settings: Record<string, unknown>): Record<string, SettingValue> {
  const given: Record<string, SettingValue> = {};
  for (const [name, value] of Object.entries(settings)) {
    if (!isSetting(name)) {
      const hint = didYouMean(name, Object.keys(DEFAULT_SETTINGS));
      throw new InvalidOptionError(
        `a cache has no option or setting ${name}${hint}; see CacheOptions for those that it has`,
      );
    }
    if (value !== undefined) given[name] = checkSetting(name, value);
  }
  return given;
}

function makeFolder(directory: string | URL | undefined): string {
  const path = folderOf(directory);
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new DatabaseError(`the cache directory ${path} is not there and could not be made: ${String(cause)}`, {
      cause,
    });
  }
  return path;
}
