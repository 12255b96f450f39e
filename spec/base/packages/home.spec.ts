import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { isBundled, isOwnFile, requireHere, threadProgram } from '#lib/base/packages/home.js';

const own = requireHere.resolve('../errors.js');

describe('where the package lies', () => {
  it('is known, as it is no part of a bundle', () => {
    expect(isBundled()).to.equal(false);
  });

  it('tells its own files from others, by path and by URL', () => {
    const here = fileURLToPath(import.meta.url);
    expect([own, pathToFileURL(own).href].map(isOwnFile)).to.eql([true, true]);
    expect([here, import.meta.url, 'node:fs', ''].map(isOwnFile)).to.eql([false, false, false, false]);
  });

  it('has the programs of its threads', () => {
    const programs = [
      'store/claim/claim-heartbeat-worker',
      'analyzer/precompute/precompute-worker',
      'cli/tally/tally-worker',
    ];
    expect(programs.filter((path) => !existsSync(threadProgram(path)))).to.eql([]);
  });
});
