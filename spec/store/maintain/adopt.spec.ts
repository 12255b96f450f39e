import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { expect } from 'chai';
import type { NdArray } from 'ndarray';
import {
  adopt,
  cacheOnDisk,
  clearCache,
  configure,
  getDiskCacher,
  invalidate,
  parameter,
  record,
  setPrefix,
  setTag,
  verify,
  type AdoptReport,
} from 'stowage';
import { npyCodec } from '#lib/codec/npy/npy.js';
import { valueDigest } from '#lib/key/canonical/canonical.js';
import { filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { BROKEN_HEADERS, npyHeader } from '../../support/values/broken-npy.js';
import { requireNumPy, runPython } from '../../support/peers/numpy.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** As a class of arte is called, and its methods. */
class Member {
  ran = 0;

  @cacheOnDisk
  my_method(): unknown {
    this.ran++;
    return 'computed';
  }

  @cacheOnDisk({ name: 'fit' })
  fitted(): unknown {
    this.ran++;
    return 'computed';
  }

  @cacheOnDisk({ version: 2 })
  newer(): unknown {
    this.ran++;
    return 'computed';
  }

  @cacheOnDisk
  of(n: number): unknown {
    this.ran++;
    return `computed ${n}`;
  }
}

class Night {
  readonly foo = new Member();
}

class Binned {
  @parameter binning = 2;

  @cacheOnDisk
  image(): unknown {
    return 'computed';
  }
}

const values = Float64Array.of(1.5, -0, NaN);

function save(path: string, value: unknown): void {
  writeFileSync(path, Buffer.concat(npyCodec.encode(value).chunks));
}

function reasons({ skipped }: AdoptReport, folder: string): Record<string, string> {
  return Object.fromEntries(skipped.map(({ file, reason }) => [file.slice(folder.length + 1), reason]));
}

describe('adopt', () => {
  let tmpdir: string;
  let folder: string;
  beforeEach(() => {
    tmpdir = temporaryFolder();
    folder = join(tmpdir, 'cachenight');
    mkdirSync(folder);
  });
  const at = (name: string): string => join(folder, name);
  const fresh = (): Night => tagIn(tmpdir, new Night());

  const ways: [way: string, adopting: () => Promise<AdoptReport>][] = [
    ['a root', () => adopt(fresh())],
    ['a folder', () => adopt(folder)],
  ];
  for (const [way, adopting] of ways) {
    it(`of ${way} makes a file of NumPy's form a hit, without a warning, for as long as it stays what it was`, async () => {
      save(at('root.foo.Member.my_method.npy'), values);
      const report = await adopting();
      expect(report).to.deep.equal({
        folder,
        adopted: [{ file: at('root.foo.Member.my_method.npy'), instance: 'root.foo', method: 'Member.my_method' }],
        skipped: [],
        known: 0,
      });
      const heard = listen('hit', 'miss', 'corrupt', 'stale');
      const root = fresh();
      expect(root.foo.my_method()).to.deep.equal(values);
      expect(root.foo.ran).to.equal(0);
      expect(heard.map(({ type, reason }) => [type, reason])).to.deep.equal([['hit', 'disk']]);
      expect(await adopting()).to.deep.include({ adopted: [], skipped: [], known: 1 });
      expect(await verify(folder)).to.deep.include({ entries: 1, sound: 1, findings: [] });

      save(at('root.foo.Member.my_method.npy'), Float64Array.of(7, 8));
      expect((await adopting()).adopted).to.have.lengthOf(1);
      expect(fresh().foo.my_method()).to.deep.equal(Float64Array.of(7, 8));
    });

    it(`of ${way} says how old the file is and what it holds, and nothing that is not known`, async () => {
      const file = at('root.foo.Member.my_method.npy');
      save(file, values);
      utimesSync(file, 1e9, 1e9);
      await adopting();
      const found = record(fresh().foo, 'my_method');
      expect(found).to.deep.include({
        adopted: true,
        computedAt: 1e9,
        seconds: 0,
        trace: [],
        codec: 'npy',
        dtype: '<f8',
        shape: [3],
        digest: valueDigest(values),
        host: '',
      });
      expect(found?.code).to.match(way === 'a root' ? /^[0-9a-f]{32}$/ : /^$/);
    });

    it(`of ${way} makes a result that clearCache removes and invalidate makes stale`, async () => {
      const file = at('root.foo.Member.my_method.npy');
      save(file, values);
      await adopting();
      const root = fresh();
      invalidate(root.foo, 'my_method');
      expect(root.foo.my_method()).to.equal('computed');
      expect(filesIn(folder)).to.deep.equal(['root.foo.Member.my_method.json']);
      for (const clear of [
        (night: Night) => {
          clearCache(night);
        },
        (night: Night) => {
          clearCache(night.foo);
        },
        (night: Night) => {
          getDiskCacher(night.foo, 'my_method').clearCache();
        },
      ]) {
        clearCache(fresh());
        mkdirSync(folder, { recursive: true });
        save(file, values);
        await adopting();
        const night = fresh();
        expect(night.foo.my_method()).to.deep.equal(values);
        clear(night);
        setTag(night, 'night');
        expect(night.foo.my_method()).to.equal('computed');
      }
    });

    it(`of ${way} leaves alone what it cannot read, what is a link, and what has a record`, async () => {
      const root = fresh();
      root.foo.fitted();
      save(at('root.foo.fit.npy'), values);
      writeFileSync(at('root.foo.Member.my_method.npy'), Buffer.from('\x80\x04\x95pickled', 'latin1'));
      const before = filesIn(folder);
      const report = await adopting();
      expect(report.adopted).to.deep.equal([]);
      expect(Object.keys(reasons(report, folder)).sort()).to.deep.equal([
        'root.foo.Member.my_method.npy',
        'root.foo.fit.npy',
      ]);
      expect(reasons(report, folder)['root.foo.Member.my_method.npy']).to.contain('it is a pickle');
      expect(filesIn(folder)).to.deep.equal(before);

      rmSync(at('root.foo.Member.my_method.npy'));
      save(join(tmpdir, 'mine.npy'), values);
      symlinkSync(join(tmpdir, 'mine.npy'), at('root.foo.Member.my_method.npy'));
      expect(reasons(await adopting(), folder)['root.foo.Member.my_method.npy']).to.contain('link');
    });

    it(`of ${way} keeps a result that the method has stored beside the file`, async () => {
      save(at('root.foo.Member.my_method.npy'), values);
      class Arrays {
        readonly foo = new Same();
      }
      const root = tagIn(tmpdir, new Arrays());
      root.foo.my_method();
      expect(filesIn(folder).some((name) => /~[0-9a-f]{16}\.npy$/.test(name))).to.equal(true);
      const report = way === 'a root' ? await adopt(root) : await adopt(folder);
      expect(report.adopted).to.deep.equal([]);
      expect(Object.values(reasons(report, folder))).to.deep.equal([
        'the method has a result of its own stored, under another name',
      ]);
    });
  }

  describe('says of a file that is none why it is none:', () => {
    const numbers = (shape: string, bytes: number, descr = "'<f8'"): Buffer =>
      Buffer.concat([
        npyHeader(`{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`),
        Buffer.alloc(bytes),
      ]);
    const table = Buffer.from(tableToIPC(tableFromArrays({ delay: Float32Array.of(14, -3.5) }), 'file'));
    const brokenBodies: Record<string, [Uint8Array, RegExp]> = {
      'fewer elements than the shape says': [
        numbers('(3,)', 16),
        /has 24 bytes of elements, but this one has 16: it is truncated/,
      ],
      'more than the elements': [numbers('(3,)', 25), /has 25: it is followed by something else/],
      'a shape beyond any file': [numbers('(9007199254740991, 2)', 0), /is beyond any file/],
      'objects, pickled': [numbers('(1,)', 8, "'|O'"), /dtype object .*astype\('float64'\)/],
      'a structured dtype': [numbers('(1,)', 8, "[('x', '<f8')]"), /dtype structured .*array\['field'\]/],
      'dates': [numbers('(1,)', 8, "'<M8[D]'"), /dtype datetime .*astype\('int64'\)/],
      'text': [numbers('(1,)', 8, "'<U2'"), /dtype string .*as JSON/],
      'no byte order': [numbers('(1,)', 8, "'f8'"), /does not say whether its bytes are little/],
      'a pickle': [Buffer.from('\x80\x04\x95pickled', 'latin1'), /does not start like an npy file .*: it is a pickle/],
      'a zip of arrays': [
        Buffer.from('PK\x03\x04...'),
        /: it is a zip or npz archive: save each array in a file of its own/,
      ],
      'a table': [table, /: it is an Arrow IPC file/],
    };
    const brokenTables: Record<string, [Uint8Array, RegExp]> = {
      'nothing': [Buffer.alloc(0), /does not start like an Arrow IPC file/],
      'a table cut short': [table.subarray(0, -20), /does not end like an Arrow IPC file .*truncated/],
      'the two ends alone': [Buffer.from('ARROW1'), /does not end like an Arrow IPC file/],
      'a stream': [
        Buffer.from(tableToIPC(tableFromArrays({ x: Float32Array.of(1) }), 'stream')),
        /it is an Arrow IPC stream: write it in the file format/,
      ],
      'a footer that is nonsense': [
        Buffer.concat([table.subarray(0, 16), Buffer.alloc(200, 7), table.subarray(-10)]),
        /apache-arrow says .+: the file is damaged/,
      ],
      'an array': [numbers('(1,)', 8), /: it is an npy file/],
    };
    const kinds = { npy: { ...BROKEN_HEADERS, ...brokenBodies }, arrow: brokenTables };
    for (const [extension, broken] of Object.entries(kinds)) {
      for (const [what, [bytes, reason]] of Object.entries(broken)) {
        it(`${extension}, ${what}`, async () => {
          const name = `root.foo.Member.my_method.${extension}`;
          writeFileSync(at(name), bytes);
          const report = await adopt(folder);
          expect(report.adopted).to.deep.equal([]);
          expect(reasons(report, folder)[name])
            .to.match(reason)
            .and.match(/^it is no (npy|arrow) file that can be read: /);
        });
      }
    }
  });

  it('of a folder makes a table of another program a hit', async () => {
    writeFileSync(
      at('root.foo.Member.my_method.arrow'),
      tableToIPC(tableFromArrays({ delay: Float32Array.of(14, -3.5) }), 'file'),
    );
    expect((await adopt(folder)).adopted).to.have.lengthOf(1);
    const root = fresh();
    const table = root.foo.my_method() as { getChild(name: string): Iterable<number> | null };
    expect([...(table.getChild('delay') ?? [])]).to.deep.equal([14, -3.5]);
    expect(root.foo.ran).to.equal(0);
  });

  it('of a folder takes a name for a name: of a method that an option names, and whatever the classes are', async () => {
    save(at('root.foo.fit.npy'), values);
    save(at('root.foo.Member.my_method.npy'), values);
    class Dawn extends Night {}
    expect((await adopt(folder)).adopted).to.have.lengthOf(2);
    for (const root of [fresh(), tagIn(tmpdir, new Dawn())]) {
      expect(root.foo.fitted()).to.deep.equal(values);
      expect(root.foo.my_method()).to.deep.equal(values);
    }
    const root = fresh();
    clearCache(root.foo);
    expect(filesIn(tmpdir)).to.deep.equal([]);
  });

  it('of a folder gives nothing to a method with a version, nor to a call with arguments or parameters', async () => {
    save(at('root.foo.Member.newer.npy'), values);
    save(at('root.foo.Member.of.npy'), values);
    save(at('root.Binned.image.npy'), values);
    await adopt(folder);
    const root = fresh();
    expect(root.foo.newer()).to.equal('computed');
    expect(root.foo.of(3)).to.equal('computed 3');
    expect(tagIn(tmpdir, new Binned()).image()).to.equal('computed');
  });

  it('of a root adopts for exactly the method, with its version', async () => {
    save(at('root.foo.Member.newer.npy'), values);
    expect((await adopt(fresh())).adopted).to.have.lengthOf(1);
    expect(fresh().foo.newer()).to.deep.equal(values);
    class Dawn extends Night {}
    expect(tagIn(tmpdir, new Dawn()).foo.newer()).to.equal('computed');
  });

  it('of a root leaves alone a file that may be of other parameters', async () => {
    save(at('root.Binned.image.npy'), values);
    const root = tagIn(tmpdir, new Binned());
    const report = await adopt(root);
    expect(reasons(report, folder)['root.Binned.image.npy']).to.contain('parameters');
    expect(root.image()).to.equal('computed');
  });

  it('of a folder leaves alone names that no call has', async () => {
    for (const name of ['plain.npy', 'root.Member.a~b.npy', 'root.Member.con?.npy']) save(at(name), values);
    const report = await adopt(folder);
    expect(report.adopted).to.deep.equal([]);
    expect(Object.keys(reasons(report, folder)).sort()).to.deep.equal([
      'plain.npy',
      'root.Member.a~b.npy',
      'root.Member.con?.npy',
    ]);
  });

  it('of a folder takes another prefix, and refuses one that is not there', async () => {
    const other = join(tmpdir, 'artenight');
    mkdirSync(other);
    save(join(other, 'root.foo.Member.my_method.npy'), values);
    let refused: unknown;
    await adopt(other, { prefix: 'cache' }).catch((error: unknown) => (refused = error));
    expect(refused).to.have.property('code', 'STOWAGE_INVALID_OPTION');
    await adopt(other);
    const root = new Night();
    setPrefix(root, 'arte');
    tagIn(tmpdir, root);
    expect(root.foo.my_method()).to.deep.equal(values);
  });

  it('refuses what has no tag, what is no folder, and to write where nothing may be written', async () => {
    const code = async (action: Promise<unknown>): Promise<string> =>
      action.then(
        () => 'none',
        (error: unknown) => (error as { code: string }).code,
      );
    expect(await code(adopt(new Night()))).to.equal('STOWAGE_TAG_NOT_SET');
    expect(await code(adopt(join(tmpdir, 'none')))).to.equal('STOWAGE_INVALID_OPTION');
    configure({ readonly: true });
    try {
      expect(await code(adopt(folder))).to.equal('STOWAGE_READONLY');
    } finally {
      configure({ readonly: false });
    }
  });

  it('makes hits of what NumPy itself saved, and leaves its arrays of objects alone', async function () {
    const python = requireNumPy(this, 'adopt');
    runPython(
      python,
      `
import json, sys, numpy as np, pickle
folder = json.load(sys.stdin)
np.save(folder + '/root.foo.Member.my_method.npy', np.arange(6, dtype='>f4').reshape(2, 3, order='F'))
np.save(folder + '/root.Member.objects.npy', np.array([{}, None], dtype=object))
pickle.dump({'a': 1}, open(folder + '/root.Member.pickled.npy', 'wb'))
np.save(folder + '/root.Member.text.npy', np.array(['a', 'bc']))
print('null')
`,
      folder,
    );
    const before = readFileSync(at('root.foo.Member.my_method.npy'));
    const { mtimeMs } = statSync(at('root.foo.Member.my_method.npy'));
    const report = await adopt(folder);
    expect(report.adopted.map(({ method }) => method)).to.deep.equal(['Member.my_method']);
    expect(Object.keys(reasons(report, folder)).sort()).to.deep.equal(
      ['objects', 'pickled', 'text'].map((name) => `root.Member.${name}.npy`),
    );
    const array = fresh().foo.my_method() as NdArray;
    expect(array.shape).to.deep.equal([2, 3]);
    expect(array.get(0, 1)).to.equal(2);
    expect(array.get(1, 2)).to.equal(5);
    expect(readFileSync(at('root.foo.Member.my_method.npy'))).to.deep.equal(before);
    expect(statSync(at('root.foo.Member.my_method.npy')).mtimeMs).to.equal(mtimeMs);
  });

  it('takes a file that was copied onto an adopted one for what it is', async () => {
    save(at('root.foo.Member.my_method.npy'), values);
    await adopt(folder);
    save(join(tmpdir, 'other.npy'), Float64Array.of(9, 9, 9));
    copyFileSync(join(tmpdir, 'other.npy'), at('root.foo.Member.my_method.npy'));
    const corrupt = listen('corrupt');
    expect(fresh().foo.my_method()).to.equal('computed');
    expect(corrupt).to.have.lengthOf(1);
  });
});

/** The same names as {@link Member}, with a result of the same form as the file's. */
const Same = (() => {
  class Member {
    @cacheOnDisk
    my_method(): Float64Array {
      return Float64Array.of(42);
    }
  }
  return Member;
})();
