import { expect } from 'chai';
import { InvalidOptionError, precomputeTags, SchedulerError, slurm, type SlurmOptions } from 'stowage';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('options of slurm', () => {
  const refused: [options: unknown, message: RegExp][] = [
    [{ parts: 0 }, /^slurm: parts must be a whole number from 1, not 0/],
    [{ cpus: 1.5 }, /^slurm: cpus must be a whole number from 1, not 1.5/],
    [{ time: '2h' }, /^slurm: time must be a number of seconds or \{/],
    [{ partition: '' }, /^slurm: partition must be a string that is not empty/],
    [{ sbatch: '--mem=8G' }, /^slurm: sbatch must be a list of words/],
    [{ sbatch: ['--wait'] }, /^slurm: sbatch holds --wait, which precompute says itself/],
    [{ sbatch: ['--array=1-3'] }, /^slurm: sbatch holds --array=1-3, which/],
    [{ partiton: 'all' }, /^slurm has no option 'partiton' \(did you mean 'partition'\?\)/],
  ];
  for (const [options, message] of refused) {
    it(`${JSON.stringify(options)} are refused`, () => {
      expect(() => slurm(options as SlurmOptions)).to.throw(InvalidOptionError, message);
    });
  }

  it('are of no use where there is no Slurm', async () => {
    const module = new URL('../../support/analyses/cluster-night.js', import.meta.url);
    const { PATH } = process.env;
    process.env.PATH = temporaryFolder();
    try {
      const end: unknown = await precomputeTags(
        { module, analyzer: 'Night', tags: ['a'], methods: ['rms'], tmpdir: temporaryFolder() },
        { on: slurm() },
      ).catch((error: unknown) => error);
      expect(end).to.be.instanceOf(SchedulerError);
      expect(String(end)).to.match(/there is no program squeue here: slurm needs Slurm's commands in the PATH/);
    } finally {
      process.env.PATH = PATH;
    }
  });
});
