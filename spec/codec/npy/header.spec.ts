import { FormatError } from '#lib/base/errors.js';
import { parseDescr, requireLittleEndian } from '#lib/codec/npy/dtype.js';
import { formatNpyHeader, parseNpyHeader } from '#lib/codec/npy/header.js';
import { npyCodec } from '#lib/codec/npy/npy.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { BROKEN_HEADERS, GOOD_HEADER, npyHeader } from '../../support/values/broken-npy.js';

function shapeOf(shape: string): readonly number[] {
  return parseNpyHeader(npyHeader(GOOD_HEADER.replace('(3, 4)', shape))).shape;
}

describe('formatNpyHeader', () => {
  it('ends at a multiple of 64 bytes, in a new line, whatever the shape', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat(), { maxLength: 64 }), fc.boolean(), (shape, fortranOrder) => {
        const bytes = formatNpyHeader('<f8', fortranOrder, shape);
        expect(bytes.length % 64).to.equal(0);
        expect(bytes.at(-1)).to.equal(10);
        const { version, bodyOffset, shape: read, fortranOrder: order } = parseNpyHeader(bytes);
        expect({ version, bodyOffset, read, order }).to.deep.equal({
          version: 1,
          bodyOffset: bytes.length,
          read: shape,
          order: fortranOrder,
        });
      }),
    );
  });

  it('turns to version 2 where the text is too long for version 1', () => {
    const bytes = Buffer.from(formatNpyHeader('<f8', false, new Array<number>(30_000).fill(1)));
    expect([...bytes.subarray(6, 8)]).to.deep.equal([2, 0]);
    expect(bytes.readUInt32LE(8) + 12).to.equal(bytes.length);
    expect(bytes.length % 64).to.equal(0);
  });
});

describe('parseNpyHeader', () => {
  it('says version, dtype, order, shape and where the body starts', () => {
    const { dtype, ...rest } = parseNpyHeader(npyHeader(GOOD_HEADER));
    expect(rest).to.deep.equal({
      version: 1,
      descr: '<f8',
      fortranOrder: false,
      shape: [3, 4],
      bodyOffset: 10 + GOOD_HEADER.length,
    });
    expect(dtype).to.deep.equal({
      descr: '<f8',
      bytes: 8,
      components: 1,
      bigEndian: false,
      plainType: 'Float64Array',
      conversion: 'none',
    });
  });

  it('takes the keys in any order, and each way to write a tuple', () => {
    const text = '{"shape":(3L, 4L,),"fortran_order":True,"descr":">i2"}\n';
    const { version, descr, fortranOrder, shape } = parseNpyHeader(npyHeader(text, 3));
    expect({ version, descr, fortranOrder, shape }).to.deep.equal({
      version: 3,
      descr: '>i2',
      fortranOrder: true,
      shape: [3, 4],
    });
    expect(shapeOf('()')).to.deep.equal([]);
    expect(shapeOf('(3,)')).to.deep.equal([3]);
    expect(shapeOf('(3L,)')).to.deep.equal([3]);
  });

  it('needs no more than the header, and ignores what follows', () => {
    expect(parseNpyHeader(Buffer.concat([npyHeader(GOOD_HEADER), Buffer.alloc(96)]))).to.deep.equal(
      parseNpyHeader(npyHeader(GOOD_HEADER)),
    );
  });

  for (const [what, [bytes, message]] of Object.entries(BROKEN_HEADERS)) {
    it(`refuses ${what}`, () => {
      expect(() => parseNpyHeader(bytes)).to.throw(FormatError, message);
    });
  }
});

describe('parseDescr', () => {
  it('ignores the byte order of single bytes', () => {
    for (const descr of ['|i1', '<i1', '>i1', 'i1', '=i1']) expect(parseDescr(descr).plainType).to.equal('Int8Array');
  });

  it('refuses more bytes than one without an order', () => {
    for (const descr of ['f8', '=f8', '|f8']) expect(() => parseDescr(descr)).to.throw(FormatError, /big-endian/);
  });

  it('refuses names that NumPy does not write', () => {
    for (const descr of ['', '<', '<f', '<i3', '<f8 ', '<F8', 'float64', '<<f8', '<f8[2]', '<f\n8', '__proto__']) {
      expect(() => parseDescr(descr), descr).to.throw(FormatError, /^dtype unknown \(/);
    }
    for (const descr of [null, 8, true, { kind: 'tuple', items: [] }]) {
      expect(() => parseDescr(descr)).to.throw(FormatError, /^dtype structured has no numeric meaning here/);
    }
  });

  it('refuses strings of each kind, and longdoubles of each size', () => {
    for (const descr of ['|S4', '<U4', '|a3', '|T16']) {
      expect(() => parseDescr(descr)).to.throw(FormatError, /^dtype string/);
    }
    for (const descr of ['<f12', '>f16', '<c24']) {
      expect(() => parseDescr(descr)).to.throw(FormatError, /^dtype longdouble/);
    }
  });
});

describe('requireLittleEndian', () => {
  it('passes here, and refuses a big-endian host with what to do', () => {
    requireLittleEndian();
    expect(() => {
      requireLittleEndian('BE');
    }).to.throw(FormatError, /this host is big-endian: choose another codec/);
  });
});

describe('bodyOffset of the npy codec', () => {
  const file = Buffer.concat([formatNpyHeader('<f8', false, [3, 4]), Buffer.alloc(96)]);

  function offset(head: Uint8Array, fileSize: number): number | undefined {
    return npyCodec.bodyOffset?.(head, fileSize);
  }

  it('asks for more until the header is whole', () => {
    for (let seen = 0; seen < file.length; seen++) {
      expect(offset(file.subarray(0, seen), file.length)).to.equal(seen < 128 ? undefined : 128);
    }
  });

  it('refuses a file of any other size before its body is read', () => {
    for (let size = 0; size < file.length; size++) {
      const message = size < 128 ? /ends inside/ : /truncated/;
      expect(() => offset(file.subarray(0, size), size)).to.throw(FormatError, message);
    }
    expect(() => offset(file, file.length + 1)).to.throw(FormatError, /followed by something else/);
  });

  it('refuses a shape whose product overflows, or exceeds the file, whatever the file says of itself', () => {
    const shapes: [string, RegExp][] = [
      ['(9007199254740991, 9007199254740991)', /beyond any file/],
      ['(9007199254740991,)', /beyond any file/],
      ['(1125899906842623,)', /truncated/],
      ['(4294967296, 4294967296, 4294967296)', /beyond any file/],
      [`(${'9007199254740991, '.repeat(64)})`, /beyond any file/],
    ];
    for (const [shape, message] of shapes) {
      const bytes = npyHeader(GOOD_HEADER.replace('(3, 4)', shape));
      expect(() => offset(bytes, bytes.length)).to.throw(FormatError, message);
    }
  });

  it('takes a shape with a zero, however long its other dimensions', () => {
    const bytes = npyHeader(GOOD_HEADER.replace('(3, 4)', '(9007199254740991, 9007199254740991, 0)'));
    expect(offset(bytes, bytes.length)).to.equal(bytes.length);
  });
});
