/** What a record says of the library of a value, and what becomes of it where the library is another one. */
import { expect } from 'chai';
import { Decimal } from 'decimal.js';
import { tableFromIPC } from 'apache-arrow';
import * as aq from 'arquero';
import { Matrix } from 'ml-matrix';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { cacheOnDisk, events, setTag, setTmpdir } from 'stowage';
import { FormatError } from '#lib/base/errors.js';
import { npyCodec } from '#lib/codec/npy/npy.js';
import { arrowCodec } from '#lib/codec/arrow/arrow.js';
import type { LibraryInRecord } from '#lib/library/file-form.js';
import { NoLibraryError, OtherLibraryError } from '#lib/library/errors.js';
import { libraryClassNoted, libraryClassOf } from '#lib/library/recognise.js';
import { decodeFile, encodeFile } from '../support/values/codec-round-trip.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let made = 0;

class Night {
  @cacheOnDisk
  response(): Matrix {
    made++;
    return new Matrix([[1, 2], [3, 4]]); // prettier-ignore
  }

  @cacheOnDisk
  price(): Decimal {
    made++;
    return new Decimal('1.5');
  }

  @cacheOnDisk
  stars(): aq.ColumnTable {
    made++;
    return aq.table({ magnitude: [1, null, 3] });
  }
}

describe('results of libraries on disk', () => {
  let folder: string;
  const tagged = <T extends object>(analyzer: T): T => {
    setTmpdir(analyzer, folder);
    setTag(analyzer, 'night-1');
    return analyzer;
  };
  const night = (): Night => tagged(new Night());
  const fileOf = (extension: string): string => {
    const found = fs.readdirSync(folder, { recursive: true }).map(String);
    return join(folder, found.find((name) => name.endsWith(extension)) ?? `no ${extension}`);
  };

  beforeEach(() => {
    folder = temporaryFolder();
    made = 0;
  });

  it('are computed once', () => {
    night().response();
    night().response();
    expect(made).to.equal(1);
  });

  it('have their class', () => {
    night().response();
    expect(night().response()).to.be.instanceOf(Matrix);
  });

  it('lie in a file that NumPy reads as two dimensions', () => {
    night().response();
    const bytes = fs.readFileSync(fileOf('.npy'));
    expect(decodeFile(npyCodec, bytes)).to.have.property('shape').eql([2, 2]);
  });

  it('lie in a file that Arrow reads as a table', () => {
    night().stars();
    expect(
      tableFromIPC(fs.readFileSync(fileOf('.arrow')))
        .getChild('magnitude')
        ?.toJSON(),
    ).to.eql([1, null, 3]);
  });

  it('are loaded again where they were changed in memory', () => {
    class Checked {
      @cacheOnDisk({ mutation: 'check' })
      response(): Matrix {
        return new Matrix([[1, 2]]); // prettier-ignore
      }
    }
    const checked = tagged(new Checked());
    checked.response().set(0, 0, 7);
    expect(checked.response().get(0, 0)).to.equal(1);
  });

  it('are computed anew where the constructor is set to something else', () => {
    night().price();
    const { precision } = Decimal;
    const reasons: (string | undefined)[] = [];
    const listener = ({ reason }: { reason?: string }): void => void reasons.push(reason);
    events.on('stale', listener);
    try {
      Decimal.set({ precision: 7 });
      night().price();
    } finally {
      Decimal.set({ precision });
      events.off('stale', listener);
    }
    expect([made, reasons[0]]).to.satisfy(
      ([count, reason]: [number, string]) => count === 2 && reason.includes('set to'),
    );
  });
});

describe('a record of a value of a library', () => {
  const matrix = (): { bytes: Uint8Array; library: LibraryInRecord; type: string } => {
    const { bytes, notes } = encodeFile(npyCodec, new Matrix([[1]]));
    return { bytes, library: notes.library as LibraryInRecord, type: notes.type };
  };

  it('names the package, its version, the class, its form, and the place from the project', () => {
    const { rest: _, memory: __, version, ...note } = matrix().library;
    expect([note, version]).to.satisfy(
      ([said, of]: [object, string]) =>
        JSON.stringify(said) ===
          JSON.stringify({ name: 'ml-matrix', class: 'Matrix', as: 'require', at: 'node_modules/ml-matrix' }) &&
        of.startsWith('6.'),
    );
  });

  it('is no bare array to a reader that knows no libraries', () => {
    const { bytes, type } = matrix();
    expect(() => decodeFile(npyCodec, bytes, { type, dtype: '<f8', shape: [1, 1] })).to.throw(FormatError, 'ml-matrix');
  });

  it('is no bare table to a reader that knows no libraries', () => {
    const { bytes, notes } = encodeFile(arrowCodec, aq.table({ a: [1] }));
    expect(() => decodeFile(arrowCodec, bytes, { type: notes.type })).to.throw(FormatError, 'arquero');
  });

  const note = (change: object): LibraryInRecord => ({ ...matrix().library, ...change });

  it('is not read where the library is not there', () => {
    expect(() => libraryClassNoted(note({ name: 'no-such-library' }))).to.throw(NoLibraryError, 'npm install');
  });

  it('is out of date where the library is of another major version', () => {
    expect(() => libraryClassNoted(note({ version: '5.1.0' }))).to.throw(OtherLibraryError, '5.1.0');
  });

  it('is out of date where the library has no such class', () => {
    expect(() => libraryClassNoted(note({ class: 'Tensor' }))).to.throw(OtherLibraryError, 'Tensor');
  });

  it('is read by a later version of the same line', () => {
    expect(libraryClassNoted(note({ version: '6.0.0' })).Class).to.equal(Matrix);
  });

  it('is read from the project where the copy lies elsewhere by now', () => {
    expect(libraryClassNoted(note({ at: '../elsewhere/ml-matrix' })).Class).to.equal(Matrix);
  });

  it('is of the form that the program imports', () => {
    expect(libraryClassOf(new Decimal(1))?.note.as).to.equal('import');
  });
});
