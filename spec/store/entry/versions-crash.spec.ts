import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { verify } from 'stowage';
import { runVersions } from '../../support/children/version-job.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** More steps than storing a result, and keeping two others, takes. */
const mostSteps = 60;

const programs = (...numbers: number[]): { number: number }[] => numbers.map((number) => ({ number }));

describe('a writer that is killed while it keeps a result of other code', () => {
  for (const kind of ['array', 'small'] as const) {
    it(`at any step leaves all others findable, and nothing that the next does not clear up: ${kind}`, async () => {
      let killed = 0;
      for (let step = 0; step < mostSteps; step++) {
        const tmpdir = temporaryFolder();
        if (runVersions({ tmpdir, kind, programs: programs(1, 2, 3), step }) !== undefined) break;
        killed++;
        const told = runVersions({
          tmpdir,
          kind,
          programs: [
            ...programs(1, 2).map((program) => ({ ...program, readonly: true as const })),
            ...programs(3, 4, 1, 2, 3, 4),
          ],
        });
        const where = `step ${String(step)}`;
        expect(
          told?.map(({ isRight, troubles }) => [isRight, troubles]),
          where,
        ).to.deep.equal(Array.from({ length: 8 }, () => [true, []]));
        // The third may have been stored before the end; the fourth is computed here.
        const [one, two, , four, ...later] = (told ?? []).map(({ hit }) => hit !== '');
        expect([one, two, four, ...later], where).to.deep.equal([true, true, false, true, true, true, true]);
        const folder = join(tmpdir, 'cacheversions');
        expect((await verify(folder)).findings, where).to.deep.equal([]);
        expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).to.deep.equal([]);
      }
      expect(killed).to.be.within(8, mostSteps - 1);
    });
  }
});
