import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { v8Codec } from '#lib/codec/v8/v8.js';
import { fileOf, readFile } from '../../contract/codec-contract.js';
import { expectSame } from '../../support/values/same-value.js';
import { blobName } from './blobs.js';
import { VALUES } from './values.js';

/** Written once by `node build/spec/codec/v8/blobs.js write spec/golden/v8`; version 1 must be read and written so for ever. */
const GOLDEN = new URL('../../../../spec/golden/v8/', import.meta.url);

/** What a file says. Engines may write one and the same table in more than one way, an integer as a double for instance. */
function parts(file: Uint8Array): unknown[] {
  const bytes = Buffer.from(file);
  const tableEnd = 24 + Number(bytes.readBigUInt64LE(8));
  const table: unknown = deserialize(bytes.subarray(24, tableEnd));
  return [bytes.subarray(0, 8).toString('latin1'), table, bytes.subarray(Math.ceil(tableEnd / 8) * 8).toString('hex')];
}

describe('v8 golden files', () => {
  it('are one for each value', () => {
    expect(readdirSync(GOLDEN).sort()).to.deep.equal(Object.keys(VALUES).map(blobName).sort());
  });

  for (const [name, make] of Object.entries(VALUES)) {
    it(`are read and written as before: ${name}`, () => {
      const golden = Uint8Array.from(readFileSync(new URL(encodeURIComponent(blobName(name)), GOLDEN)));
      expectSame(readFile(v8Codec, golden, { type: '', chunks: [] }), make());
      expect(parts(fileOf(v8Codec.encode(make())))).to.deep.equal(parts(golden));
    });
  }

  it('begin with the header that the format describes', () => {
    const golden = readFileSync(new URL(blobName('true'), GOLDEN));
    expect(golden.subarray(0, 8).toString('latin1')).to.equal('STOWAGE\x01');
    expect(golden.readBigUInt64LE(16)).to.equal(BigInt(golden.length));
    expect(golden.subarray(24, 26).toString('hex')).to.equal('ff0f');
  });
});
