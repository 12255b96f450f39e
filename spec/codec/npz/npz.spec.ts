import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { FormatError } from '#lib/base/errors.js';
import { npz, npzCodec } from '#lib/codec/npz/npz.js';
import { describeCodec, fileOf, readFile } from '../../contract/codec-contract.js';
import { requireNumPy, runPython } from '../../support/peers/numpy.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { elementBytes } from '../../support/values/arrays.js';
import { ARRAYS, NO_ARRAYS } from '../npy/values.js';

describeCodec(npzCodec, ARRAYS, NO_ARRAYS);

/** Loads what we wrote, and writes the same as NumPy would. */
const LOAD = `
import json, os, sys
import numpy as np
answers = []
for path in json.load(sys.stdin):
    loaded = np.load(path)
    array = loaded['arr_0']
    np.savez_compressed(path[:-4] + '-numpy.npz', array)
    answers.append([list(loaded), array.dtype.str, list(array.shape), array.tobytes('C').hex()])
json.dump(answers, sys.stdout)
`;

describe('npz', () => {
  it('is loaded by NumPy, and loads what NumPy saves', function () {
    const folder = temporaryFolder();
    const python = requireNumPy(this, 'compressed arrays');
    const written = Object.values(ARRAYS).map((make, index) => {
      const value = make();
      const encoded = npzCodec.encode(value);
      const path = join(folder, `${index}.npz`);
      writeFileSync(path, fileOf(encoded));
      return { value, encoded, path };
    });
    const loaded = runPython(
      python,
      LOAD,
      written.map(({ path }) => path),
    );
    expect(loaded).to.deep.equal(
      written.map(({ value, encoded: { dtype, shape } }) => [
        ['arr_0'],
        dtype,
        shape,
        elementBytes(value).toString('hex'),
      ]),
    );
  });

  it('of pieces is one stream, and says how long it was', () => {
    // More than is deflated at a time.
    const array = new Uint32Array((1 << 24) + (1 << 20)).map((_, index) => index >> 10);
    const encoded = npz(1).encode(array);
    const file = fileOf(encoded);
    expect(file.length).to.be.lessThan(array.byteLength / 50);
    expect(encoded.plainBytes).to.equal(array.byteLength + 128);
    const read = readFile(npzCodec, file, encoded) as Uint32Array<ArrayBuffer>;
    expect(Buffer.from(read.buffer).equals(Buffer.from(array.buffer))).to.equal(true);
  }).timeout(60_000);

  it('is smaller at a higher level', () => {
    const array = Float64Array.from({ length: 50_000 }, (_, index) => Math.round(100 * Math.sin(index)));
    const sizes = [1, 9].map((level) => fileOf(npz(level).encode(array)).length);
    expect(sizes[1]).to.be.lessThan(sizes[0] as number);
  });

  it('is the same file for the same array', () => {
    const file = (): Uint8Array => fileOf(npzCodec.encode(Float64Array.of(1, 2, 3)));
    expect(file()).to.deep.equal(file());
  });

  it('that is damaged anywhere is refused, or gives the array that it was', () => {
    const array = Float64Array.from({ length: 40 }, (_, index) => index / 3);
    const encoded = npzCodec.encode(array);
    for (let at = 0; at < fileOf(encoded).length; at++) {
      const file = fileOf(encoded);
      file[at] = (file[at] as number) ^ 0x5a;
      let read: unknown = array;
      try {
        read = readFile(npzCodec, file, encoded);
      } catch (error) {
        expect(error, `byte ${at}`).to.be.instanceOf(FormatError);
      }
      expect(read, `byte ${at}`).to.deep.equal(array);
    }
  });
});
