import { expect } from 'chai';
import { textBytes } from '#lib/base/text/text-bytes.js';

const texts = ['', '62', 'tip \u{1F52D}', '\ud800', 'x'.repeat(5000)];

describe('textBytes', () => {
  for (const encoding of ['utf8', 'latin1', 'utf16le'] as const) {
    it(`writes what Buffer.from does in ${encoding}`, () => {
      for (const text of texts) expect(textBytes(text, encoding)).to.deep.equal(Buffer.from(text, encoding));
    });
  }

  it('ends where base64 ends, which its length alone does not tell', () => {
    expect(textBytes('MTIz\nNA', 'base64').toString()).to.equal('1234');
  });

  it('shares its memory with no other text', () => {
    expect(textBytes('62').buffer.byteLength).to.equal(2);
  });
});
