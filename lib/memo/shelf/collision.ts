/** Two keys under one name: the key that a record keeps, and the error for another one. */
import { inspect } from 'node:util';
import { decodeArguments, previewOf } from '../../store/record/arguments.js';
import type { EntryRecord } from '../../store/record/record.js';
import { HashCollisionError } from './errors.js';
import type { Entry } from './shelf.js';

/** The key that a record keeps with its result. */
export function storedKeyOf({ arguments: stored }: EntryRecord): { key: unknown } | undefined {
  const list = stored?.encoded === undefined ? undefined : decodeArguments(stored.encoded);
  return list === undefined ? undefined : { key: list[0] };
}

/** What to throw where another key's result has an entry's name. */
export function collision({ identity, place, key }: Entry, record: EntryRecord): HashCollisionError {
  const stored = storedKeyOf(record);
  const other = stored === undefined ? 'of another key' : `of the key ${previewOf(stored.key)}`;
  return new HashCollisionError(
    `${identity.method}: hash gave ${inspect(identity.name)}, under which a result ${other} is stored already (${place.plain}): ` +
      'let hash give each key a text of its own, or leave it out',
    { storedKey: stored?.key, key },
  );
}
