/** A digest of a result, made without the cache's own means, so that it can vouch for them. */
import { createHash, type Hash } from 'node:crypto';
import { inspect } from 'node:util';
import { Table } from 'apache-arrow';

const everything = { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity, breakLength: Infinity };

/** 16 hexadecimal digits; any other number, type, length or order in the result gives others. */
export function fingerprint(value: unknown): string {
  const hash = createHash('sha256');
  if (value instanceof Table) addTable(hash, value);
  else hash.update(inspect(value, everything));
  return hash.digest('hex').slice(0, 16);
}

function addTable(hash: Hash, table: Table): void {
  hash.update(`Table ${table.numRows} ${String(table.schema)}`);
  for (const { name } of table.schema.fields) {
    const column: unknown = table.getChild(name)?.toArray();
    if (ArrayBuffer.isView(column)) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    else hash.update(inspect(column, everything));
  }
}
