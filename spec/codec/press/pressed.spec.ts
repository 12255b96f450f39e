import { inspect } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { InvalidOptionError } from '#lib/base/errors.js';
import { msgpackCodec } from '#lib/codec/msgpack/msgpack.js';
import { npyCodec } from '#lib/codec/npy/npy.js';
import { compressCheck } from '#lib/codec/press/compress-option.js';
import { bestMethod, METHODS, wayOf } from '#lib/codec/press/methods.js';
import { pressed } from '#lib/codec/press/pressed.js';
import { codecNamed, codecToStore } from '#lib/codec/registry.js';
import { v8Codec } from '#lib/codec/v8/v8.js';
import { describeCodec, fileOf } from '../../contract/codec-contract.js';

const VALUES = {
  'a Map': () => new Map([['a', [1, -0, NaN, undefined]]]),
  text: () => 'abc'.repeat(1000),
  nothing: () => undefined,
};

for (const method of METHODS.filter((each) => wayOf(each) !== undefined)) {
  describeCodec(pressed(v8Codec, { method }), VALUES, { 'a function': () => () => 1 });
}

describe('a compressed file', () => {
  it('is what the codec writes, once it is decompressed', () => {
    const value = new Map([['a', 'b'.repeat(5000)]]);
    const plain = Buffer.from(fileOf(v8Codec.encode(value)));
    const gzip = fileOf(pressed(v8Codec, { method: 'gzip', level: 9 }).encode(value));
    const brotli = fileOf(pressed(v8Codec, { method: 'brotli' }).encode(value));
    expect(gunzipSync(gzip).equals(plain)).to.equal(true);
    expect(brotliDecompressSync(brotli).equals(plain)).to.equal(true);
    expect(gzip.length).to.be.lessThan(plain.length / 20);
  });

  it('is found by its name, and by no other', () => {
    expect(codecNamed('v8+gzip')?.extension).to.equal('gz');
    expect(codecNamed('npz')?.extension).to.equal('npz');
    for (const name of ['v8+lzma', 'v8+', '+gzip', 'none+gzip', 'json+gzip', 'npz+gzip', 'v8+gzip+gzip'])
      expect(codecNamed(name), name).to.equal(undefined);
  });

  it('is chosen by the format of the value', () => {
    const name = (value: unknown, codec?: string): string => codecToStore(value, codec, { method: 'gzip' }).name;
    expect(name(new Float64Array(2))).to.equal('npz');
    expect(name(new Map())).to.equal('v8+gzip');
    expect(name(1, msgpackCodec.name)).to.equal('msgpack+gzip');
    expect(name({ a: 1 }), 'in the record').to.equal('json');
    expect(name(new Float64Array(2), npyCodec.name)).to.equal('npz');
    expect(codecToStore(new Float64Array(2), undefined, false)).to.equal(npyCodec);
  });
});

describe('the option compress', () => {
  const method = bestMethod();

  it('takes what says how', () => {
    expect(compressCheck(true, 'compress')).to.deep.equal({ method });
    expect(compressCheck(false, 'compress')).to.equal(false);
    expect(compressCheck(9, 'compress')).to.deep.equal({ method, level: 9 });
    expect(compressCheck('brotli', 'compress')).to.deep.equal({ method: 'brotli' });
    expect(compressCheck({ level: 1 }, 'compress')).to.deep.equal({ method, level: 1 });
    expect(compressCheck({ method: 'gzip', level: 3 }, 'compress')).to.deep.equal({ method: 'gzip', level: 3 });
  });

  for (const odd of [0, 10, 1.5, NaN, -1, 'lz4', '', null, [], ['zlib', 3], { level: 0 }, { quality: 3 }, () => true]) {
    it(`refuses ${inspect(odd)}`, () => {
      expect(() => compressCheck(odd, 'persist: compress')).to.throw(InvalidOptionError, 'persist: compress');
    });
  }

  it('names the Node.js that has zstd where this one has not', function () {
    if (wayOf('zstd') !== undefined) this.skip();
    expect(() => compressCheck('zstd', 'compress')).to.throw(InvalidOptionError, '22.15');
  });
});
