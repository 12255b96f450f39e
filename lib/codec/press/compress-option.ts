/** The option `compress`. */
import { InvalidOptionError } from '../../base/errors.js';
import { checked, oneOf, that, type Check } from '../../base/text/check-options.js';
import { bestMethod, METHODS, wayOf, type Compression, type CompressionMethod } from './methods.js';

/**
 * Results are compressed: arrays become `.npz`, which `numpy.load` opens; Arrow tables stay Arrow files, with their columns compressed
 * by zstd where Node.js has it; all else is compressed as a whole file. Values that live in their record stay as they are.
 * `true`: by zstd where Node.js has it (since 22.15), else by brotli. A number from 1, fast, to 9, small, says the level; the name of
 * a method, how files are compressed that are no arrays or tables.
 */
export type CompressOption = boolean | number | CompressionMethod | Partial<Compression>;

const isLevel = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 9;

const methodCheck: Check = (value, option) => {
  const method = oneOf(...METHODS)(value, option) as CompressionMethod;
  if (wayOf(method) !== undefined) return method;
  throw new InvalidOptionError(
    `${option}: this Node.js, ${process.versions.node}, has no ${method}, which is there since 22.15; true takes what is there`,
  );
};

const CHECKS: Record<keyof Compression, Check> = {
  method: methodCheck,
  level: that('a whole number from 1 to 9', isLevel),
};

/** @returns a {@link Compression}, `false` for none */
export const compressCheck: Check = (value, option) => {
  if (value === false) return false;
  if (value === true) return { method: bestMethod() };
  if (isLevel(value)) return { method: bestMethod(), level: value };
  if (typeof value === 'string') return { method: methodCheck(value, option) };
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { method: bestMethod(), ...checked(value, CHECKS, option) };
  throw new InvalidOptionError(
    `${option} must be true, false, a level from 1 to 9, '${METHODS.join("', '")}' or { method, level }, not ${String(value)}`,
  );
};
