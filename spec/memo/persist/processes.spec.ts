import { expect } from 'chai';
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Bucket, persist } from 'stowage/memo';
import { filesIn } from '../../support/analyses/analysis.js';
import { eventually, Stage } from '../../support/analyses/claim-night.js';
import type { PersistJob } from '../../support/children/persist-peer.js';
import { uncounted } from '../../support/children/uncounted.js';
import { persistedPlain } from '../../support/analyses/persisted-plain.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const script = fileURLToPath(new URL('../../support/children/persist-peer.js', import.meta.url));

/** Starts processes of one job. */
function start(count: number, job: PersistJob): Promise<unknown>[] {
  return Array.from({ length: count }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(job)], { env: uncounted() });
    return JSON.parse(stdout) as unknown;
  });
}

describe('processes that ask for the same at once', () => {
  for (const call of ['persisted', 'persistedLater', 'wrapped'] as const) {
    it(`compute it once, all with the value of that one: ${call}`, async () => {
      const stage = new Stage(temporaryFolder());
      const folder = join(stage.folder, 'cache');
      const answers = start(3, { stage: stage.folder, folder, call, argument: 7 });
      await eventually('somebody to compute', () => stage.runs.length > 0);
      stage.open('gate');
      const values = await Promise.all(answers);
      expect(stage.runs).to.have.length(1);
      for (const value of values) expect(value).to.deep.equal([7, stage.runs[0]?.pid]);
      expect(await Promise.all(start(1, { stage: stage.folder, folder, call, argument: 7 }))).to.deep.equal([
        values[0],
      ]);
    });
  }

  it('go on when the one that computes is killed', async () => {
    const stage = new Stage(temporaryFolder());
    const job: PersistJob = {
      stage: stage.folder,
      folder: join(stage.folder, 'cache'),
      call: 'persisted',
      argument: 7,
    };
    const first = start(1, job).map((each) => each.catch(() => 'killed'));
    await eventually('the first to compute', () => stage.runs.length > 0);
    const others = start(2, job);
    process.kill(stage.runs[0]?.pid ?? 0, 'SIGKILL');
    await eventually('another to compute', () => stage.runs.length > 1);
    stage.open('gate');
    const values = await Promise.all(others);
    expect(await first[0]).to.equal('killed');
    expect(stage.runs.length).to.equal(2);
    for (const value of values) expect(value).to.deep.equal([7, stage.runs[1]?.pid]);
  });
});

/** Two at a time, as many as the smallest machine has processors. */
async function killedBefore(
  steps: readonly number[],
  job: PersistJob,
  folderOf: (step: number) => string,
): Promise<boolean[]> {
  return Promise.all(
    steps.map(async (step) => {
      const folder = folderOf(step);
      const doomed = { ...job, folder, stage: folder, killBefore: step };
      const child = promisify(execFile)(process.execPath, [script, JSON.stringify(doomed)], { env: uncounted() });
      return child.then(
        () => false,
        (error: unknown) => (error as { signal: string }).signal === 'SIGKILL',
      );
    }),
  );
}

describe('a process that is killed while it stores', () => {
  const checks = {
    plain(folder: string): void {
      expect(persistedPlain(folder)(1)).to.deep.equal(new Map([['x', 1]]));
      expect(filesIn(folder)).to.deep.equal(['plain/of 1.json', 'plain/of 1.meta', 'plain/of 1.v8']);
    },
    set(folder: string): void {
      const bucket = new Bucket<string, Map<string, number>>(folder);
      expect(bucket.get('key') ?? new Map([['x', 1]])).to.deep.equal(new Map([['x', 1]]));
      bucket.set('key', new Map([['x', 2]]));
      expect(new Bucket(folder).get('key')).to.deep.equal(new Map([['x', 2]]));
      expect(filesIn(folder).map((name) => name.replace(/^[0-9a-f]{64}/, ''))).to.deep.equal(['.json', '.v8']);
    },
  };
  for (const call of ['plain', 'set'] as const) {
    it(`leaves what was there, or what it stored, whole, and nothing for ever: ${call}`, async () => {
      const parent = temporaryFolder();
      const folderOf = (step: number): string => join(parent, String(step));
      let wereKilled = [true];
      let step = 0;
      for (; wereKilled.every(Boolean); step += 2) {
        wereKilled = await killedBefore([step, step + 1], { stage: '', folder: '', call, argument: 1 }, folderOf);
        for (const each of [step, step + 1]) checks[call](folderOf(each));
      }
      expect(step).to.be.within(6, 40);
    });
  }
});

describe('processes that store under one key', () => {
  it('leave one of their values, whole', async () => {
    const folder = temporaryFolder();
    const stage = temporaryFolder();
    await Promise.all(
      [1, 2, 3, 4].flatMap((argument) => start(1, { stage, folder, call: 'set', argument, times: 40 })),
    );
    const value = new Bucket<string, Map<string, number>>(folder).get('key');
    expect([1, 2, 3, 4]).to.include(value?.get('x'));
    expect(filesIn(folder)).to.have.length(2);
  });

  it('see what the other has stored, whatever they have in memory', () => {
    const folder = temporaryFolder();
    const bucket = new Bucket<string, unknown>(folder);
    bucket.set('key', 'mine');
    expect(bucket.get('key')).to.equal('mine');
    execFileSync(process.execPath, [script, JSON.stringify({ stage: folder, folder, call: 'set', argument: 5 })]);
    expect(bucket.get('key')).to.deep.equal(new Map([['x', 5]]));
    const f = persist((x: number) => x, { cache: folder, name: 'f' });
    expect(f(1)).to.equal(1);
  });
});
