import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { clearCache, events, setTag, setTmpdir, type StowageEvent } from 'stowage';
import { Golden } from '../../golden/format-1.js';
import { requireNumPy, runPython } from '../../support/peers/numpy.js';
import { expectSame } from '../../support/values/same-value.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const goldenFolder = new URL('../../../../spec/golden/format-1', import.meta.url).pathname;

/** Every file of a folder, by its path inside it. */
function filesOf(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort();
}

interface AnyRecord {
  [field: string]: unknown;
  file?: string;
  mtimeNs?: string;
  inode?: string;
}

function recordsOf(folder: string): Map<string, AnyRecord> {
  const names = filesOf(folder).filter((name) => name.endsWith('.json'));
  return new Map(names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as AnyRecord]));
}

function tagged(tmpdir: string): Golden {
  const golden = new Golden();
  setTmpdir(golden, tmpdir);
  setTag(golden, 'golden');
  return golden;
}

/** A table is compared by what it holds; everything else to the bit. */
function comparable(results: Record<string, unknown>): Record<string, unknown> {
  const { table, ...rest } = results;
  const { schema } = table as { schema: { fields: unknown[] } };
  const rows = [...(table as Iterable<unknown>)];
  return { ...rest, table: JSON.stringify(rows), schema: schema.fields.map(String).join() };
}

const ofThisRun = new Set([
  'mtimeNs',
  'inode',
  'computedAt',
  'seconds',
  'host',
  'pid',
  'user',
  'node',
  'stowage',
  'seal',
  'code',
]);

/** Optional fields of records, and of what they trace, that were added since the golden files were written. */
const cameLater = new Set(['package', 'attached', 'codeSeen']);
/** Of what they trace alone: a record had its own `code` from the start. */
const cameLaterInTraces = new Set([...cameLater, 'code']);

/** V8 may write the same arguments in other bytes. */
function withoutBlobs(value: unknown): unknown {
  const isBlob = (name: string, part: unknown): boolean => name === 'arguments' && typeof part === 'string';
  const comparable = (name: string, part: unknown): unknown =>
    isBlob(name, part) ? 'a blob' : cameLaterInTraces.has(name) ? undefined : part;
  return JSON.parse(JSON.stringify(value, comparable)) as unknown;
}

describe('format 1', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  describe('as it was written once', () => {
    let seen: StowageEvent[];
    const note = (event: StowageEvent): void => void seen.push(event);
    const types = ['hit', 'miss', 'store', 'corrupt', 'fault', 'stale'] as const;

    beforeEach(() => {
      cpSync(goldenFolder, folder, { recursive: true });
      seen = [];
      for (const type of types) events.on(type, note);
    });
    afterEach(() => {
      for (const type of types) events.off(type, note);
    });

    it('gives every value to the bit, from a copied folder, without computing any', async () => {
      const golden = tagged(folder);
      const results = await golden.results();
      expect(golden.ran).to.deep.equal([]);
      expect(seen.map(({ type, reason }) => `${type} ${reason ?? ''}`)).to.deep.equal(Array(6).fill('hit disk'));
      expectSame(comparable(results), comparable(await new Golden().results()));
    });

    it('is stamped again after it was copied, once, and stays the same otherwise', async () => {
      const before = recordsOf(folder);
      await tagged(folder).results();
      const after = recordsOf(folder);
      for (const [name, record] of after) {
        if (record.file === undefined) {
          expect(record).to.deep.equal(before.get(name));
          continue;
        }
        const stat = statSync(join(folder, name, '..', record.file), { bigint: true });
        expect(record.mtimeNs).to.deep.equal(String(stat.mtimeNs));
        expect(record.inode).to.deep.equal(String(stat.ino));
        const { mtimeNs: _, inode: __, seal: ___, ...rest } = record;
        const { mtimeNs: ____, inode: _____, seal: ______, ...was } = before.get(name) ?? {};
        expect(rest).to.deep.equal(was);
      }
      const stats = (): unknown[] => filesOf(folder).map((name) => statSync(join(folder, name), { bigint: true }).ino);
      const inodes = stats();
      await tagged(folder).results();
      expect(stats()).to.deep.equal(inodes);
    });

    it('is cleared, with its folder', () => {
      clearCache(tagged(folder));
      expect(existsSync(join(folder, 'cachegolden'))).to.equal(false);
    });

    it('is read by NumPy', function () {
      const python = requireNumPy(this, 'the golden .npy files');
      const script = `
import json, numpy, sys
folder = json.load(sys.stdin)
a = numpy.load(folder + '/root.Golden.array.npy')
s = numpy.load(folder + '/root.Golden.sum.npy', mmap_mode='r')
print(json.dumps([str(a.dtype), a.shape, a.tobytes().hex(), float(s[0])]))`;
      const array = new Golden().array();
      expect(runPython(python, script, join(folder, 'cachegolden'))).to.deep.equal([
        'float64',
        [array.length],
        Buffer.from(array.buffer).toString('hex'),
        9,
      ]);
    });
  });

  describe('as it is written today', () => {
    beforeEach(async () => {
      await tagged(folder).results();
    });

    it('has the same files, and the same bytes in all that is no record', () => {
      const names = filesOf(goldenFolder);
      expect(filesOf(folder)).to.deep.equal(names);
      // V8 and Arrow may write the same value in other bytes; NumPy's format leaves no choice.
      for (const name of names.filter((each) => /\.npy$|\.TAG$/.test(each))) {
        expect(readFileSync(join(folder, name)).toString('hex'), name).to.equal(
          readFileSync(join(goldenFolder, name)).toString('hex'),
        );
      }
    });

    it('has records of the same fields in the same order with the same values, save what belongs to a run', () => {
      const golden = recordsOf(goldenFolder);
      for (const [name, record] of recordsOf(folder)) {
        const was = golden.get(name) ?? {};
        const fields = Object.entries(record).filter(([field]) => !cameLater.has(field));
        expect(
          fields.map(([field]) => field),
          name,
        ).to.deep.equal(Object.keys(was));
        for (const [field, value] of fields) {
          // NumPy's format and JSON leave an encoder no choice.
          const isEncoders = ['bytes', 'checksum'].includes(field) && ['arrow', 'v8'].includes(String(record.codec));
          if (field === 'arguments')
            expect((value as { preview: string }).preview).to.equal((was[field] as { preview: string }).preview);
          else if (ofThisRun.has(field) || isEncoders)
            expect(typeof value, `${name}: ${field}`).to.equal(typeof was[field]);
          else expect(withoutBlobs(value), `${name}: ${field}`).to.deep.equal(withoutBlobs(was[field]));
        }
      }
    });
  });

  it('has the fields that the design lists, in its order', () => {
    const documented = [
      'format',
      'identity',
      'arguments',
      'state',
      'codec',
      'type',
      'dtype',
      'shape',
      'value',
      'file',
      'bytes',
      'mtimeNs',
      'inode',
      'checksum',
      'digest',
      'generation',
      'computedAt',
      'seconds',
      'code',
      'trace',
      'host',
      'pid',
      'user',
      'node',
      'stowage',
    ];
    const furtherOnes = new Set(['async', 'seal', ...cameLater]);
    const found = new Set<string>();
    for (const record of recordsOf(goldenFolder).values()) {
      const names = Object.keys(record).filter((name) => !furtherOnes.has(name));
      expect(names).to.deep.equal(documented.filter((name) => name in record));
      for (const name of names) found.add(name);
    }
    expect([...found].sort()).to.deep.equal([...documented].sort());
  });
});
