/** Bytes that CPython wrote, see spec/golden/make-pickle.py: where there is no Python, they stand for it. */
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { unpickle } from '#lib/kv/pickle/read/read.js';
import { pickleKey, pickleValue } from '#lib/kv/pickle/write/write.js';
import { buildValue, GOLDEN, type Description } from './described.js';

interface Golden {
  of: Description;
  /** By protocol, in hexadecimal; the SHA-256 of what is long. */
  key: string[];
  value: string[];
}

const ENTRIES = JSON.parse(readFileSync(new URL('pickle.json', GOLDEN), 'utf8')) as Golden[];

/** As the golden file has it. */
const told = (pickle: Buffer): string =>
  pickle.length > 3000 ? createHash('sha256').update(pickle).digest('hex') : pickle.toString('hex');

describe("golden pickles of CPython's", () => {
  it('are there', () => {
    expect(ENTRIES.length).to.be.greaterThan(15);
  });

  for (const [index, { of, key, value }] of ENTRIES.entries()) {
    it(`are written byte for byte, and read: ${index}, ${JSON.stringify(of).slice(0, 60)}`, () => {
      for (const protocol of [0, 1, 2, 3, 4, 5]) {
        const data = buildValue(of);
        const pickles = [pickleKey(data, protocol), pickleValue(data, protocol)];
        expect(told(pickles[0] as Buffer), `key, protocol ${protocol}`).to.equal(key[protocol]);
        expect(told(pickles[1] as Buffer), `value, protocol ${protocol}`).to.equal(value[protocol]);
        for (const pickle of pickles) expect(isDeepStrictEqual(unpickle(pickle), data)).to.equal(true);
      }
    });
  }
});
