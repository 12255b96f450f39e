import { isNdArray } from '#lib/base/language/brand.js';
import { FormatError } from '#lib/base/errors.js';
import { npyCodec } from '#lib/codec/npy/npy.js';
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { indices } from '../../support/values/arrays.js';
import { decodeFile, encodeFile } from '../../support/values/codec-round-trip.js';

interface Expected {
  type: string;
  shape: number[];
  values: string[];
}

const FOLDER = new URL('../../../../spec/golden/npy/', import.meta.url);
const EXPECTED = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as Record<string, Expected>;

/** Files whose elements this library itself would write otherwise: swapped, widened, or in another version. */
const FOREIGN = /big-endian|^(b1|f2|c8|c16|version-[23])/;

const REFUSALS: Record<string, RegExp> = {
  'refused-datetime': /^dtype datetime \("<M8\[D\]"\) has no numeric meaning here: .*astype\('int64'\)/,
  'refused-timedelta': /^dtype timedelta \("<m8\[s\]"\) .*astype\('int64'\)/,
  'refused-unicode': /^dtype string \("<U4"\) .*as JSON/,
  'refused-bytes': /^dtype string \(bytes\) \("\|S4"\) .*as JSON/,
  'refused-void': /^dtype void or structured \("\|V3"\) .*array\['field'\]/,
  'refused-structured': /^dtype structured has no numeric meaning here: .*array\['field'\]/,
  'refused-object': /^dtype object \("\|O"\) has no numeric meaning here: .*astype\('float64'\)/,
  'refused-longdouble': /^dtype longdouble \("<f16"\) .*astype\('float64'\)/,
  'refused-longdouble-complex': /^dtype longdouble complex \("<c32"\) .*astype\('complex128'\)/,
};

function golden(name: string): Buffer {
  return readFileSync(new URL(`${name}.npy`, FOLDER));
}

function read(value: unknown): Expected {
  const data = (isNdArray(value) ? value.data : value) as Float64Array;
  const shape = isNdArray(value) ? value.shape : [data.length];
  const places = isNdArray(value) ? [...indices(shape)].map((index) => value.index(...index)) : [...data.keys()];
  const values = places.map((place) => asText(data[place]));
  return { type: isNdArray(value) ? `ndarray<${data.constructor.name}>` : data.constructor.name, shape, values };
}

function asText(value: unknown): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

describe('npy golden files, written by NumPy', () => {
  for (const [name, { type, shape, values }] of Object.entries(EXPECTED)) {
    it(`${name} is read as the array that NumPy saved`, () => {
      const isBig = type.includes('Big');
      const numbers = values.map((text) => (isBig ? text : asText(Number(text.replace('inf', 'Infinity')))));
      expect(read(decodeFile(npyCodec, golden(name)))).to.deep.equal({ type, shape, values: numbers });
    });

    if (!FOREIGN.test(name)) {
      it(`${name} is written to the byte as NumPy wrote it`, () => {
        const { bytes } = encodeFile(npyCodec, decodeFile(npyCodec, golden(name)));
        expect(Buffer.from(bytes).toString('latin1')).to.equal(golden(name).toString('latin1'));
      });
    }
  }

  for (const [name, message] of Object.entries(REFUSALS)) {
    it(`${name} is refused by the name of its dtype, with what to save instead`, () => {
      expect(() => decodeFile(npyCodec, golden(name))).to.throw(FormatError, message);
    });
  }

  it('each file of the folder is expected', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.npy'));
    const names = [...Object.keys(EXPECTED), ...Object.keys(REFUSALS)];
    expect(files.sort()).to.deep.equal(names.map((name) => `${name}.npy`).sort());
  });
});
