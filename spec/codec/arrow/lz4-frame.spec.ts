import { execFileSync, spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { FormatError } from '#lib/base/errors.js';
import { decodeLz4Frame } from '#lib/codec/arrow/lz4-frame.js';

/** Made by another program: repetitions that reach into themselves, and many literals. */
const frame = Buffer.from(
  'BCJNGEBw32gAAACPc3Rvd2FnZSAIAP8m8Ep0aGUgZW5kLCB3aXRoIG1hbnkgbGl0ZXJhbHM6ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpbXAAAAAA=',
  'base64',
);
const literals = String.fromCharCode(...Array.from({ length: 60 }, (_, i) => 33 + i));
const content = `${'stowage '.repeat(40)}the end, with many literals: ${literals}`;

describe('an LZ4 frame', () => {
  it('gives its content', () => {
    expect(Buffer.from(decodeLz4Frame(frame)).toString()).to.equal(content);
  });

  it('may hold blocks as they were, and nothing', () => {
    const bare = Buffer.from('04224d184070df' + '03000080' + '616263' + '00000000', 'hex');
    expect(Buffer.from(decodeLz4Frame(bare)).toString()).to.equal('abc');
    expect(decodeLz4Frame(Buffer.from('04224d184070df00000000', 'hex'))).to.have.lengthOf(0);
  });

  it('is refused as a whole where it is cut short, however little is missing', () => {
    for (let length = 0; length < frame.length; length++) {
      expect(() => decodeLz4Frame(frame.subarray(0, length)), String(length)).to.throw(FormatError);
    }
  });

  it('never ends otherwise than with a content or a FormatError, whatever byte is another', () => {
    for (let at = 0; at < frame.length; at++) {
      for (const bit of [1, 8, 128]) {
        const damaged = Uint8Array.from(frame);
        damaged[at] = (damaged[at] ?? 0) ^ bit;
        try {
          decodeLz4Frame(damaged);
        } catch (error) {
          expect(error).to.be.instanceOf(FormatError);
        }
      }
    }
  });

  it('is that of the lz4 program, with blocks that reach into the one before, checksums and sizes', function () {
    if (spawnSync('lz4', ['--version']).status !== 0) {
      console.warn(`SKIPPED: ${this.test?.title ?? ''}: there is no lz4 program`);
      this.skip();
    }
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i % 977} ${(i * 7919) % 104_729}\n`).join('');
    for (const flags of [
      ['-BD', '-B4'],
      ['-B4', '-BX'],
      ['-9', '-BD', '-B5', '--content-size'],
      ['-1', '--no-frame-crc'],
    ]) {
      const compressed = execFileSync('lz4', [...flags, '-c'], {
        input: lines,
        maxBuffer: 1 << 28,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      expect(Buffer.from(decodeLz4Frame(compressed)).toString() === lines, flags.join(' ')).to.equal(true);
    }
  });
});
