/** Values of settings: checked before they are used, and as the database has them. */
import { isUint8Array } from 'node:util/types';
import { InvalidOptionError } from '../../base/errors.js';
import type { SqlValue } from '../disk/disk.js';
import { evictionRule } from './eviction-policy.js';
import { toColumn, toNumber } from '../base/numbers.js';
import { nameWithin } from './setting-names.js';
import { DEFAULT_SETTINGS, type SettingValue } from './settings.js';

/** Settings whose value is no count. */
const CHECKS: Record<string, (value: SettingValue) => void> = {
  evictionPolicy: evictionRule,
  sqliteJournalMode: (value) => {
    if (typeof value !== 'string' || !/^\w+$/.test(value))
      refuse('sqliteJournalMode', value, 'the name of a journal mode');
  },
  // Negative is kibibytes.
  sqliteCacheSize: (value) => {
    if (!Number.isSafeInteger(value)) refuse('sqliteCacheSize', value, 'an integer');
  },
  sizeLimit: (value) => {
    if (typeof value !== 'number' || !(value >= 0)) refuse('sizeLimit', value, 'a number of bytes');
  },
  diskPickleProtocol: (value) => {
    if (typeof value !== 'number' || ![0, 1, 2, 3, 4, 5].includes(value)) refuse('diskPickleProtocol', value, '0 to 5');
  },
};

/**
 * Names and values of pragmas become part of a statement, and a failing pragma would keep every process from opening
 * the folder.
 */
const PRAGMA_NAME = /^sqlite[A-Z][A-Za-z]*$/;
const PRAGMA_VALUE = /^-?\w+$/;

/** Is there such a setting, or may there be? */
export function isSetting(name: string): boolean {
  return (
    Object.hasOwn(DEFAULT_SETTINGS, name) ||
    nameWithin('disk', name) !== undefined ||
    nameWithin('sqlite', name) !== undefined
  );
}

/**
 * A setting as it is kept: booleans are 0 and 1.
 * @throws InvalidOptionError where it is not what that setting must be
 */
export function checkSetting(name: string, value: unknown): SettingValue {
  const plain = typeof value === 'boolean' ? Number(value) : value;
  if (plain !== null && typeof plain !== 'string' && typeof plain !== 'number' && typeof plain !== 'bigint') {
    refuse(name, plain, 'a string, a number, a boolean or null');
  }
  if (Number.isNaN(plain)) refuse(name, plain, 'a number');
  if (nameWithin('sqlite', name) !== undefined && !(PRAGMA_NAME.test(name) && PRAGMA_VALUE.test(String(plain)))) {
    refuse(name, plain, 'a pragma of letters alone, and its value a word or a number');
  }
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  if (check !== undefined) check(plain);
  else if (Object.hasOwn(DEFAULT_SETTINGS, name) && !(Number.isSafeInteger(plain) && (plain as number) >= 0)) {
    refuse(name, plain, 'an integer that is not negative');
  }
  return plain;
}

function refuse(name: string, value: unknown, what: string): never {
  throw new InvalidOptionError(`${name} is ${String(value)}, but must be ${what}`);
}

/** A setting's value as a column. */
export function settingToColumn(value: SettingValue): SqlValue {
  if (typeof value === 'boolean') return BigInt(value);
  return typeof value === 'number' ? toColumn(value) : value;
}

/** A column as a setting's value. */
export function settingFromColumn(value: SqlValue): SettingValue {
  if (typeof value === 'bigint') return toNumber(value);
  return isUint8Array(value) ? Buffer.from(value).toString() : value;
}
