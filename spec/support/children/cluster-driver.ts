/** A process that has tags computed on Slurm: `module tmpdir method tag…`. */
import { precomputeTags, slurm } from 'stowage';

const [, , module = '', tmpdir = '', method = '', ...tags] = process.argv;
await precomputeTags(
  { module, analyzer: 'Night', tags, methods: [method], tmpdir },
  { on: slurm({ parts: tags.length, every: 0.1 }) },
);
