/** The contract of a store of the user's own. */
import { InvalidOptionError } from '../../base/errors.js';

/**
 * Names to bytes: what `persist` needs of a place for its results. A `Map<string, Uint8Array>` is one. It is asked
 * synchronously; an error that it throws is a fault, which never costs a result. The bytes carry the facts of a result,
 * and checksums: a store may lose some of them, and then the function is called again.
 *
 * Names are `<function>/<digest of its code>/<hash of the key>`, for methods `<method>/<class>/…`, escaped so that each part
 * may name a file.
 */
export interface ByteStore {
  /** The bytes under a name, `undefined` where there are none. The caller does not change them. */
  get(name: string): Uint8Array | undefined;
  /** Puts bytes under a name, in the place of those that are there. They are not changed later. */
  set(name: string, bytes: Uint8Array): unknown;
  /** Removes the bytes under a name. @returns whether there were any */
  delete(name: string): boolean;
  /** Every name. */
  keys(): Iterable<string>;
}

const MEMBERS = ['get', 'set', 'delete', 'keys'] as const;

export function isByteStore(value: unknown): value is ByteStore {
  if (typeof value !== 'object' || value === null) return false;
  const store = value as Record<string, unknown>;
  return MEMBERS.every((member) => typeof store[member] === 'function');
}

/** Stores in memory by what follows `memory://`: the same name is the same store, for as long as the process lives. */
const inMemory = new Map<string, ByteStore>();

/** The store that `memory://<name>` means. */
export function memoryStore(name: string): ByteStore {
  let store = inMemory.get(name);
  if (store === undefined) inMemory.set(name, (store = new Map<string, Uint8Array>()));
  return store;
}

/** @throws InvalidOptionError always: says what a store must be */
export function refuseStore(where: string, value: unknown): never {
  const missing =
    typeof value === 'object' && value !== null ? MEMBERS.filter((member) => !(member in value)) : MEMBERS;
  throw new InvalidOptionError(
    `${where} must be 'file://' and a folder, a folder, 'memory://', or a store with the methods ${MEMBERS.join(', ')}` +
      (missing.length < MEMBERS.length ? `: ${missing.join(', ')} is missing` : ''),
  );
}
