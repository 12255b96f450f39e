// Compiled once: a process has one register of codecs, and a name can be taken once.
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, FormatError, getDiskCacher, registerCodec, type Codec } from 'stowage';
import { filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A value that only its own codec understands; the header may be of any length. */
class Spectrum {
  constructor(
    readonly lines: number[],
    readonly comment = '',
  ) {}
}

/** Length of the header in 4 bytes, header, then one byte a line. */
const codec: Codec = {
  name: 'spectrum',
  extension: 'spec',
  sample: new Spectrum([1, 2], 'of a sample'),
  accepts: (value) => value instanceof Spectrum,
  encode(value) {
    const { lines, comment } = value as Spectrum;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a user's codec may do
    if (comment === 'unwritable') throw 'no words for it';
    const header = Buffer.alloc(4 + comment.length);
    header.fill(comment, 4);
    header.writeUInt32LE(header.length, 0);
    return { type: 'Spectrum', chunks: [header, Uint8Array.from(lines)] };
  },
  bodyOffset(head) {
    const length = Buffer.from(head.buffer, head.byteOffset, head.length).readUInt32LE(0);
    if (length < 4) throw new FormatError('the header is too short');
    if (length === 0xdead) throw new RangeError('a mistake of the codec');
    return length <= head.length ? length : undefined;
  },
  decode(body, _notes, head) {
    const comment = Buffer.from(head).subarray(4).toString();
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a user's codec may do
    if (comment === 'unreadable') throw 'no idea';
    return new Spectrum([...body], comment);
  },
};

let ran: string[] = [];

class Spectrograph {
  readonly source = { comment: 'K band' };

  @cacheOnDisk
  spectrum(): Spectrum {
    ran.push('spectrum');
    return new Spectrum([1, 2, 3], this.source.comment);
  }

  @cacheOnDisk({ mutation: 'copy' })
  copied(): Spectrum {
    return new Spectrum([1], 'copied');
  }

  @cacheOnDisk({ mutation: 'check' })
  checked(): Spectrum {
    ran.push('checked');
    return new Spectrum([1], 'checked');
  }

  @cacheOnDisk
  brightest(): number {
    ran.push('brightest');
    return Math.max(...this.spectrum().lines);
  }
}

describe("a codec of the user's own", () => {
  let folder: string;
  let path: string;

  const day = (comment = 'K band'): Spectrograph => {
    ran = [];
    const spectrograph = new Spectrograph();
    spectrograph.source.comment = comment;
    return tagIn(folder, spectrograph);
  };
  /** Writes another length into the header, with a time of its own. */
  const spoil = (length: number): void => {
    const bytes = readFileSync(path);
    bytes.writeUInt32LE(length, 0);
    writeFileSync(path, bytes);
    utimesSync(path, 1e9, 1e9);
  };

  before(() => {
    registerCodec(codec);
  });
  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder, 'cachenight', 'root.Spectrograph.spectrum.spec');
  });

  it('brings its values back the next day, and what was made of them holds', () => {
    const first = day();
    expect(first.brightest()).to.equal(3);
    expect(first.brightest()).to.equal(3);
    expect(filesIn(folder)).to.include('cachenight/root.Spectrograph.spectrum.spec');
    const second = day();
    expect(second.brightest()).to.equal(3);
    expect(second.spectrum())
      .to.deep.equal(new Spectrum([1, 2, 3], 'K band'))
      .and.be.instanceOf(Spectrum);
    expect(ran).to.deep.equal([]);
    expect(getDiskCacher(second, 'spectrum').dataFile()).to.equal(path);
  });

  it('may have a head of any length', () => {
    const long = 'x'.repeat(20_000);
    day(long).spectrum();
    expect(day(long).spectrum().comment).to.equal(long);
    expect(ran).to.deep.equal([]);
  });

  it('gives copies, and notices changed values, as those of the library do', () => {
    const one = day();
    one.copied().lines.push(9);
    expect(one.copied().lines).to.deep.equal([1]);
    one.checked().lines.push(9);
    const mutated = listen('mutated');
    expect(one.checked().lines).to.deep.equal([1]);
    expect(mutated).to.have.lengthOf(1);
    expect(ran, 'loaded, not computed').to.deep.equal(['checked']);
  });

  it('is never fed a damaged file: no head is believed before the checksum, and the value is computed again', () => {
    for (const length of [0, 1, 5, 4_000_000]) {
      day().spectrum();
      spoil(length);
      const events = listen('corrupt', 'fault', 'store');
      expect(day().spectrum()).to.deep.equal(new Spectrum([1, 2, 3], 'K band'));
      expect(
        events.map(({ type }) => type),
        `length ${length}`,
      ).to.deep.equal(['corrupt', 'store']);
    }
  });

  it('that fails on a file in a way of its own costs a fault, not the value', () => {
    day().spectrum();
    spoil(0xdead);
    const faults = listen('fault');
    expect(day().spectrum().lines).to.deep.equal([1, 2, 3]);
    expect(faults.map(({ reason }) => reason)).to.deep.equal(['UNKNOWN']);
  });

  it('that throws something that is no error costs the storing, not the value', () => {
    const uncacheable = listen('uncacheable');
    const one = day('unwritable');
    expect(one.spectrum().lines).to.deep.equal([1, 2, 3]);
    expect(one.spectrum().lines).to.deep.equal([1, 2, 3]);
    expect(uncacheable.map(({ reason }) => reason)).to.deep.equal(['no words for it', 'no words for it']);
    expect(filesIn(folder)).to.deep.equal([]);
  });

  it('that cannot read what it wrote costs a miss, and the files stay for one that can', () => {
    day('unreadable').spectrum();
    const before = readFileSync(path);
    const misses = listen('miss');
    expect(day('unreadable').spectrum().lines).to.deep.equal([1, 2, 3]);
    expect(misses.map(({ reason, error }) => [reason, error?.message])).to.deep.equal([['unreadable here', 'no idea']]);
    expect(readFileSync(path).equals(before)).to.equal(true);
  });
});
