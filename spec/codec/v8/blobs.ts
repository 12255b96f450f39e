/**
 * A script for other versions of Node.js: `write <folder>` writes a blob of each value, `read <folder>` reads each
 * and compares it with the value made here. Prints the number of blobs.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v8Codec } from '#lib/codec/v8/v8.js';
import { fileOf, readFile } from '../../contract/codec-contract.js';
import { expectSame } from '../../support/values/same-value.js';
import { VALUES } from './values.js';

/** A file name for the name of a value. */
export function blobName(name: string): string {
  return `${name.replaceAll(' ', '-')}.v8`;
}

function write(folder: string): void {
  for (const [name, make] of Object.entries(VALUES))
    writeFileSync(join(folder, blobName(name)), fileOf(v8Codec.encode(make())));
}

function read(folder: string): void {
  for (const [name, make] of Object.entries(VALUES)) {
    try {
      const file = Uint8Array.from(readFileSync(join(folder, blobName(name))));
      expectSame(readFile(v8Codec, file, { type: '', chunks: [] }), make());
    } catch (cause) {
      throw new Error(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

const [task, folder] = process.argv.slice(2);
if (folder !== undefined && (task === 'write' || task === 'read')) {
  (task === 'write' ? write : read)(folder);
  console.log(readdirSync(folder).length);
}
