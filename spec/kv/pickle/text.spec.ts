import { expect } from 'chai';
import fc from 'fast-check';
import { decodeRawUnicode, decodeUtf8, encodeRawUnicode, encodeUtf8 } from '#lib/kv/pickle/text.js';

const anyUtf16 = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe00f })), { maxLength: 20 })
  .map((units) => String.fromCharCode(...units));

describe('strings in pickles', () => {
  it('come back from UTF-8 whatever surrogates they hold, and are plain UTF-8 where they hold none', () => {
    fc.assert(
      fc.property(anyUtf16, (text) => {
        expect(decodeUtf8(encodeUtf8(text))).to.equal(text);
        const plain = text.replace(/\p{Surrogate}/gu, '');
        expect(encodeUtf8(plain).equals(Buffer.from(plain))).to.equal(true);
      }),
    );
  });

  it('come back from raw-unicode-escape, which is one line', () => {
    fc.assert(
      fc.property(anyUtf16, (text) => {
        const line = encodeRawUnicode(text);
        expect(line.includes(0x0a)).to.equal(false);
        expect(decodeRawUnicode(line)).to.equal(text);
      }),
    );
  });

  it('are not made of bytes that are no UTF-8 beside a surrogate', () => {
    for (const bytes of [
      [0xff],
      [0xed, 0xa0],
      [0xed, 0xa0, 0x41],
      [0xc3, 0xed, 0xa0, 0x80],
      [0xed, 0xa0, 0x80, 0xc3],
      [0xed, 0x9f],
    ]) {
      expect(decodeUtf8(Buffer.from(bytes))).to.equal(undefined);
    }
    expect(decodeUtf8(Buffer.from([0xed, 0x9f, 0xbf, 0xed, 0xa0, 0x80]))).to.equal('\ud7ff\ud800');
  });
});
