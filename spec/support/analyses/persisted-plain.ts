import { persist } from 'stowage/memo';

/** A value with a file of its own. */
function plain(x: number): Map<string, number> {
  return new Map([['x', x]]);
}

/** The same function in every process that asks for it. */
export function persistedPlain(cache: string): (x: number) => Map<string, number> {
  return persist(plain, { cache, hash: ([x]) => `of ${x}`, metadata: () => 'said of it', verbosity: 0 });
}
