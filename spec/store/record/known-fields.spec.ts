import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  accept,
  adopt,
  clearCache,
  explain,
  explainAll,
  invalidate,
  lineage,
  peek,
  record,
  setTag,
  setTmpdir,
  verify,
} from 'stowage';
import { sealOf } from '#lib/store/record/checksum.js';
import { Analysis } from '../../support/analyses/analysis-job.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** What another program may have sealed, by the part of a record that makes no sense. */
const forged: Record<string, unknown> = {
  bytes: [-1, 'x', 1e300, null],
  shape: [[1e15, -1], 'x', [[]]],
  file: ['', 5, '../x', null],
  beside: ['x', [5], ['a/b']],
  trace: [
    null,
    'x',
    [null],
    [{}],
    [{ call: {}, digest: 'x', generation: 0 }],
    [
      {
        call: { prefix: '..', tag: '/etc', instance: 'root', method: 'x', rootClass: 'y' },
        digest: 'x',
        generation: 0,
      },
    ],
    [{ file: 5 }],
    [{ file: '/dev/zero', bytes: 0, mtimeNs: 'x', checksum: 'y' }],
    [{ parameter: 5, instance: {} }],
  ],
  codec: [5, '__proto__', null],
  type: [5],
  computedAt: ['x'],
  generation: ['x'],
  identity: [null, 5, {}, { instance: 5 }],
  pruned: ['x', 1e300],
  checksum: [5],
  digest: [null],
  code: [{}],
  format: ['1', 1e9],
  arguments: [5, { preview: 5, encoded: 'xxx' }],
  state: [5],
};

describe('a sealed record that makes no sense', () => {
  let folder: string;
  const tagged = (): Analysis => {
    const analysis = new Analysis();
    setTmpdir(analysis, folder);
    setTag(analysis, 't');
    return analysis;
  };

  const looks: ((tag: string) => unknown)[] = [
    () => explain(tagged(), 'array'),
    () => explainAll(tagged()),
    () => peek(tagged(), 'array'),
    () => record(tagged(), 'array'),
    () => lineage(tagged()),
    () => verify(tagged()),
    (tag) => verify(tag),
    (tag) => adopt(tag),
    () => adopt(tagged()),
    () => accept(tagged()),
    () => {
      invalidate(tagged(), 'array');
    },
  ];

  for (const [field, values] of Object.entries(forged)) {
    it(`in its ${field} costs no value, and throws nothing at those who look`, async () => {
      for (const value of values as unknown[]) {
        folder = temporaryFolder();
        tagged().array();
        const path = join(folder, 'cachet', 'root.Analysis.array.json');
        const { seal: _, ...said } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
        const body = JSON.stringify({ ...said, [field]: value }, undefined, 2).slice(0, -2);
        const text = `${body},\n  "seal": "${sealOf(body)}"\n}\n`;
        for (const look of looks) {
          writeFileSync(path, text);
          await look(join(folder, 'cachet'));
        }
        writeFileSync(path, text);
        expect([...tagged().array()], JSON.stringify(value)).to.deep.equal([1.5, -0, NaN]);
        writeFileSync(path, text);
        clearCache(tagged());
        expect([...tagged().array()], JSON.stringify(value)).to.deep.equal([1.5, -0, NaN]);
      }
    });
  }
});
