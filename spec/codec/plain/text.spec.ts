import { expect } from 'chai';
import { FormatError } from '#lib/base/errors.js';
import { codecNamed } from '#lib/codec/registry.js';
import { textCodec } from '#lib/codec/plain/text.js';
import { fileOf, roundTrip } from '../../contract/codec-contract.js';
import { expectSame } from '../../support/values/same-value.js';

describe('the codec text', () => {
  it('writes text and bytes as they are', () => {
    expect(Buffer.from(fileOf(textCodec.encode('16'))).toString()).to.equal('16');
    for (const value of [
      '',
      '16',
      '\uFEFFwith a mark',
      'tip \u{1F52D}\r\n',
      Uint8Array.of(0, 255),
      new Uint8Array(0),
    ]) {
      expectSame(roundTrip(textCodec, value), value);
    }
  });

  it('refuses what is neither, and what UTF-8 cannot say', () => {
    for (const value of [16, null, undefined, ['16'], '\uD83D', new Uint16Array(1)]) {
      expect(textCodec.accepts(value)).to.equal(false);
      expect(() => textCodec.encode(value)).to.throw('neither text nor bytes');
    }
  });

  it('does not take other bytes for text', () => {
    expect(() => textCodec.decode(Uint8Array.of(0xff), { type: 'string' }, new Uint8Array(0))).to.throw(FormatError);
  });

  it('is known by its name', () => {
    expect(codecNamed('text')).to.equal(textCodec);
  });
});
