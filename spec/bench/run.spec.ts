import { expect } from 'chai';
import { run } from '../../bench/run.js';
import type { BenchCase } from '../../bench/case.js';

const fast: BenchCase = {
  name: 'fast',
  title: 'what is fast',
  run: () => [
    {
      title: 'a call',
      subject: 'stowage',
      rows: [
        { contender: 'stowage', seconds: [4e-9, 2e-9, 3e-9] },
        { contender: 'peer', seconds: [6e-9, 9e-9, 7.5e-9], note: 'forgets' },
        { contender: 'absent', seconds: [], note: 'NOT RUN' },
      ],
    },
  ],
};
const broken: BenchCase = {
  name: 'broken',
  title: 'contenders that do not agree',
  run: () => Promise.reject(new Error('peer gives 2 where 1 is right')),
};

const circumstances = () => ({
  date: '2026-11-27T12:00:00.000Z',
  machine: { platform: 'linux', arch: 'x64', processor: 'fast', processors: 2, memory: 1024, load: 0.5 },
  versions: { stowage: '1.0.0', node: '20.0.0' },
});

async function ran(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await run([fast, broken], words, circumstances, {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
  });
  return { code, out, err };
}

describe('a run of the benchmark', () => {
  it('shows people best, median and ratio of each contender', async () => {
    const { out } = await ran('fast');
    expect(out).to.match(/peer +│ 6\.00 ns │ 7\.50 ns │ 2\.50× +│ forgets/);
  });

  it('shows that a contender is not here', async () => {
    const { out } = await ran('fast');
    expect(out).to.match(/absent +│ — +│ — +│ — +│ NOT RUN/);
  });

  it('writes one JSON document, of machine, versions, date and cases', async () => {
    const { out } = await ran('--json', 'fast');
    expect(JSON.parse(out)).to.deep.equal({
      ...circumstances(),
      cases: [
        {
          name: 'fast',
          title: 'what is fast',
          comparisons: [
            {
              title: 'a call',
              subject: 'stowage',
              contenders: [
                { name: 'stowage', rounds: 3, best: 2e-9, median: 3e-9, ratio: 1, note: null },
                { name: 'peer', rounds: 3, best: 6e-9, median: 7.5e-9, ratio: 7.5e-9 / 3e-9, note: 'forgets' },
                { name: 'absent', rounds: 0, best: null, median: null, ratio: null, note: 'NOT RUN' },
              ],
            },
          ],
        },
      ],
    });
  });

  it('shows the tables beside the document', async () => {
    const { err } = await ran('fast', '--json');
    expect(err).to.match(/peer +│ 6\.00 ns/);
  });

  it('goes on after a case that fails, and ends with 1', async () => {
    const { code, out } = await ran('--json');
    const { cases } = JSON.parse(out) as { cases: { name: string; error?: string }[] };
    expect(cases.map(({ name, error }) => [name, error])).to.deep.equal([
      ['fast', undefined],
      ['broken', 'peer gives 2 where 1 is right'],
    ]);
    expect(code).to.equal(1);
  });

  for (const words of [['fats'], ['--jsn']])
    it(`refuses ${words.join()} before anything runs`, async () => {
      const { code, out, err } = await ran(...words);
      expect(err).to.contain(words[0]).and.to.contain('there are fast, broken');
      expect(out).to.equal('');
      expect(code).to.equal(2);
    });
});
