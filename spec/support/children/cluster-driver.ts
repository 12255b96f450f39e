/** A process that has tags computed on Slurm, or by workers of the Redis that `SPEC_REDIS` names, in `SPEC_PARTS` parts or one a tag: `module tmpdir method tag…`. */
import { precomputeTags, redis, slurm } from 'stowage';

const [, , module = '', tmpdir = '', method = '', ...tags] = process.argv;
const { SPEC_REDIS: url, SPEC_PARTS: parts = tags.length } = process.env;
const how = { parts: Number(parts), every: 0.1 };
await precomputeTags(
  { module, analyzer: 'Night', tags, methods: [method], tmpdir },
  { on: url === undefined ? slurm(how) : redis({ url, ...how }) },
);
