import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { verify } from 'stowage';
import { crashAtStep, crashSometime } from '../../support/children/crash-job.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** More steps than storing a result takes. */
const mostSteps = 30;

/** What the next process finds after one that was to end at a step; `undefined` where that came to its end. */
async function afterStep(
  { name, number, next }: { name: string; number: number; next: number },
  step: number,
): Promise<number | 'absent' | undefined> {
  const tmpdir = temporaryFolder();
  const before = number > 1 ? { before: number - 1 } : {};
  if (!crashAtStep({ tmpdir, number, calls: [name], step, ...before })) return undefined;
  const survey = await crashSometime({ tmpdir, number: next, calls: [name] }, 0);
  expect(survey.troubles, `${name}, step ${step}`).to.deep.equal([]);
  expect(survey.leftovers, `${name}, step ${step}`).to.deep.equal([]);
  return survey.hits[name] ?? 'absent';
}

describe('a writer that is killed', () => {
  for (const [what, name, number, next] of [
    ['a first result', 'array', 1, 1000],
    ['another array in the place of one', 'array', 2, 1000],
    ['a blob in the place of an array', 'changing', 4, 1000],
    ['a blob in the place of an array, and an array in its place', 'changing', 4, 999],
  ] as const) {
    it(`before any of its steps leaves ${what} absent, as before or whole, and nothing else`, async () => {
      const found: (number | 'absent')[] = [];
      for (let step = 0; step < mostSteps; step++) {
        const after = await afterStep({ name, number, next }, step);
        if (after === undefined) break;
        found.push(after);
      }
      const before = number === 1 ? 'absent' : number - 1;
      expect(found.length).to.be.within(5, mostSteps - 1);
      expect(found[0]).to.equal(before);
      // The last step only waits for the disk, or removes what the new result has replaced.
      expect(found.at(-1)).to.equal(number);
      expect(found.every((each) => each === before || each === number)).to.equal(true);
    });
  }

  it('at any moment leaves every entry absent or exact, and the next writer clears up', async () => {
    const tmpdir = temporaryFolder();
    const names = ['array', 'large', 'blob', 'small', 'changing', 'of 1', 'of 2'];
    for (let kill = 0; kill < 12; kill++) {
      const survey = await crashSometime({ tmpdir, number: kill * 1000, calls: names }, (kill * 7) % 23);
      expect(survey.troubles).to.deep.equal([]);
      expect(survey.leftovers).to.deep.equal([]);
      if (kill > 0) expect(Object.keys(survey.hits).length).to.be.at.least(names.length - 1);
    }
    const folder = join(tmpdir, 'cachecrash');
    await verify(folder, { repair: true });
    const { entries, sound, findings } = await verify(folder);
    expect(findings).to.deep.equal([]);
    expect(entries).to.equal(sound);
    expect(
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.tmp')),
    ).to.deep.equal([]);
  });
});
