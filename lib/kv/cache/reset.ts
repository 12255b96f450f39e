/** Settings and counts of an open cache: `reset`, `stats`, the index on tags. */
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import type { CacheStats, ResetOptions, StatsOptions } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { readCount } from '../state/counts.js';
import { evictionRule } from '../settings/eviction-policy.js';
import { patiently } from '../database/retry-while-busy.js';
import { setPragma } from '../database/pragma.js';
import { readSettings, TAG_INDEX, writeSetting } from '../database/schema.js';
import { databaseName, nameWithin } from '../settings/setting-names.js';
import { checkSetting, isSetting } from '../settings/setting-values.js';
import { DEFAULT_SETTINGS, METADATA, type MetadataName, type SettingValue } from '../settings/settings.js';
import { transact } from '../state/transaction.js';

/** Reads a setting or a count anew, or gives a setting another value. */
export function resetSetting(
  state: CacheState,
  name: string,
  value: SettingValue | undefined,
  { update = true }: ResetOptions,
): SettingValue {
  if (isCount(name)) {
    if (value === undefined) return readCount(state, name);
    throw new InvalidOptionError(
      `${name} is counted by the database and cannot be set; stats({ reset: true }) begins anew`,
    );
  }
  return value === undefined
    ? reloadSetting(state, name)
    : changeSetting(state, name, checkSetting(name, value), update);
}

function isCount(name: string): name is MetadataName {
  return (METADATA as readonly string[]).includes(name);
}

function reloadSetting(state: CacheState, name: string): SettingValue {
  const { connection } = state;
  const value = patiently(connection, () => readSettings(connection))[name];
  if (value === undefined) throw unknown(name);
  apply(state, name, value);
  return value;
}

function changeSetting(state: CacheState, name: string, value: SettingValue, update: boolean): SettingValue {
  if (!isSetting(name)) throw unknown(name);
  const { connection } = state;
  // A value that the disk refuses is not written: with it the folder could no longer be opened.
  if (nameWithin('disk', name) !== undefined) state.makeDisk({ ...state.settings, [name]: value });
  if (update) {
    transact(state, { retry: true }, () => {
      writeSetting(connection, name, value);
      const init = name === 'evictionPolicy' ? evictionRule(value).init : null;
      if (init !== null) connection.exec(init);
    });
  }
  apply(state, name, value);
  return value;
}

/** Makes a setting hold for this cache. */
function apply(state: CacheState, name: string, value: SettingValue): void {
  const pragma = nameWithin('sqlite', name);
  if (pragma !== undefined)
    patiently(state.connection, () => {
      setPragma(state.connection, databaseName(pragma), value);
    });
  const option = nameWithin('disk', name);
  if (option !== undefined) Object.assign(state.disk, { [option]: value });
  state.settings[name] = value;
}

function unknown(name: string): InvalidOptionError {
  return new InvalidOptionError(
    `a cache has no setting ${name}${didYouMean(name, Object.keys(DEFAULT_SETTINGS))}; see Settings for those that it has`,
  );
}

export function readStats(state: CacheState, { enable = true, reset = false }: StatsOptions): CacheStats {
  return transact(state, { retry: true }, () => {
    const stats = { hits: readCount(state, 'hits'), misses: readCount(state, 'misses') };
    if (reset) state.connection.sql("UPDATE Settings SET value = 0 WHERE key IN ('hits', 'misses')").run();
    resetSetting(state, 'statistics', Number(enable), {});
    return stats;
  });
}

/** Makes the index on tags, or drops it, and keeps it so for all who open the folder. */
export function setTagIndex(state: CacheState, isWanted: boolean): void {
  transact(state, { retry: true }, () => {
    state.connection.exec(isWanted ? TAG_INDEX.create : TAG_INDEX.drop);
    resetSetting(state, 'tagIndex', Number(isWanted), {});
  });
}
