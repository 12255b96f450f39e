/** What was thrown, which may be anything. */
import { types } from 'node:util';

/** Is it an error? One of another realm is no `instanceof Error`: under Jest, all that Node throws are of another. */
export function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || thrown instanceof Error;
}

/** The `code` of an error, `'ENOENT'` for example; `undefined` where it has none. */
export function codeOf(thrown: unknown): string | undefined {
  return isError(thrown) && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** What was thrown, as an error: a user's function may throw anything. */
export function errorOf(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error(String(thrown), { cause: thrown });
}

/** What an error says, or whatever else was thrown. */
export function messageOf(thrown: unknown): string {
  return isError(thrown) ? thrown.message : String(thrown);
}
