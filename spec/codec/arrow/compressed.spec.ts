import { tableFromArrays, type Table } from 'apache-arrow';
import { expect } from 'chai';
import { arrowCodec } from '#lib/codec/arrow/arrow.js';
import { compressedArrow } from '#lib/codec/arrow/compressed.js';
import { compressed } from '#lib/codec/compressed.js';
import { wayOf } from '#lib/codec/press/methods.js';
import { valueDigest } from '#lib/key/canonical/canonical.js';
import { fileOf, readFile } from '../../contract/codec-contract.js';

const flights = (): Table =>
  tableFromArrays({
    delay: Float64Array.from({ length: 5000 }, (_, row) => row % 7),
    carrier: Array.from({ length: 5000 }, (_, row) => (row % 3 === 0 ? 'AA' : 'UA')),
  });

describe('a compressed Arrow file', () => {
  it('is plain where Node.js has no zstd', () => {
    const expected = wayOf('zstd') === undefined ? arrowCodec : compressedArrow;
    expect(compressed(arrowCodec, flights(), { method: 'brotli' })).to.equal(expected);
    expect(compressedArrow.accepts(flights())).to.equal(wayOf('zstd') !== undefined);
    expect(compressedArrow.accepts(1)).to.equal(false);
  });

  it('is smaller, and read as any other', function () {
    if (wayOf('zstd') === undefined) this.skip();
    const encoded = compressedArrow.encode(flights());
    const file = fileOf(encoded);
    expect(file.length).to.be.lessThan(fileOf(arrowCodec.encode(flights())).length / 4);
    expect(valueDigest(readFile(arrowCodec, file, encoded))).to.equal(valueDigest(flights()));
  });
});
